import { describe, expect, it } from 'vitest'

import { hasCircle } from './circle.ts'

const parentsOf = (pairs: Record<string, string | null>) => new Map(Object.entries(pairs))

describe('hasCircle', () => {
  it('finds what leads back to itself, directly and around others', () => {
    expect(hasCircle(parentsOf({ a: 'a' }))).toBe(true)
    expect(hasCircle(parentsOf({ a: 'b', b: 'c', c: 'a' }))).toBe(true)
    expect(hasCircle(parentsOf({ x: 'a', a: 'b', b: 'a' }))).toBe(true)
  })

  it('takes trees, also where branches meet and where a parent is not among them', () => {
    expect(hasCircle(parentsOf({}))).toBe(false)
    expect(hasCircle(parentsOf({ a: null, b: 'a', c: 'a', d: 'c', e: 'elsewhere' }))).toBe(false)
  })
})
