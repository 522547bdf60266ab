import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { fromText } from './coerce.ts'
import { pageInput, tagsInput, textInput } from './input.ts'

const schema = z.strictObject({
  ...pageInput,
  text: textInput(100).optional(),
  rating: z.number().optional(),
  isCore: z.boolean().optional(),
  tags: tagsInput.optional(),
  counts: z.array(z.int()).optional(),
  card: z.record(z.string(), z.unknown()).optional(),
  until: z.string().nullable().optional(),
  kind: z.enum(['a', 'b']).optional(),
})

const read = (texts: Record<string, string | string[]>) =>
  fromText(schema, Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, [value].flat()])))

describe('text from a query or from flags', () => {
  it.each([
    [{ limit: '20' }, { limit: 20 }],
    [{ rating: '-1.5e2' }, { rating: -150 }],
    [{ isCore: 'true' }, { isCore: true }],
    [{ isCore: 'false' }, { isCore: false }],
    [{ text: '20' }, { text: '20' }],
    [{ text: 'true' }, { text: 'true' }],
    [{ text: '[1]' }, { text: '[1]' }],
    [{ until: 'null' }, { until: null }],
    [{ text: 'null' }, { text: 'null' }],
    [{ tags: ['one', 'two'] }, { tags: ['one', 'two'] }],
    [{ tags: 'one,two' }, { tags: ['one', 'two'] }],
    [{ tags: '["one, two"]' }, { tags: ['one, two'] }],
    [{ tags: ['King, Stephen', ' Ana'] }, { tags: ['King, Stephen', ' Ana'] }],
    [{ counts: ['1', '2'] }, { counts: [1, 2] }],
    [{ counts: '1,2' }, { counts: [1, 2] }],
    [{ card: '{"a":[1]}' }, { card: { a: [1] } }],
    [{ kind: 'a' }, { kind: 'a' }],
  ])('%j is read as %j', (texts, expected) => {
    const value = read(texts)
    expect(value).toEqual(expected)
    expect(schema.safeParse(value).success).toBe(true)
  })

  it.each([
    [{ limit: 'many' }, 'limit'],
    [{ limit: '0x10' }, 'limit'],
    [{ limit: '' }, 'limit'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ isCore: 'yes' }, 'isCore'],
    [{ card: '{' }, 'card'],
    [{ card: '[1]' }, 'card'],
    [{ counts: '1,x' }, 'counts'],
    [{ text: ['a', 'b'] }, 'text'],
  ])('%j that does not fit is left for validation to name the field', (texts, field) => {
    const parsed = schema.safeParse(read(texts))
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues[0]?.path[0]).toBe(field)
  })

  it('that names unknown fields is passed on, so that validation refuses it', () => {
    const parsed = schema.safeParse(read({ nonsense: 'x' }))
    expect(parsed.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['nonsense'] })
  })

  it('of any kind is read without an error', () => {
    const names = fc.oneof(
      fc.constantFrom(...Object.keys(schema.shape), '__proto__', 'constructor', 'toString'),
      fc.string(),
    )
    const texts = fc.dictionary(names, fc.array(fc.string(), { minLength: 1, maxLength: 3 }))
    fc.assert(
      fc.property(texts, (given) => {
        fromText(schema, given)
      }),
    )
  })
})
