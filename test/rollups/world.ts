import fc from 'fast-check'
import { sql } from 'kysely'
import { expect } from 'vitest'

import type { Clock } from '../../src/kernel/clock.ts'
import type { Person, Town } from '../support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../support/operation-context.ts'
import type { TestDatabase } from '../support/test-database.ts'

const START = '2026-06-01T12:00:00.000Z'
const HOUR_MS = 3_600_000
/** So many of the newest of a kind are what happens next is about: callers meet at them. */
const CONTESTED = 40

/** One thing that somebody does, or several at once: which and who, and numbers that decide the rest. */
export type Dice = {
  what: number
  caller: number
  together: boolean
  a: number
  b: number
  c: number
  hours: number
}

const number = fc.nat(1_000_000)
export const dice: fc.Arbitrary<Dice> = fc.record({
  what: number,
  caller: number,
  together: fc.integer({ min: 1, max: 12 }).map((n) => n === 1),
  a: number,
  b: number,
  c: number,
  hours: fc.integer({ min: -24, max: 24 * 25 }),
})

export type Call = (operation: string, input?: Record<string, unknown>) => Promise<Value>
export type Step = (dice: Dice, call: Call, world: World) => Promise<unknown>

/** What one module's rollups rest on: what is done, and what must come out whatever was done at once. */
export type Part = {
  prepare?(world: World): Promise<void>
  steps: Record<string, Step>
  /** Codes of what its steps may be refused for, besides what may become of anything. */
  refusals?: readonly string[]
  /** Compares what the viewer is shown with what follows from the rows that the viewer sees. */
  compare(world: World, viewer: Viewer): Promise<void>
}

/** Somebody who looks: their calls, and the rows they may see, read past row-level security. */
export type Viewer = {
  name: string
  person: Person
  call: Call
  /** Rows of a table, as in `crm.deals`, oldest first. */
  rows(table: string): Promise<Value[]>
  /** Rows of a view, as the viewer. */
  view(select: string): Promise<Value[]>
}

/** A town in which much happens at once. */
export class World {
  readonly test: TestDatabase
  readonly town: Town
  readonly clock: Clock & { set(at: string): void }
  readonly owner: Call
  readonly #callers: Call[]
  readonly #ids = new Map<string, string[]>()
  readonly #tallies = new Map<string, number>()

  constructor(test: TestDatabase, town: Town) {
    this.test = test
    this.town = town
    this.clock = stoppedClock(START)
    this.owner = operationsAs(test, town.owner, this.clock)
    this.#callers = [town.member, town.owner, town.other].map((person) =>
      operationsAs(test, person, this.clock),
    )
  }

  get now(): number {
    return this.clock.now().getTime()
  }

  /** Rather more than a day goes by. */
  passDay(): void {
    this.clock.set(new Date(this.now + 26 * HOUR_MS).toISOString())
  }

  /** A time before now, or up to a day after it. */
  before({ hours }: Dice): string {
    return new Date(this.now - hours * HOUR_MS).toISOString()
  }

  callerOf({ caller }: Dice): Call {
    return at(this.#callers, caller)
  }

  /** Remembers ids of a kind, for what happens later to be about. */
  know(kind: string, ...ids: string[]): void {
    this.#ids.set(kind, [...this.known(kind), ...ids])
  }

  known(kind: string): string[] {
    return this.#ids.get(kind) ?? []
  }

  /** One of the newest of a kind, which may be gone; before there is any, one that never was. */
  some(kind: string, n: number): string {
    const newest = this.known(kind).slice(-CONTESTED)
    return newest.length === 0 ? this.town.id : at(newest, n)
  }

  /** Counts beside the product what succeeded; answers the whole count. */
  tally(name: string, by = 1): number {
    const count = this.#tallies.get(name) ?? 0
    this.#tallies.set(name, count + by)
    return count + by
  }

  viewers(): Viewer[] {
    return (['owner', 'member', 'guest'] as const).map((name) => {
      const person = this.town[name]
      return {
        name,
        person,
        call: operationsAs(this.test, person, this.clock),
        rows: async (table) => {
          const order = 'order by created_at, id'
          const all = await this.test.query<Value>(
            `select * from ${table} where town_id = '${this.town.id}' ${order}`,
          )
          return all.filter((row) => isSeen(row, name, person))
        },
        view: (select) => viewAs(this, person, select),
      }
    })
  }
}

/** The rule of privacy, written down a second time. */
function isSeen(row: Value, name: 'owner' | 'member' | 'guest', person: Person): boolean {
  if (row.privacy === 'public') return true
  if (row.privacy === 'team') return name !== 'guest'
  return row.privacy === 'private' ? row.created_by === person.userId : name === 'owner'
}

async function viewAs(world: World, person: Person, select: string): Promise<Value[]> {
  const options = { mode: 'read', clock: world.clock } as const
  return actIn(world.test, person, async ({ tx }) => (await sql.raw<Value>(select).execute(tx)).rows, options)
}

export function at<T>(list: readonly T[], n: number): T {
  return list[n % list.length]!
}

/** Mostly for the team; now and then for everybody, or nobody else. */
export function privacyOf({ b, c }: Dice): string {
  return at(['team', 'team', 'team', 'public', 'private'], b + c)
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** The latest of some times, as callers see it; null for none. */
export function latest(times: (Date | null)[]): string | null {
  const known = times.filter((time) => time !== null).map(Number)
  return known.length === 0 ? null : new Date(Math.max(...known)).toISOString()
}

/** The rows in groups of one key each, with the key's parts. */
export function groupsOf<Key extends Record<string, unknown>>(
  rows: Value[],
  keyOf: (row: Value) => Key,
): { key: Key; rows: Value[] }[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)))
  return [...groups].map(([key, members]) => ({ key: JSON.parse(key) as Key, rows: members }))
}

/** That two lists hold the same, in any order; numbers to six places. */
export function expectSame(shown: Value[], counted: Value[], about: string): void {
  const sorted = (list: Value[]) => list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  expect(sorted(shown), about).toEqual(sorted(counted).map(withoutNoise))
}

/** What tells items apart: all but their numbers. */
function keyOf(item: Value): string {
  return JSON.stringify(item, (_, value) => (typeof value === 'number' ? undefined : value))
}

function withoutNoise(value: Value): Value {
  if (typeof value === 'number') return expect.closeTo(value, 6)
  if (Array.isArray(value)) return value.map(withoutNoise)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutNoise(each)]))
}
