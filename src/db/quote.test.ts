import { describe, expect, it } from 'vitest'

import { quoteIdentifier, quoteLiteral, quoteQualified } from './quote.ts'

describe('quoting', () => {
  it.each([
    ['plain', '"plain"'],
    ['Odd name', '"Odd name"'],
    ['say "hi"', '"say ""hi"""'],
    ['select', '"select"'],
  ])('makes the identifier %s safe', (name, quoted) => expect(quoteIdentifier(name)).toBe(quoted))

  it.each([
    ['plain', `'plain'`],
    [`it's`, `'it''s'`],
    ['back\\slash', `E'back\\\\slash'`],
  ])('makes the constant %s safe', (text, quoted) => expect(quoteLiteral(text).trim()).toBe(quoted))

  it('quotes each part of a qualified name', () => {
    expect(quoteQualified('memory.ai_memories')).toBe('"memory"."ai_memories"')
  })
})
