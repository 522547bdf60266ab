import type { Estate } from '../estate.ts'
import { resolveServices, type Resolved } from '../services/resolve.ts'
import { byCodePoint } from '../code-point-order.ts'
import { at, listed } from './rule.ts'

/** Where a service says something, and what. */
export type Said = { what: string; file: string; line: number }

/** What services use of each table that is defined, table by table. */
export function servicesByTable(estate: Estate): Resolved[][] {
  const all = Map.groupBy(resolveServices(estate), ({ table }) => `${table.schema}.${table.name}`)
  return [...all].toSorted(([a], [b]) => byCodePoint(a, b)).map(([, same]) => same)
}

/** One line for each thing that is said, with all its places. */
export function linesOf(said: Said[]): string[] {
  return [...Map.groupBy(said, ({ what }) => what)].map(
    ([what, places]) => `${what}: ${listed([...new Set(places.map(at))])}`,
  )
}

/** The services' files, as a sentence names them. */
export const filesOf = (said: { file: string }[]): string =>
  listed([...new Set(said.map(({ file }) => file))], 3)
