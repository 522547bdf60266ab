import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isUuid, newId } from './ids.ts'

describe('newId', () => {
  it('makes UUIDs of version 7 and the RFC variant', () => {
    for (let round = 0; round < 1000; round += 1) {
      expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('begins with the milliseconds since 1970', () => {
    const at = Date.now() + 1_000
    expect(Number.parseInt(newId(at).replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  })

  it('makes ids that sort in the order of their making, also within one millisecond and when the clock goes back', () => {
    const at = Date.now() + 2_000
    const ids = Array.from({ length: 20_000 }, (_, index) => newId(index % 3 === 0 ? at - 1000 : at))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('isUuid', () => {
  it('accepts UUIDs of every version in either case', () => {
    fc.assert(fc.property(fc.uuid(), (id) => isUuid(id) && isUuid(id.toUpperCase())))
  })

  it.each([
    '',
    'x',
    '01928374-5566-7788-99aa-bbccddeeff0',
    ' 01928374-5566-7788-99aa-bbccddeeff00',
    '{01928374-5566-7788-99aa-bbccddeeff00}',
    '01928374-5566-7788-99aa-bbccddeeff00\n',
  ])('refuses %j', (text) => expect(isUuid(text)).toBe(false))
})
