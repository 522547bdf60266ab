import { quoteIdentifier } from '../../../db/quote.ts'
import type { TableState } from '../simulate/state.ts'
import { isFromElsewhere, PROVIDERS } from './prepare.ts'
import type { ScratchRunner } from './scratch.ts'
import type { Wanted } from './sql-failure.ts'

/** What was made so that a statement could be judged by what it says itself. */
export type Healing =
  | { made: 'extension'; name: string }
  | { made: 'schema'; name: string }
  | { made: 'role'; name: string }
  /** A table of another source, as that one defines it. */
  | { made: 'table' | 'type'; name: string; from: string }

/** What other sources define, as seen from one. `name` may carry its schema. */
export type Elsewhere = {
  table(name: string, source: string): TableState | undefined
  type(name: string, source: string): { kind: string; values: string[]; source: string } | undefined
  /** Whether the source changes what an earlier state of another had made, which nobody can see any more. */
  isOnTop(source: string): boolean
  /** Whether any source makes a schema of that name. */
  makesSchema(name: string): boolean
  /** Whether any other source makes it, in whatever way: a view, a sequence, something that a block makes. */
  isMade(kind: 'table' | 'type' | 'function', name: string, source: string): boolean
  /** Whether any source makes a function of that name. */
  function(name: string, source: string): boolean
}

/**
 * Makes what is wanted, if it is sure to come from outside the source. `elsewhere` where it surely does and cannot be made
 * here; null where the source is to blame.
 */
export async function heal(
  runner: ScratchRunner,
  wanted: Wanted,
  { elsewhere, source }: { elsewhere: Elsewhere; source: string },
): Promise<Healing | 'elsewhere' | null> {
  switch (wanted.kind) {
    case 'extension':
      return 'elsewhere'
    case 'role':
      return makeIf(
        runner,
        { made: 'role', name: wanted.name },
        `create role ${quoteIdentifier(wanted.name)}`,
      )
    case 'schema':
      return makeIf(
        runner,
        { made: 'schema', name: wanted.name },
        `create schema ${quoteIdentifier(wanted.name)}`,
      )
    case 'type':
    case 'function':
    case 'operator':
      return healFromExtension(runner, wanted, { elsewhere, source })
    case 'relation': {
      if (isOthers(wanted.name, elsewhere)) return 'elsewhere'
      const table = elsewhere.table(wanted.name, source)
      if (!table)
        return elsewhere.isOnTop(source) || elsewhere.isMade('table', wanted.name, source)
          ? 'elsewhere'
          : null
      return (await makeStandIn(runner, table))
        ? { made: 'table', name: wanted.name, from: table.place.source }
        : null
    }
    case 'column':
    case 'key':
    case 'taken':
      return null
  }
}

async function healFromExtension(
  runner: ScratchRunner,
  wanted: { kind: 'type' | 'function' | 'operator'; name: string },
  { elsewhere, source }: { elsewhere: Elsewhere; source: string },
): Promise<Healing | 'elsewhere' | null> {
  const name = bare(wanted.name)
  const provider = PROVIDERS.find(({ kind, names }) => kind === wanted.kind && names.includes(name))
  if (provider) {
    const { extension } = provider
    const made = await makeIf(
      runner,
      { made: 'extension', name: extension },
      `create extension ${quoteIdentifier(extension)}`,
    )
    if (made) return made
  }
  if (isOthers(wanted.name, elsewhere)) return 'elsewhere'
  if (wanted.kind === 'function')
    return elsewhere.function(name, source) || elsewhere.isMade('function', name, source) ? 'elsewhere' : null
  if (wanted.kind !== 'type') return null
  const type = elsewhere.type(wanted.name, source)
  // A row of a table is a type.
  const table = type ? undefined : elsewhere.table(wanted.name, source)
  if (table && (await makeStandIn(runner, table)))
    return { made: 'table', name: wanted.name, from: table.place.source }
  if (!type) return elsewhere.isMade('type', name, source) ? 'elsewhere' : null
  if (type.kind !== 'enum') return 'elsewhere'
  const values = type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')
  const sql = `create type ${quoteIdentifier(name)} as enum (${values})`
  return makeIf(runner, { made: 'type', name: wanted.name, from: type.source }, sql)
}

/** Schemas of hosted databases that people also make for themselves under the same names. */
const COMMON = ['auth', 'storage', 'ai', 'anon', 'cron', 'realtime']

function isOthers(name: string, elsewhere: Elsewhere): boolean {
  const schema = name.includes('.') ? name.split('.')[0]! : ''
  if (COMMON.includes(schema) && elsewhere.makesSchema(schema)) return false
  return isFromElsewhere(name) || isFromElsewhere(bare(name))
}

async function makeIf(runner: ScratchRunner, healing: Healing, sql: string): Promise<Healing | null> {
  return (await runner.run(sql)) === null ? healing : null
}

/** A table with the columns that another source gives it; a type that is not here becomes text. */
async function makeStandIn(runner: ScratchRunner, table: TableState): Promise<boolean> {
  const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
  const keys = table.keys.filter(({ kind }) => kind === 'primary' || kind === 'unique')
  const indexes = table.indexes.filter(
    ({ isUnique, isPartial, columns }) => isUnique && !isPartial && !columns.includes(null),
  )
  if (table.schema !== 'public')
    await runner.run(`create schema if not exists ${quoteIdentifier(table.schema)}`)
  if (await runner.run(`create table ${name} ()`)) return false
  for (const column of table.columns.values()) {
    const add = (type: string) =>
      runner.run(`alter table ${name} add column ${quoteIdentifier(column.name)} ${type}`)
    if (await add(column.type)) await add('text')
  }
  const uniques = [
    ...keys.map(({ kind, columns }) => ({ word: kind === 'primary' ? 'primary key' : 'unique', columns })),
    ...indexes.map(({ columns }) => ({ word: 'unique', columns: columns as string[] })),
  ]
  for (const { word, columns } of uniques) {
    await runner.run(`alter table ${name} add ${word} (${columns.map(quoteIdentifier).join(', ')})`)
  }
  return true
}

const bare = (name: string) => name.split('.').at(-1)!.trim()
