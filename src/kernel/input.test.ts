import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import {
  jsonInput,
  optionalTextInput,
  pageInput,
  slugInput,
  textInput,
  timeInput,
  timeOutput,
} from './input.ts'

const fits = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

describe('text', () => {
  it.each(['a', ' ', 'é', '漢字', '🙂', 'x'.repeat(10), '\n\t'])('may be %j', (text) => {
    expect(fits(textInput(10), text)).toBe(true)
  })

  it.each(['', 'x'.repeat(11), 'a\u0000b', '\ud83d', 'x\udc00y', 7, null, ['a']])('may not be %j', (text) => {
    expect(fits(textInput(10), text)).toBe(false)
  })

  it('may be empty where that is said', () => {
    expect(fits(optionalTextInput(10), '')).toBe(true)
    expect(fits(optionalTextInput(10), '\u0000')).toBe(false)
  })

  it('that is accepted survives UTF-8 unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        if (fits(optionalTextInput(100), text)) expect(Buffer.from(text).toString()).toBe(text)
      }),
    )
  })
})

describe('a slug', () => {
  it.each(['a', 'robbie-f', '7-of-9'])('may be %j', (slug) => expect(fits(slugInput, slug)).toBe(true))
  it.each(['', '-a', 'a-', 'a--b', 'A', 'a b', 'ä', 'a_b', 'x'.repeat(61)])('may not be %j', (slug) =>
    expect(fits(slugInput, slug)).toBe(false),
  )
})

describe('an instant', () => {
  it.each([
    '2024-02-29T12:00:00Z',
    '2024-02-29T12:00:00.123456+05:30',
    '0001-01-02T00:00:00Z',
    '9999-12-31T00:00:00Z',
  ])('may be %s', (time) => expect(fits(timeInput, time)).toBe(true))
  it.each([
    '2023-02-29T12:00:00Z',
    '2024-02-29',
    '2024-02-29T12:00:00',
    'now',
    '0000-06-01T00:00:00Z',
    '1709208000',
  ])('may not be %s', (time) => expect(fits(timeInput, time)).toBe(false))

  it('leaves in UTC with milliseconds', () => {
    expect(timeOutput.parse(new Date('2024-02-29T14:00:00+02:00'))).toBe('2024-02-29T12:00:00.000Z')
    expect(timeOutput.parse('2024-02-29T12:00:00.000Z')).toBe('2024-02-29T12:00:00.000Z')
  })
})

describe('free JSON', () => {
  it.each([
    {},
    { a: { b: [1, null, 'x'] } },
    { '🙂': '🙂' },
    // The letters of an escape, as in a pattern for regular expressions, and not the character it stands for.
    { a: '\\u0000 is NUL', '\\u0000': 1 },
    { find: '[\\ud83d\\ude00]' },
    { a: 'é'.repeat(46) },
  ])('may be %j', (value) => {
    expect(fits(jsonInput(100), value)).toBe(true)
  })
  it.each([
    [1],
    { a: 'é'.repeat(47) },
    { a: { '\udc00': 1 } },
    'text',
    { a: '\u0000' },
    { '\u0000': 1 },
    { a: ['\ud800'] },
    { a: 'x'.repeat(100) },
  ])('may not be %j', (value) => expect(fits(jsonInput(100), value)).toBe(false))
})

describe('a page', () => {
  const page = z.strictObject(pageInput)
  it('has 50 items unless told, and 1 to 100', () => {
    expect(page.parse({})).toEqual({ limit: 50 })
    for (const limit of [0, 101, 1.5, '5']) expect(fits(page, { limit })).toBe(false)
    for (const limit of [1, 100]) expect(fits(page, { limit })).toBe(true)
  })
})
