import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { safeJson, safeLine, SafeStream, safeText } from '../kernel/safe-text.ts'
import { fitWidth, textWidth } from '../kernel/text-width.ts'
import { localTime, render } from './render.ts'

const CONTROL = /[^\P{Cc}\t\n]/u

/** Text that is full of what terminals obey. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u009b31m',
        '\r',
        '\r\n',
        '\n',
        '\t',
        '\u0000',
        '\u007f',
        '\b',
      ),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

describe('safe text', () => {
  it('holds no control characters but newlines and tabs, whatever comes in', () => {
    fc.assert(fc.property(hostile, (text) => !CONTROL.test(safeText(text)) && !/[\n\t]/.test(safeLine(text))))
  })

  it('leaves text without control characters as it is', () => {
    const harmless = fc.string({ unit: 'grapheme' }).filter((text) => !CONTROL.test(text))
    fc.assert(fc.property(harmless, (text) => safeText(text) === text))
  })

  it('shows what it took away', () => {
    expect(safeText('a\u001b[31mb\u009b0m\r\nc\td')).toBe('a\\x1b[31mb\\x9b0m\nc\td')
  })

  it('is the same in pieces as in one', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat()), (text, cuts) => {
        const stream = new SafeStream()
        const places = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b),
          text.length,
        ]
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        expect(pieces.map((piece) => stream.push(piece)).join('') + stream.end()).toBe(safeText(text))
      }),
    )
  })

  it('writes JSON that means the same and holds no control characters', () => {
    fc.assert(
      fc.property(fc.record({ text: hostile, more: fc.jsonValue() }), (value) => {
        const text = safeJson(value)
        expect(CONTROL.test(text)).toBe(false)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('rendered answers', () => {
  it('hold no control characters, whatever the content and the width', () => {
    const value = fc.oneof(
      fc.record({
        items: fc.array(fc.dictionary(hostile, fc.oneof(hostile, fc.jsonValue()))),
        nextCursor: fc.option(hostile),
      }),
      fc.dictionary(hostile, fc.oneof(hostile, fc.jsonValue())),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 200 }),
        (answer, width) => !CONTROL.test(render(answer, width)),
      ),
    )
  })

  it('make a table of short items and leave out columns that say nothing', () => {
    const items = [
      { slug: 'robbie-f', isActive: true, title: null, tags: ['a', 'b'] },
      { slug: 'kristina', isActive: false, title: null, tags: [] },
    ]
    expect(render({ items, nextCursor: 'abc' }, 80)).toBe(
      [
        'slug      is active  tags',
        '--------  ---------  ----',
        'robbie-f  yes        a, b',
        'kristina  no         -',
        '',
        'There is more: add --cursor abc',
      ].join('\n'),
    )
  })

  it('make a block of each item where a table would not fit', () => {
    const items = [{ id: 1, content: 'one\ntwo', reasons: [{ kind: 'word', score: 2 }], parentId: null }]
    expect(render({ items, nextCursor: null }, 80)).toBe(
      ['id       1', 'content', '  one', '  two', 'reasons  kind word, score 2'].join('\n'),
    )
  })

  it('show a record with its records within, and say when a list is empty', () => {
    expect(render({ name: 'Ann', town: { slug: 'home' }, key: null }, 80)).toBe(
      ['name  Ann', 'town', '  slug  home', 'key   -'].join('\n'),
    )
    expect(render({ items: [], nextCursor: null }, 80)).toBe('There is nothing here.')
  })

  it('show instants in local time and leave a message that is a date alone', () => {
    const text = '2026-03-04T05:06:07.000Z'
    const local = new Date(text)
    expect(localTime(text)).toContain(`${String(local.getHours()).padStart(2, '0')}:06:07`)
    expect(render({ createdAt: text, content: text }, 80)).toBe(
      `created at  ${localTime(text)}\ncontent     ${text}`,
    )
  })
})

describe('text width', () => {
  it('counts wide characters twice and combined ones once', () => {
    expect(['abc', '日本', 'e\u0301', '👩‍💼', 'ж'].map(textWidth)).toEqual([3, 4, 1, 2, 1])
  })

  it('fits any text into exactly the width that was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, width) => {
        expect(textWidth(fitWidth(text, width))).toBe(width)
      }),
    )
  })
})
