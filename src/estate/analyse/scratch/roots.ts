import type { ObjectRef } from '../finding.ts'
import type { KeyFact } from '../inventory/facts.ts'
import { keysOf } from '../inventory/file-needs.ts'
import type { SqlStatement } from '../inventory/statement.ts'
import { objectOf } from '../inventory/statement-object.ts'
import { nameOfKey } from '../simulate/alter.ts'
import type { Simulated } from '../simulate/state.ts'
import type { Execution, Failed } from './execute.ts'
import { Names } from './names.ts'

/**
 * Why statements fail: `invalid` for what they say themselves, `unresolved` for something that nobody makes, `order` for
 * what is made later, `cycle` where two wait for each other, `key` for a foreign key that does not fit its table, `shape`
 * for a column that a table would have, had an earlier definition not been there, `taken` for a name that is in use.
 */
export type RootKind = 'invalid' | 'unresolved' | 'order' | 'cycle' | 'key' | 'shape' | 'taken'

/** A cause, the statements that fail for it at once, and those that fail because these did. */
export type Root = {
  kind: RootKind
  source: string
  object: ObjectRef
  /** Of the table, what is missing of it; null where all of it is. */
  column: string | null
  direct: Failed[]
  consequences: Failed[]
}

/** Whether any file makes an object, or that column of it. */
export type IsKnown = (object: ObjectRef, column: string | null) => boolean

type Cause = { root: { kind: RootKind; object: ObjectRef; column?: string } } | { parent: Failed }

/** The causes of what failed in a source, each with all that follows from it. */
export function rootsOf(execution: Execution, simulated: Simulated, isKnown: IsKnown): Root[] {
  const finder = new CauseFinder(execution, simulated)
  const roots = new Map<string, Root>()
  for (const failed of execution.failed) {
    const { first, isDirect } = finder.rootOf(failed)
    const { kind, object } = first
    const key = `${kind} ${object.kind} ${object.schema}.${object.name}${kind === 'invalid' ? ` ${first.at}` : ''}`
    const root = roots.get(key) ?? {
      kind,
      source: execution.source,
      object,
      column: first.column ?? null,
      direct: [],
      consequences: [],
    }
    roots.set(key, root)
    ;(isDirect ? root.direct : root.consequences).push(failed)
  }
  // What somebody makes is there, also where it could not be tried: what needs it is not judged.
  return [...roots.values()].filter(
    ({ kind, object, column }) => kind !== 'unresolved' || !isKnown(object, column),
  )
}

type First = { kind: RootKind; object: ObjectRef; column?: string; at: number }

class CauseFinder {
  readonly #simulated: Simulated
  /** What failed statements would have made. */
  readonly #lost: Names<Failed>
  readonly #causes = new Map<Failed, Cause>()

  constructor({ failed }: Execution, simulated: Simulated) {
    this.#simulated = simulated
    this.#lost = new Names(failed)
  }

  /** Follows causes to the first, of which at least one statement is to blame; a circle ends where it began. */
  rootOf(failed: Failed): { first: First; isDirect: boolean } {
    const seen = new Set<Failed>()
    for (let current = failed; ;) {
      seen.add(current)
      const cause = this.#causeOf(current)
      if ('root' in cause) return { first: { ...cause.root, at: current.at }, isDirect: current === failed }
      if (seen.has(cause.parent)) return this.#cycleOf(failed, cause.parent)
      current = cause.parent
    }
  }

  /** Those that wait for each other, told by the first of them. */
  #cycleOf(failed: Failed, member: Failed) {
    const members = [member]
    for (let next = this.#parentOf(member); next && next !== member; next = this.#parentOf(next))
      members.push(next)
    const first = members.toSorted((a, b) => a.at - b.at)[0]!
    const root = { kind: 'cycle' as const, object: objectOf(first.statement), at: first.at }
    return { first: root, isDirect: members.includes(failed) }
  }

  #parentOf(failed: Failed): Failed | undefined {
    const cause = this.#causeOf(failed)
    return 'parent' in cause ? cause.parent : undefined
  }

  #causeOf(failed: Failed): Cause {
    const known = this.#causes.get(failed)
    if (known) return known
    const cause = this.#findCause(failed)
    this.#causes.set(failed, cause)
    return cause
  }

  #findCause(failed: Failed): Cause {
    const { wanted, statement } = failed
    const own = objectOf(statement)
    if (wanted === null) return { root: { kind: 'invalid', object: own } }
    if (wanted.kind === 'taken') return { root: { kind: 'taken', object: own } }
    if (wanted.kind === 'key') return { root: { kind: 'key', object: this.#targetOf(failed, wanted.table) } }
    if (wanted.kind === 'column') return this.#causeOfColumn(failed, wanted)
    const kind = wanted.kind === 'relation' ? 'table' : wanted.kind
    // A row of a table is a type.
    const parent =
      this.#lost.find(kind, wanted.name) ??
      (kind === 'type' ? this.#lost.find('table', wanted.name) : undefined)
    // What it makes itself is not what it waits for, and neither is what comes later and works then.
    const isLater = parent !== undefined && failed.worksLater && parent.worksLater && parent.at > failed.at
    if (parent && parent !== failed && !isLater) return { parent }
    const object = refOf(kind, wanted.name)
    return { root: { kind: failed.worksLater ? 'order' : 'unresolved', object } }
  }

  #causeOfColumn(failed: Failed, wanted: { name: string; table: string | null }): Cause {
    const own = objectOf(failed.statement)
    // A name in a query may be an alias, so all tables of the statement are asked.
    const names = new Set([wanted.table ?? own.name, own.name, ...tablesIn(failed.statement)])
    const skip = this.#simulated.skips.find(
      ({ kind, table, wanted: other }) =>
        kind === 'table' && names.has(table) && other?.columns.has(wanted.name),
    )
    if (skip)
      return { root: { kind: 'shape', object: { kind: 'table', schema: skip.schema, name: skip.table } } }
    for (const name of names) {
      const parent = this.#lost.findColumn(name, wanted.name)
      if (parent && parent !== failed) return { parent }
    }
    const isTable = [...this.#simulated.tables.values()].some(({ name }) => name === wanted.table)
    const object = wanted.table !== null && isTable ? refOf('table', wanted.table) : own
    return { root: { kind: failed.worksLater ? 'order' : 'unresolved', object, column: wanted.name } }
  }

  /** The table that a foreign key refers to which cannot be. */
  #targetOf({ failure, statement }: Failed, table: string | null): ObjectRef {
    if (table !== null) return refOf('table', table)
    const own = objectOf(statement)
    const keys = statement.facts.flatMap((fact) => {
      if (fact.fact === 'table') return fact.keys
      return fact.fact === 'alter-table' ? fact.changes.flatMap(keysOf) : []
    })
    const foreign = keys.filter(({ kind }) => kind === 'foreign')
    const isNamed = (key: KeyFact) => failure.message.includes(`"${nameOfKey(own, key)}"`)
    const target = (foreign.find(isNamed) ?? foreign[0])?.references?.table
    return target ? { kind: 'table', schema: target.schema ?? 'public', name: target.name } : own
  }
}

/** The names of the tables that a statement reads or writes. */
function tablesIn({ facts }: SqlStatement): string[] {
  return facts.flatMap((fact) => {
    if (fact.fact === 'view' || fact.fact === 'table') return fact.reads.map(({ name }) => name)
    return fact.fact === 'query' ? fact.uses.map(({ table }) => table.name) : []
  })
}

function refOf(kind: string, name: string): ObjectRef {
  const parts = name.split('.')
  const known = ['table', 'function', 'type', 'schema'].includes(kind) ? kind : 'extension'
  return {
    kind: known as ObjectRef['kind'],
    schema: kind === 'schema' ? '' : parts.length > 1 ? parts.at(-2)! : 'public',
    name: parts.at(-1)!,
  }
}
