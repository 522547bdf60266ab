import { describe, expect, it } from 'vitest'

import { defineResource, operationsOf } from './index.ts'
import { oneOf, wordsOf } from './resource.ts'

const declared = (more: object) =>
  defineResource({
    table: 'contacts',
    id: 'crm.scratch',
    thing: 'scratch_thing',
    things: 'scratch_things',
    path: '/v1/scratch',
    fields: ['first_name', 'company_id', 'email'],
    privacy: 'team',
    ...more,
  })
const operations = (more: object) => operationsOf([declared(more)])

describe('a resource', () => {
  it.each([
    ['a column that everything has', { fields: ['first_name', 'version'] }, /version is there already/],
    ['a column twice', { computed: ['email'] }, /email is there already/],
    ['what a column shows', { derived: { firstName: {} } }, /firstName is there already/],
    ['a filter of the name of its cursor', { filters: ['cursor'] }, /an input cursor of their own/],
    ['a filter of the name of its order', { filters: ['sort'] }, /an input sort of their own/],
  ])('is refused that declares %s', (_, more, reason) => {
    expect(() => operations(more)).toThrow(reason)
  })

  it('has operations that speak of it in words', () => {
    const summaries = operations({ verbs: ['create', 'list', 'get'] }).map(({ summary }) => summary)
    expect(summaries).toEqual(['Adds a scratch thing.', 'Lists scratch things.', 'Shows a scratch thing.'])
    expect(wordsOf('google_tasks')).toBe('Google tasks')
    expect(oneOf('attention_item')).toBe('an attention item')
  })
})
