import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { bindCursor, decodeCursor, encodeCursor, toPage, unbindCursor } from './cursor.ts'
import { newId } from './ids.ts'

const id = '01928374-5566-7788-99aa-bbccddeeff00'

describe('a cursor', () => {
  it('leads back to its place, to the microsecond', () => {
    const place = { value: '2024-02-29 23:59:59.123456+00', id }
    expect(decodeCursor(encodeCursor(place))).toEqual(place)
  })

  it('belongs to the list that gave it out', () => {
    const cursor = encodeCursor({ value: '2024-02-29 23:59:59+00', id })
    expect(unbindCursor('memories', bindCursor('memories', cursor))).toBe(cursor)
    for (const foreign of [bindCursor('messages', cursor), cursor, '']) {
      expect(() => unbindCursor('memories', foreign)).toThrow(
        expect.objectContaining({ code: 'INVALID_CURSOR' }),
      )
    }
  })

  it('is not needed for the first page', () => {
    expect(decodeCursor(undefined)).toBeUndefined()
  })

  it('of a list that is ordered by something else leads back to its place too', () => {
    const places = [
      ['text', 'Ünïcode "quoted" | text'],
      ['day', '2024-02-29'],
      ['integer', '-12'],
      ['number', '1.5e-07'],
      ['text', null],
    ] as const
    for (const [type, value] of places) {
      expect(decodeCursor(encodeCursor({ value, id }), type)).toEqual({ value, id })
    }
    for (const type of ['day', 'integer', 'number', 'time'] as const) {
      expect(() => decodeCursor(encodeCursor({ value: '2024-02-30', id }), type)).toThrow(
        expect.objectContaining({ code: 'INVALID_CURSOR' }),
      )
    }
  })

  const encoded = (text: string) => Buffer.from(text).toString('base64url')
  const place = (...parts: unknown[]) => encoded(JSON.stringify(parts))
  it.each([
    '',
    'x',
    encoded(''),
    encoded('null'),
    place('', id),
    place('no-id', '2024-02-29 23:59:59+00'),
    place(id, ''),
    place(id, 5),
    place(id),
    place(id, '2024-02-30 00:00:00+00'),
    place(id, '2023-02-29 00:00:00+00'),
    place(id, '0000-01-01 00:00:00+00'),
    place(id, '2024-13-01 00:00:00+00'),
    place(id, '2024-01-01 25:00:00+00'),
    place(id, '2024-01-01T00:00:00Z'),
    place(id, '2024-01-01 00:00:00+02'),
    place(id, 'infinity'),
    place(id, '2024-01-01 00:00:00+00', 'more'),
    place(id, "2024-01-01 00:00:00+00'; drop table x --"),
  ])('that no list gave out is refused: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR', status: 400 }),
    )
  })

  it('of any other text is refused or leads to a place, and never does anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const place = decodeCursor(text)
          return place !== undefined && decodeCursor(encodeCursor(place))?.id === place.id
        } catch (error) {
          return (error as { code?: string }).code === 'INVALID_CURSOR'
        }
      }),
    )
  })
})

describe('a page', () => {
  const rows = Array.from({ length: 3 }, (_, n) => ({ n, at: `2024-01-01 00:00:0${n}+00`, id: newId() }))
  const each = {
    item: (row: { n: number }) => row.n,
    keyset: ({ at, id: rowId }: (typeof rows)[number]) => ({ value: at, id: rowId }),
  }

  it('that has more after it ends with the cursor of its last item', () => {
    const page = toPage(rows, 2, each)
    expect(page.items).toEqual([0, 1])
    expect(decodeCursor(page.nextCursor!)).toEqual({ value: rows[1]!.at, id: rows[1]!.id })
  })

  it('that is the last one has no cursor', () => {
    expect(toPage(rows, 3, each)).toEqual({ items: [0, 1, 2], nextCursor: null })
    expect(toPage([], 3, each)).toEqual({ items: [], nextCursor: null })
  })
})
