import type { Fact, KeyFact, Name, TableChange } from '../inventory/facts.ts'
import { shortType } from '../inventory/type-text.ts'
import { keyOf, type ColumnState, type Place, type Simulated, type TableState } from './state.ts'

type Alteration = {
  fact: Extract<Fact, { fact: 'alter-table' }>
  place: Place
  table: TableState | undefined
  /** `schema.name` of what a name means in this session. */
  resolve: (name: Name) => string
}

/** Changes a table as `alter table` says. Nothing happens to a table that is not there. */
export function applyChanges(state: Simulated, alteration: Alteration): void {
  const { table, fact, place } = alteration
  if (!table) return
  table.places.push(place)
  for (const change of fact.changes) applyChange(state, { ...alteration, table }, change)
}

function applyChange(
  state: Simulated,
  { table, place, resolve }: Alteration & { table: TableState },
  change: TableChange,
): void {
  switch (change.do) {
    case 'add-column':
      addColumn(state, { table, place, resolve }, change)
      return
    case 'drop-column':
      table.columns.delete(change.column)
      table.keys = table.keys.filter((key) => !key.columns.includes(change.column))
      table.indexes = table.indexes.filter((index) => !index.columns.includes(change.column))
      return
    case 'set-type':
      changeColumn(table, change.column, { type: change.type, place })
      return
    case 'set-not-null':
    case 'drop-not-null':
      changeColumn(table, change.column, { isNotNull: change.do === 'set-not-null' })
      return
    case 'set-default':
    case 'drop-default':
      changeColumn(table, change.column, { default: change.do === 'set-default' ? 'set later' : null })
      return
    case 'add-key':
      addKeys(table, [change.key], { place, resolve })
      return
    case 'drop-constraint':
      table.keys = table.keys.filter((key) => nameOfKey(table, key) !== change.name)
      return
    case 'rename-column':
      renameColumn(table, change.column, change.to)
      return
    case 'rename':
      move(state, table, { name: change.to })
      return
    case 'set-schema':
      move(state, table, { schema: change.to })
      return
    case 'row-security':
      setRowSecurity(table, change.mode, place)
      return
    case 'attach-partition':
    case 'other':
      return
  }
}

type Where = { place: Place; resolve: (name: Name) => string }

function addColumn(
  state: Simulated,
  { table, place, resolve }: Where & { table: TableState },
  change: Extract<TableChange, { do: 'add-column' }>,
): void {
  const { line, ...column } = change.column
  const standing = table.columns.get(column.name)
  if (standing) {
    const isOther = standing.type !== column.type
    state.skips.push({
      kind: 'column',
      schema: table.schema,
      table: table.name,
      name: column.name,
      place: { ...place, line },
      standing: standing.place,
      differences: isOther
        ? [`${column.name} stays ${shortType(standing.type)}, not ${shortType(column.type)}`]
        : [],
      isSilent: change.ifNotExists,
      wanted: null,
    })
    return
  }
  table.columns.set(column.name, { ...column, place: { ...place, line } })
  addKeys(table, change.keys, { place, resolve })
}

function addKeys(table: TableState, keys: KeyFact[], { place, resolve }: Where): void {
  for (const key of keys) {
    const index =
      key.usingIndex === null ? undefined : table.indexes.find(({ name }) => name === key.usingIndex)
    const columns = index ? index.columns.flatMap((name) => name ?? []) : key.columns
    const target = key.references ? resolve(key.references.table) : null
    table.keys.push({ ...key, columns, place: { ...place, line: key.line }, target })
  }
}

function changeColumn(table: TableState, name: string, change: Partial<ColumnState>): void {
  const column = table.columns.get(name)
  if (column) table.columns.set(name, { ...column, ...change })
}

/** In its old place: the order of columns says something to a reader. */
function renameColumn(table: TableState, from: string, to: string): void {
  const renamed = (name: string) => (name === from ? to : name)
  table.columns = new Map(
    [...table.columns].map(([name, column]) => [renamed(name), { ...column, name: renamed(name) }]),
  )
  table.keys = table.keys.map((key) => ({ ...key, columns: key.columns.map(renamed) }))
  table.indexes = table.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((name) => name && renamed(name)),
  }))
}

/** Gives a table another name or schema; the keys of others that refer to it go with it. */
export function move({ tables }: Simulated, table: TableState, to: { name?: string; schema?: string }): void {
  const from = keyOf(table)
  tables.delete(from)
  Object.assign(table, to)
  const key = keyOf(table)
  tables.set(key, table)
  for (const other of tables.values()) {
    other.keys = other.keys.map((item) => (item.target === from ? { ...item, target: key } : item))
  }
}

function setRowSecurity(
  table: TableState,
  mode: 'enable' | 'disable' | 'force' | 'no-force',
  place: Place,
): void {
  const { rowSecurity } = table
  if (mode === 'enable' || mode === 'disable') {
    table.rowSecurity = { ...rowSecurity, isEnabled: mode === 'enable', place }
  } else {
    table.rowSecurity = { ...rowSecurity, isForced: mode === 'force' }
  }
}

/** The name that the server gives to a key that was given none. */
export function nameOfKey({ name: table }: { name: string }, key: KeyFact): string {
  if (key.name !== null) return key.name
  const suffix = { primary: 'pkey', unique: 'key', foreign: 'fkey', check: 'check', exclude: 'excl' }[
    key.kind
  ]
  const parts = key.kind === 'primary' ? [table] : [table, ...key.columns]
  return [...parts, suffix].join('_')
}
