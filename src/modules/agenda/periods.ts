import type { Period } from './calendar.queries.ts'

/** Whether two periods have a moment in common; where one ends as the other begins, they have none. */
export function overlap(a: Period, b: Period): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt
}

/** Every pair that overlaps, by when it begins; `items` are sorted by beginning, and at most `limit` pairs are found. */
export function findConflicts<Item extends Period>(items: readonly Item[], limit: number): [Item, Item][] {
  const found: [Item, Item][] = []
  // Of those before, only the ones that are not over yet can overlap what begins now.
  let open: Item[] = []
  for (const item of items) {
    open = open.filter((other) => other.endsAt > item.startsAt)
    for (const other of open) {
      if (overlap(other, item)) found.push([other, item])
      if (found.length === limit) return found
    }
    open.push(item)
  }
  return found
}

/** The periods within `range`, joined where they touch or overlap, by beginning. */
export function joinPeriods(periods: readonly Period[], range: Period): Period[] {
  const joined: Period[] = []
  const sorted = periods
    .map(({ startsAt, endsAt }) => ({
      startsAt: later(startsAt, range.startsAt),
      endsAt: earlier(endsAt, range.endsAt),
    }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
    .toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  for (const period of sorted) {
    const last = joined.at(-1)
    if (last && period.startsAt <= last.endsAt) last.endsAt = later(last.endsAt, period.endsAt)
    else joined.push(period)
  }
  return joined
}

/** What of `range` the periods, joined, leave free. */
export function gapsBetween(joined: readonly Period[], range: Period): Period[] {
  const starts = [range.startsAt, ...joined.map((period) => period.endsAt)]
  const ends = [...joined.map((period) => period.startsAt), range.endsAt]
  return starts
    .map((startsAt, index) => ({ startsAt, endsAt: ends[index]! }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
}

const later = (a: Date, b: Date) => (a > b ? a : b)
const earlier = (a: Date, b: Date) => (a < b ? a : b)
