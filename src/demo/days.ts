const DAY_MS = 24 * 60 * 60 * 1000

const spokenDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
})

/** Dates around the day the demo ends at: day 0 is that day, -1 the one before; hours are UTC. */
export class Days {
  readonly #zeroMs: number

  /** `until` as in 2026-05-17. */
  constructor(until: string) {
    this.#zeroMs = Date.parse(`${until}T00:00:00.000Z`)
  }

  /** A moment of a day, as in 2026-05-17T09:30:00.000Z. `minutes` may be more than an hour's. */
  at(day: number, minutes: number): string {
    return new Date(this.#zeroMs + Math.floor(day) * DAY_MS + Math.round(minutes) * 60_000).toISOString()
  }

  /** The date of a day, as in 2026-05-17. */
  on(day: number): string {
    return this.at(day, 0).slice(0, 10)
  }

  /** The same day, or the Monday after it where it is of a weekend. */
  workday(day: number): number {
    const weekday = this.#weekday(day)
    if (weekday === 6) return day + 2
    return weekday === 0 ? day + 1 : day
  }

  /** The same day, or the Friday before it where it is of a weekend. */
  workdayBefore(day: number): number {
    const weekday = this.#weekday(day)
    if (weekday === 6) return day - 1
    return weekday === 0 ? day - 2 : day
  }

  /** What people call a day in a mail, as in Tuesday 12 May. */
  spoken(day: number): string {
    const date = new Date(this.#zeroMs + day * DAY_MS)
    return spokenDay.format(date)
  }

  /** The Monday of the week of day 0. */
  lastMonday(): number {
    return -((this.#weekday(0) + 6) % 7)
  }

  #weekday(day: number): number {
    return new Date(this.#zeroMs + day * DAY_MS).getUTCDay()
  }
}
