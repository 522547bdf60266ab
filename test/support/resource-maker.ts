import { factsOfColumn } from '../../src/db/column-facts.ts'
import type { ResourceFacts } from '../../src/db/module.ts'
import { modules } from '../../src/modules/index.ts'
import { toFieldName } from '../../src/modules/kit/index.ts'
import type { Value } from './operation-context.ts'

type Call = (operation: string, input: Record<string, unknown>) => Promise<Value>
type Query = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>

export const resources: readonly ResourceFacts[] = modules.flatMap((module) => module.resources ?? [])
const operations = new Map(
  modules.flatMap((module) => module.operations).map((operation) => [operation.id, operation]),
)
const schemas = new Map(modules.flatMap(({ name, tables }) => tables.map((table) => [table.name, name])))

export function hasVerb(resource: ResourceFacts, verb: string): boolean {
  return operations.has(`${resource.id}.${verb}`)
}

/** Values that formats stricter than a column's own rules ask for. */
const FORMATTED = [
  (n: number) => `person-${n}@example.com`,
  () => 'EUR',
  (n: number) => `https://example.com/${n}`,
  () => 'Europe/Berlin',
  (n: number) => `slug-${n}`,
  () => 'FREQ=DAILY;COUNT=2',
  () => ({ weight: 1 }),
  () => [],
]

/** Of everything made in this process: no two are alike. */
let count = 0

/** Makes things of any resource through its own operations, from the facts of its columns alone. */
export class ResourceMaker {
  readonly #call: Call
  readonly #person: { userId: string; townId: string }
  readonly #query: Query

  /** `call` calls operations as `person`, through any door; `query` is the deployer's. */
  constructor(call: Call, person: { userId: string; townId: string }, query: Query) {
    this.#call = call
    this.#person = person
    this.#query = query
  }

  /** Stores one, with every field or only those that must be given. */
  async make(
    resource: ResourceFacts,
    fields: 'all' | 'required' = 'required',
    more: Value = {},
  ): Promise<Value> {
    const input = { ...(await this.input(resource, fields)), ...more }
    return this.#call(`${resource.id}.create`, input)
  }

  /** A valid input of `create`; what it refers to is made. */
  async input(resource: ResourceFacts, fields: 'all' | 'required' = 'all'): Promise<Record<string, unknown>> {
    count += 1
    const input: Record<string, unknown> = {}
    for (const column of resource.fields) {
      const { isNullable, hasDefault } = factsOfColumn(resource.table, column)
      if (fields === 'required' && (isNullable || hasDefault)) continue
      // A thing that refers to its own kind would need another one first.
      if (factsOfColumn(resource.table, column).references === resource.table) continue
      input[toFieldName(column)] = await this.#value(resource, column)
    }
    return input
  }

  async #value(resource: ResourceFacts, column: string): Promise<unknown> {
    const { references, isNullable } = factsOfColumn(resource.table, column)
    if (resource.people.includes(column)) return this.#person.userId
    if (references !== undefined) return this.#referenced(references)
    const { input } = operations.get(`${resource.id}.create`)!
    const schema = input.shape[toFieldName(column)]!
    const candidates = [plainValue(resource.table, column, count), ...FORMATTED.map((make) => make(count))]
    const fitting = candidates.find((value) => schema.safeParse(value).success)
    if (fitting === undefined && !isNullable) {
      throw new Error(`no value fits ${resource.id} ${column}: teach test/support/resource-maker.ts`)
    }
    return fitting
  }

  async #referenced(table: string): Promise<string> {
    const resource = resources.find((each) => each.table === table)
    if (resource && hasVerb(resource, 'create')) return (await this.make(resource)).id
    if (table === 'conversations') {
      return (await this.#call('conversation.create', { personality: 'robbie-f', privacy: 'team' })).id
    }
    const [row] = await this.#query<{ id: string }>(
      `select id from ${schemas.get(table)}.${table} where town_id = $1 order by id limit 1`,
      [this.#person.townId],
    )
    if (!row) throw new Error(`nothing stands in ${table}: teach test/support/resource-maker.ts`)
    return row.id
  }
}

/** A value that the column's own rules allow. */
function plainValue(table: string, column: string, n: number): unknown {
  const { type, values, min = 0, max = Infinity } = factsOfColumn(table, column)
  switch (type) {
    case 'text':
      return values
        ? values[n % values.length]
        : `${column.replaceAll('_', ' ')} ${n}`.padEnd(min, '.').slice(0, max)
    case 'integer':
    case 'bigint':
      return Math.min(Math.max(min, n % 10), max)
    case 'double precision':
      return Math.min(Math.max(min, 0.5), max)
    case 'boolean':
      return n % 2 === 0
    case 'timestamp with time zone':
      return new Date(Date.UTC(2026, 0, 1 + (n % 300), column.startsWith('end') ? 13 : 12)).toISOString()
    case 'date':
      return `2026-0${1 + (n % 9)}-15`
    case 'time without time zone':
      return '09:30:00'
    case 'jsonb':
      return { n }
    case 'text[]':
      return [`word ${n}`]
    case 'uuid[]':
      return []
    default:
      return undefined
  }
}
