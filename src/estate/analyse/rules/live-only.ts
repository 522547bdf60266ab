import type { Estate } from '../estate.ts'
import type { ObjectRef } from '../finding.ts'
import { isOfMigrationTool } from '../live/ledger-kinds.ts'
import type { LiveDatabase, LiveTable } from '../live/live-database.ts'
import { shortType } from '../inventory/type-text.ts'
import { keyOf, type TableState } from '../simulate/state.ts'
import { at, type Rule } from './rule.ts'

/** Who owns what a hosted database brings with it. */
const HOST_ROLES =
  /^(supabase_\w*admin|rdsadmin|cloudsqladmin|azuresu|azure_pg_admin|alloydbadmin|cloud_admin)$/
/** Where services keep what is theirs, and make it themselves. */
const SERVICE_SCHEMAS = /^(pgboss|graphile_worker|hdb_catalog|_realtime|_timescaledb_\w+)$/

/** What the database has and no file defines. */
export const liveOnly: Rule = {
  id: 'live-only',
  severity: 'warning',
  confidence: 'read',
  summary: 'The live database has something that no file defines.',
  why: 'A new database made from the files would lack it.',
  fix: 'Write it into a file, or drop it: a database that is made from the files lacks it.',
  phase: 'live',
  action: (what) => `Write ${what('live object')} into a file`,
  check: (estate) => {
    const { live } = estate
    if (!live) return []
    const known = knownNames(estate)
    return [...liveObjects(live)]
      .filter(({ object, owner }) => {
        const isBrought = HOST_ROLES.test(owner) || SERVICE_SCHEMAS.test(object.schema)
        return !known.names.has(nameIn(object)) && !(isBrought && !known.schemas.has(object.schema))
      })
      .map(({ object, table }) => ({
        object,
        places: [],
        message: `${object.name} is in the database, and no file defines it.`,
        details: table ? detailsOf(table, estate) : [],
        ...(object.kind === 'function' ? { severity: 'info' as const } : {}),
      }))
  },
}

type LiveObject = { object: ObjectRef; owner: string; table: LiveTable | null }

/** Without parts of partitioned tables, and without what migration tools keep. */
function liveObjects({ tables, views, functions }: LiveDatabase): LiveObject[] {
  const refOf = (kind: ObjectRef['kind'], { schema, name }: { schema: string; name: string }) => ({
    kind,
    schema,
    name,
  })
  const isTools = ({ schema, name, columns }: LiveTable) =>
    isOfMigrationTool(
      { schema, name },
      columns.map((column) => column.name),
    )
  const others = (kind: 'view' | 'function', objects: LiveDatabase['views']) =>
    [...objects.values()]
      .filter(({ schema, name }) => !isOfMigrationTool({ schema, name }, []))
      .map((one) => ({ object: refOf(kind, one), owner: one.owner, table: null }))
  return [
    ...[...tables.values()]
      .filter((table) => !table.isPartition && !isTools(table))
      .map((table) => ({ object: refOf('table', table), owner: table.owner, table })),
    ...others('view', views),
    ...others('function', functions),
  ]
}

/** A table and a view share their names, functions have their own. */
const nameIn = ({ kind, schema, name }: ObjectRef) =>
  `${kind === 'function' ? 'function' : 'relation'} ${schema}.${name}`

function knownNames({ variants, simulated }: Estate): { names: Set<string>; schemas: Set<string> } {
  const names = new Set([...variants.keys()].map((key) => `relation ${key}`))
  const schemas = new Set([...variants.values()].flat().map(({ table }) => table.schema))
  for (const { views, functions } of simulated) {
    for (const key of views.keys()) names.add(`relation ${key}`)
    for (const { schema } of [...views.values(), ...functions.values()]) schemas.add(schema)
    for (const { schema, name } of functions.values()) names.add(`function ${schema}.${name.name}`)
  }
  return { names, schemas }
}

/** What it is, and which definitions of other names or schemas it may come from. */
function detailsOf(table: LiveTable, { variants, simulated }: Estate): string[] {
  const states = [...variants.values()].flat().map((variant) => variant.table)
  const dropped = simulated.flatMap((one) => one.dropped).filter(({ state }) => keyOf(state) === keyOf(table))
  return [
    `columns: ${table.columns.map(({ name, type }) => `${name} ${shortType(type)}`).join(', ')}`,
    ...dropped.map(({ place }) => `${at(place)} drops it`),
    ...states
      .filter((state) => isAlike(state, table))
      .map((state) => `${at(state.place)} defines ${keyOf(state)}, with the same columns`),
  ]
}

function isAlike({ columns }: TableState, live: LiveTable): boolean {
  return (
    columns.size > 1 &&
    columns.size === live.columns.length &&
    live.columns.every(({ name }) => columns.has(name))
  )
}
