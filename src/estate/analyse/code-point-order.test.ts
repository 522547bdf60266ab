import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { byCodePoint, byKeys } from './code-point-order.ts'

describe('the order of code points', () => {
  it('is the order of the bytes in UTF-8', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
    expect(['\u{1f600}', '\uff5e', 'a', 'B'].toSorted(byCodePoint)).toEqual(['B', 'a', '\uff5e', '\u{1f600}'])
  })

  it('asks the next key only where the one before is equal', () => {
    const order = byKeys<[string, number]>(
      (a, b) => byCodePoint(a[0], b[0]),
      (a, b) => b[1] - a[1],
    )
    const given: [string, number][] = [
      ['b', 9],
      ['a', 1],
      ['a', 2],
    ]
    expect(given.toSorted(order)).toEqual([
      ['a', 2],
      ['a', 1],
      ['b', 9],
    ])
  })
})
