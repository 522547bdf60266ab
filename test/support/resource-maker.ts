import { randomBytes } from 'node:crypto'

import type { z } from 'zod'

import { factsOfColumn } from '../../src/db/column-facts.ts'
import type { ResourceFacts } from '../../src/db/module.ts'
import { newId } from '../../src/kernel/ids.ts'
import { modules } from '../../src/modules/index.ts'
import { toFieldName } from '../../src/modules/kit/index.ts'
import type { Value } from './operation-context.ts'

type Call = (operation: string, input: Record<string, unknown>) => Promise<Value>
type Query = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>

export const resources: readonly ResourceFacts[] = modules.flatMap((module) => module.resources ?? [])
const schemas = new Map(modules.flatMap(({ name, tables }) => tables.map((table) => [table.name, name])))
const operations = new Map(
  modules.flatMap((module) => module.operations).map((operation) => [operation.id, operation]),
)

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
  () => ({ direction: 'inbound' }),
  () => [],
  () => randomBytes(32).toString('hex'),
]

/** Values of columns that name something by other than its id. */
const NAMES: Record<string, string> = { 'sticky_notes.category': 'intel' }
/** What a thing must be for others that refer to it with every field of theirs. */
const REFERRED: Record<string, Value> = {
  // Only a deal that is closed has a time and a reason of closing.
  pipeline_stages: { outcome: 'won' },
}

/** Of everything made in this process: no two are alike. */
let count = 0

/** Makes things of any resource through its own operations, from the facts of its columns alone. */
export class ResourceMaker {
  readonly #call: Call
  readonly #person: { userId: string; townId: string }
  readonly #query: Query
  readonly #asAdmin: Call

  /**
   * `call` calls operations as `person`, through any door; `query` is the deployer's; `asAdmin` makes what admins alone
   * write, where things of the person refer to it.
   */
  constructor(call: Call, person: { userId: string; townId: string }, query: Query, asAdmin: Call = call) {
    this.#call = call
    this.#person = person
    this.#query = query
    this.#asAdmin = asAdmin
  }

  /** Stores one, with every field or only those that must be given. */
  async make(
    resource: ResourceFacts,
    fields: 'all' | 'required' = 'required',
    more: Value = {},
  ): Promise<Value> {
    const input: Value = { ...(await this.input(resource, fields)), ...more }
    if (hasVerb(resource, 'create')) return this.#call(`${resource.id}.create`, input)
    // What other systems keep is not made here: it is mirrored.
    const item = { ...input, externalId: input.externalId ?? `made ${count}` }
    const { ids } = await this.#call(`${resource.id}.upsert`, { items: [item] })
    return this.#call(`${resource.id}.get`, { id: Object.values(ids)[0] })
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
      input[toFieldName(column)] = await this.#value(resource, column, input)
    }
    return input
  }

  async #value(resource: ResourceFacts, column: string, given: Record<string, unknown>): Promise<unknown> {
    const { references, isNullable } = factsOfColumn(resource.table, column)
    if (resource.people.includes(column)) {
      const { userId } = this.#person
      return factsOfColumn(resource.table, column).type.endsWith('[]') ? [userId] : userId
    }
    if (references !== undefined) return this.#referenced(references, { resource, given })
    const name = NAMES[`${resource.table}.${column}`]
    if (name !== undefined) return name
    const schema = inputShape(resource)[toFieldName(column)]!
    const candidates = [plainValue(resource.table, column, count), ...FORMATTED.map((make) => make(count))]
    const fitting = candidates.find((value) => schema.safeParse(value).success)
    if (fitting === undefined && !isNullable) {
      throw new Error(`no value fits ${resource.id} ${column}: teach test/support/resource-maker.ts`)
    }
    return fitting
  }

  /** One that what refers to it may name: of the same whole, where both are parts of one. */
  async #referenced(
    table: string,
    by: { resource: ResourceFacts; given: Record<string, unknown> },
  ): Promise<string> {
    if (table === 'messages') return this.#message()
    const resource = resources.find((each) => each.table === table)
    if (resource && (hasVerb(resource, 'create') || hasVerb(resource, 'upsert'))) {
      const isAdmins = resource.writers === 'admin'
      const maker = isAdmins ? new ResourceMaker(this.#asAdmin, this.#person, this.#query) : this
      const { parent } = resource
      const isSibling = parent !== null && parent === by.resource.parent && toFieldName(parent) in by.given
      const more = isSibling ? { [toFieldName(parent)]: by.given[toFieldName(parent)] } : {}
      return (await maker.make(resource, 'required', { ...REFERRED[table], ...more })).id
    }
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

  /** A message of a conversation of the person's own. */
  async #message(): Promise<string> {
    const { id } = await this.#call('conversation.create', { personality: 'robbie-f', privacy: 'team' })
    const message = { role: 'user', at: '2026-01-01T12:00:00.000Z', content: `message ${count}` }
    const { ids } = await this.#call('conversation.append', { id, messages: [message] })
    return ids[0]
  }
}

/** The inputs of whatever makes one: create, or an item of upsert. */
function inputShape({ id }: ResourceFacts): Record<string, z.ZodType> {
  const create = operations.get(`${id}.create`)
  if (create) return create.input.shape as Record<string, z.ZodType>
  const items = operations.get(`${id}.upsert`)!.input.shape['items'] as z.ZodArray<z.ZodObject>
  return items.element.shape as Record<string, z.ZodType>
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
      // What has expired is found no more.
      return new Date(
        Date.UTC(column === 'expires_at' ? 2096 : 2026, 0, 1 + (n % 300), column.startsWith('end') ? 13 : 12),
      ).toISOString()
    case 'date':
      return `2026-0${1 + (n % 9)}-15`
    case 'time without time zone':
      return '09:30:00'
    case 'jsonb':
      return { n }
    case 'text[]':
      return [`word ${n}`]
    case 'uuid':
      return newId()
    case 'uuid[]':
      return []
    default:
      return undefined
  }
}
