import { quoteIdentifier } from '../db/quote.ts'

/** PostgreSQL's own lock modes, weakest first, without those of mere readers. */
export const LOCK_MODES = [
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const
export type LockMode = (typeof LOCK_MODES)[number]

/** `unknown`: a statement whose effects cannot be read from its text, such as a do block. */
export type Hazard =
  | 'blocks-writes'
  | 'blocks-reads-and-writes'
  | 'rewrites-table'
  | 'scans-table'
  | 'destroys-data'
  | 'weakens-protection'
  | 'renames'
  | 'unknown'

/** What a statement does to relations that exist already. Names are quoted, ready for `to_regclass`. */
export type Effects = {
  /** Comments are left out: their lock blocks nobody but other structure changes. `schema.*` is all its tables. */
  locks: { relation: string; mode: LockMode }[]
  rewrites: string[]
  hazards: Hazard[]
}

// oxlint-disable-next-line typescript/no-explicit-any -- the parser hands out its tree as plain JSON, without types
export type Node = Record<string, any>

/** The effects of a statement that touches nothing that is there. */
export const none = (): Effects => ({ locks: [], rewrites: [], hazards: [] })

/** The same with hazards and no locks. */
export const only = (...hazards: Hazard[]): Effects => ({ ...none(), hazards })

/** A statement that locks one relation. */
export function locking(relation: Node, mode: LockMode, hazards: Hazard[] = []): Effects {
  const rewrites = hazards.includes('rewrites-table') ? [nameOf(relation)] : []
  return { locks: [lock(relation, mode)], rewrites, hazards }
}

/** One lock on a `RangeVar`. */
export function lock(relation: Node, mode: LockMode): { relation: string; mode: LockMode } {
  return { relation: nameOf(relation), mode }
}

/** The effects of all parts, each hazard once. */
export function together(parts: Effects[]): Effects {
  return {
    locks: parts.flatMap((part) => part.locks),
    rewrites: parts.flatMap((part) => part.rewrites),
    hazards: [...new Set(parts.flatMap((part) => part.hazards))],
  }
}

/** Locks on the tables that foreign keys among these table elements refer to. */
export function referencedTables(elements: Node[] | undefined): Effects['locks'] {
  const constraints = (elements ?? []).flatMap((element) => [
    element.Constraint as Node | undefined,
    ...((element.ColumnDef?.constraints ?? []) as Node[]).map((item) => item.Constraint as Node),
  ])
  return constraints
    .filter((item) => item?.contype === 'CONSTR_FOREIGN')
    .map((item) => lock(item!.pktable, 'SHARE ROW EXCLUSIVE'))
}

/** A `RangeVar` as quoted SQL. */
export function nameOf(relation: Node): string {
  return quoteParts(relation.schemaname ? [relation.schemaname, relation.relname] : [relation.relname])
}

/** A dotted name as quoted SQL. */
export function quoteParts(parts: string[]): string {
  return parts.map(quoteIdentifier).join('.')
}
