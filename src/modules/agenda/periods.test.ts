import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Period } from './calendar.queries.ts'
import { findConflicts, gapsBetween, joinPeriods, overlap } from './periods.ts'

const HOURS = 24
const at = (hour: number) => new Date(Date.UTC(2026, 4, 1, hour))
const period = fc
  .tuple(fc.integer({ min: 0, max: HOURS }), fc.integer({ min: 0, max: 8 }))
  .map(([start, length]): Period => ({ startsAt: at(start), endsAt: at(start + length) }))
const periods = fc.array(period, { maxLength: 12 })
const range = { startsAt: at(4), endsAt: at(20) }

const byBeginning = (list: Period[]) =>
  list.toSorted(
    (a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.endsAt.getTime() - b.endsAt.getTime(),
  )

describe('periods', () => {
  it('conflict exactly where two of them have a moment in common', () => {
    fc.assert(
      fc.property(periods, (list) => {
        const sorted = byBeginning(list)
        const naive = sorted.flatMap((first, index) =>
          sorted.slice(index + 1).flatMap((second) => (overlap(first, second) ? [[first, second]] : [])),
        )
        const found = findConflicts(sorted, Infinity)
        expect(found).toHaveLength(naive.length)
        expect(new Set(found.map(([a, b]) => pairKey(sorted, a, b)))).toEqual(
          new Set(naive.map(([a, b]) => pairKey(sorted, a!, b!))),
        )
      }),
    )
  })

  it('do not conflict where one ends as the other begins', () => {
    const morning = { startsAt: at(8), endsAt: at(9) }
    const next = { startsAt: at(9), endsAt: at(10) }
    expect(findConflicts([morning, next], 9)).toEqual([])
  })

  it('are joined and leave gaps that, hour by hour, are what they cover and leave', () => {
    fc.assert(
      fc.property(periods, (list) => {
        const busy = joinPeriods(list, range)
        const free = gapsBetween(busy, range)
        for (let hour = 4; hour < 20; hour += 1) {
          const slot = { startsAt: at(hour), endsAt: at(hour + 1) }
          const isTaken = list.some((item) => item.startsAt <= slot.startsAt && item.endsAt >= slot.endsAt)
          expect(busy.some((item) => overlap(item, slot))).toBe(isTaken)
          expect(free.some((item) => overlap(item, slot))).toBe(!isTaken)
        }
        for (const [index, item] of busy.entries()) {
          const next = busy[index + 1]
          expect(item.startsAt < item.endsAt && (!next || item.endsAt < next.startsAt)).toBe(true)
        }
      }),
    )
  })
})

function pairKey(list: Period[], a: Period, b: Period): string {
  return [list.indexOf(a), list.indexOf(b)].toSorted((x, y) => x - y).join()
}
