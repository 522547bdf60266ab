import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { pathParameters, splitBinding, toolName } from '../../src/kernel/operation.ts'
import { modules } from '../../src/modules/index.ts'

const operations = modules.flatMap((module) => module.operations)

describe('the operations', () => {
  it('have parameters in their path that are required inputs', () => {
    const wrong = operations.flatMap(({ id, http, input }) => {
      const required =
        (z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as { required?: string[] })
          .required ?? []
      return pathParameters(http)
        .filter((name) => !required.includes(name))
        .map((name) => `${id} {${name}}`)
    })
    expect(wrong).toEqual([])
  })

  it('change things by POST, PATCH or DELETE, and only ask by GET', () => {
    const wrong = operations.filter(
      ({ kind, http }) => (kind === 'query') !== (splitBinding(http).method === 'GET'),
    )
    expect(wrong.map((operation) => operation.id)).toEqual([])
  })

  it('that change things are not open to guests, who sign in and accept invitations all the same', () => {
    const open = operations.filter(({ kind, access }) => kind === 'command' && access === 'readonly')
    expect(open.map((operation) => operation.id)).toEqual([
      'identity.sign_in_link',
      'identity.invitations.accept',
    ])
  })

  it('that guests may change things by keep no answer: the journal takes no rows of theirs', () => {
    const ofGuests = operations.filter(({ kind, access }) => kind === 'command' && access === 'readonly')
    expect(ofGuests.filter(({ isSecret }) => !isSecret).map(({ id }) => id)).toEqual([])
  })

  it('have tool names of their own, which hosts accept', () => {
    const names = operations.map((operation) => toolName(operation.id))
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name))).toEqual([])
  })

  it('refuse fields they do not know', () => {
    const wrong = operations.filter(({ input }) => {
      const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as {
        additionalProperties?: unknown
      }
      return schema.additionalProperties !== false
    })
    expect(wrong.map((operation) => operation.id)).toEqual([])
  })

  it('say what they do in one sentence', () => {
    const wrong = operations.filter(({ summary }) => !/^[A-Z][^\n]{10,250}[.)]$/.test(summary))
    expect(wrong.map((operation) => `${operation.id}: ${operation.summary}`)).toEqual([])
  })
})
