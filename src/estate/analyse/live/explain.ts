import type { ColumnModel } from '../../../catalog/model.ts'
import type { Estate, Variant } from '../estate.ts'
import { shortType } from '../inventory/type-text.ts'
import { type ColumnState, type Place, type Simulated, type TableState } from '../simulate/state.ts'
import type { LiveTable } from './live-database.ts'
import { isSameType } from './same-type.ts'

/** The definition that comes nearest to a live table, and in what it is not it. */
export type Explanation = {
  live: LiveTable
  variant: Variant
  /** Columns that are the same, of all that either has. */
  fitting: number
  columns: number
  /** What the definition says otherwise: columns, types, null, primary key, row security. */
  differences: string[]
  /** What is said otherwise of defaults, and where a column is known from beside the definition. */
  remarks: string[]
  /** Statements of other sources that a column comes from. */
  places: Place[]
}

type Stray = Simulated['strays'][number]
type Change = Extract<Stray['fact'], { fact: 'alter-table' }>['changes'][number]
/** What sources that do not make the table change in it. */
type Patch = { change: Change; place: Place }

/** For each live table that files define, by `schema.name`: what explains it best. */
export function explain({ live, variants, simulated }: Estate): Map<string, Explanation> {
  if (!live) return new Map()
  const strays = Map.groupBy(
    simulated.flatMap((one) => one.strays),
    ({ key }) => key,
  )
  return new Map(
    [...live.tables].flatMap(([key, table]) => {
      const patches = (strays.get(key) ?? []).flatMap(patchesOf)
      const [best] = (variants.get(key) ?? [])
        .map((variant) => compareWith(table, variant, patches))
        .toSorted(byFit)
      return best ? [[key, withOthers(best, variants.get(key)!)]] : []
    }),
  )
}

const patchesOf = ({ fact, place }: Stray): Patch[] =>
  fact.fact === 'alter-table' ? fact.changes.map((change) => ({ change, place })) : []

/** More of it first; then fewer differences; then a definition that takes effect before one that is skipped. */
function byFit(a: Explanation, b: Explanation): number {
  return (
    b.fitting / Math.max(b.columns, 1) - a.fitting / Math.max(a.columns, 1) ||
    a.differences.length - b.differences.length ||
    Number(a.variant.isSkipped) - Number(b.variant.isSkipped)
  )
}

function compareWith(live: LiveTable, variant: Variant, patches: Patch[]): Explanation {
  const { table } = variant
  const file = `${table.place.file}:${table.place.line}`
  const told: Explanation = {
    live,
    variant,
    fitting: 0,
    columns: 0,
    differences: [],
    remarks: [],
    places: [],
  }
  for (const column of live.columns) {
    const said = table.columns.get(column.name)
    told.columns += 1
    if (said) compareColumn({ told, column, said, patches, file })
    else if (!table.isOpen) foundOnlyLive(told, column, patches)
  }
  for (const { name, type } of table.columns.values()) {
    if (live.columns.some((column) => column.name === name)) continue
    told.columns += 1
    const dropped = patches.find(({ change }) => change.do === 'drop-column' && change.column === name)
    if (dropped) by(told, name, dropped)
    else told.differences.push(`${name} ${shortType(type)}: only in ${file}`)
  }
  compareKeys(told, table, patches, file)
  return told
}

type Pair = { told: Explanation; column: ColumnModel; said: ColumnState; patches: Patch[]; file: string }

function compareColumn({ told, column, said, patches, file }: Pair): void {
  const { name } = column
  const [is, was] = [shortType(column.type), shortType(said.type)]
  const ofColumn = patches.filter(({ change }) => 'column' in change && change.column === name)
  const retyped = ofColumn.find(
    ({ change }) => change.do === 'set-type' && isSameType(change.type, column.type),
  )
  if (isSameType(said.type, column.type)) told.fitting += 1
  else if (retyped) by(told, name, retyped)
  else told.differences.push(`${name}: ${is} in the database, ${was} in ${file}`)
  const isNotNull = said.isNotNull || isOfPrimaryKey(told.variant.table, name)
  if (isNotNull === column.isNullable) {
    const set = ofColumn.find(({ change }) => change.do === (isNotNull ? 'drop-not-null' : 'set-not-null'))
    const inKey = !isNotNull && told.live.primaryKey.includes(name)
    const [may, mayNot] = isNotNull ? ['the database', file] : [file, 'the database']
    if (set) by(told, name, set)
    else if (!inKey) told.differences.push(`${name} may be null in ${may}, and not in ${mayNot}`)
  }
  const [made, meant] = [sourceOf(column), sourceOf(said)]
  if (made !== meant) told.remarks.push(`${name} has ${made} in the database, ${meant} in ${file}`)
}

function foundOnlyLive(told: Explanation, { name, type }: ColumnModel, patches: Patch[]): void {
  const added = patches.find(
    ({ change }) =>
      (change.do === 'add-column' && change.column.name === name && isSameType(change.column.type, type)) ||
      (change.do === 'rename-column' && change.to === name),
  )
  if (added) {
    told.fitting += 1
    by(told, name, added)
  } else told.differences.push(`${name} ${shortType(type)}: only in the database`)
}

/** Where a value comes from when none is given. The expressions themselves are written too differently to be compared. */
function sourceOf({ default: text, generated }: Pick<ColumnState, 'default' | 'generated'>): string {
  if (generated) return generated === 'identity' ? 'an identity' : 'a generated value'
  if (text === null || /^null(::|$)/i.test(text)) return 'no default'
  return /^nextval/i.test(text) ? 'a sequence' : 'a default'
}

function compareKeys(told: Explanation, table: TableState, patches: Patch[], file: string): void {
  const [is, was] = [told.live.primaryKey.join(', '), primaryKeyOf(table).join(', ')]
  const added = patches.find(
    ({ change }) =>
      (change.do === 'add-key' && change.key.kind === 'primary') ||
      (change.do === 'drop-constraint' && change.name.endsWith('_pkey')),
  )
  if (is !== was && !table.isOpen) {
    if (added) by(told, 'the primary key', added)
    else
      told.differences.push(`primary key: (${is || 'none'}) in the database, (${was || 'none'}) in ${file}`)
  }
  const enabled = patches.find(({ change }) => change.do === 'row-security' && change.mode === 'enable')
  const place = table.rowSecurity.isEnabled ? table.rowSecurity.place : enabled?.place
  if (place && !told.live.hasRowSecurity) {
    told.differences.push(`row security: off in the database, enabled in ${place.file}:${place.line}`)
  }
  if (!place && told.live.hasRowSecurity)
    told.remarks.push('row security: enabled in the database, in no file')
}

function by(told: Explanation, what: string, { place }: Patch): void {
  told.places.push(place)
  told.remarks.push(`${what} is as ${place.file}:${place.line} says`)
}

/** Says of what only the database has which other definition has it. */
function withOthers(best: Explanation, variants: Variant[]): Explanation {
  const others = variants.filter((variant) => variant !== best.variant)
  const differences = best.differences.map((line) => {
    const name = /^(.+) .+: only in the database$/.exec(line)?.[1]
    const other = others.find(({ table }) => name !== undefined && table.columns.has(name))
    const place = other?.table.columns.get(name!)?.place
    return place ? `${line}, and in ${place.file}:${place.line}` : line
  })
  return { ...best, differences }
}

const primaryKeyOf = ({ keys }: TableState) => keys.find(({ kind }) => kind === 'primary')?.columns ?? []
const isOfPrimaryKey = (table: TableState, name: string) => primaryKeyOf(table).includes(name)
