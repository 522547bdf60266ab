import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { foundTown, type Person, type Town } from '../support/found-town.ts'
import { operationsAs, type Value } from '../support/operation-context.ts'
import { hasVerb, ResourceMaker, resources } from '../support/resource-maker.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { tableProofs, type Call } from './table-proofs.ts'

const kinds = new Map(
  modules.flatMap((module) => module.operations).map((operation) => [operation.id, operation.kind]),
)
const schemas = new Map(modules.flatMap(({ name, tables }) => tables.map((table) => [table.name, name])))

/** Those that the kit's operations write and read themselves. */
const made = resources.filter(
  (each) => (hasVerb(each, 'create') || hasVerb(each, 'upsert')) && hasVerb(each, 'get'),
)

let count = 0

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Person
  /** Operations that were called, in their order. */
  const called: string[] = []
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    await as(town.owner)('town.create', { slug: 'abroad', name: 'Abroad' })
    abroad = await keyOf('abroad')
  })
  afterAll(() => test.drop())

  /** Calls as the person; `operation@town` as the owner in another of their towns. */
  function as(person: Person): Call {
    return async (name, input = {}, idempotencyKey) => {
      const [operation, slug] = name.split('@') as [string, string | undefined]
      called.push(operation)
      return operationsAs(test, slug === undefined ? person : await keyOf(slug))(
        operation,
        input,
        idempotencyKey,
      )
    }
  }

  async function keyOf(slug: string): Promise<Person> {
    const request = { name: `for ${slug}`, town: slug }
    const { key, id } = await operationsAs(test, town.owner)('identity.keys.create', request)
    return { ...town.owner, key, keyId: id }
  }

  const rowsOf = (table: string) => test.query<Value>(`select * from ${schemas.get(table)}.${table}`)

  it('leaves out no table that keeps rows of towns', async () => {
    const tables = await test.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and c.relforcerowsecurity and n.nspname = any($1)
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'town_id')`,
      [modules.map((module) => module.name)],
    )
    expect(tables.length).toBeGreaterThan(90)
    const proved = [...Object.keys(tableProofs), ...made.map((resource) => resource.table)]
    expect(tables.map(({ name }) => name).filter((name) => !proved.includes(name))).toEqual([])
    expect(proved.filter((name, index) => proved.indexOf(name) !== index)).toEqual([])
  })

  describe('through operations of its own', () => {
    it.each(made.map((resource) => [resource.table, resource] as const))(
      '%s is written and read',
      async (table, resource) => {
        const before = new Set((await rowsOf(table)).map((row) => row.id))
        const maker = new ResourceMaker(as(town.owner), town.owner, test.query)
        const { id } = await maker.make(resource, 'all')
        const row = (await rowsOf(table)).find((each) => each.id === id)
        expect(before.has(id)).toBe(false)
        expect(row).toMatchObject({ town_id: town.id, version: 1 })
        const shown = await as(town.owner)(`${resource.id}.get`, { id })
        expect(shown).toMatchObject({ id, version: 1, createdAt: row.created_at.toISOString() })
      },
    )
  })

  describe('through operations that say more than to keep it', () => {
    it.each(Object.entries(tableProofs))('%s is written and read', async (table, proof) => {
      const before = new Set((await rowsOf(table)).map(idOf))
      called.length = 0
      const shown = await proof.prove({
        call: as(town.owner),
        abroad: as(abroad),
        abroadSlug: 'abroad',
        fresh: (word) => `${word}-${(count += 1)}`,
      })
      expect([proof.writtenBy, ...called.slice(-1)]).toEqual([
        called.find((id) => id === proof.writtenBy && kinds.get(id) === 'command'),
        proof.readBy,
      ])
      const rows = (await rowsOf(table)).filter((row) => !before.has(idOf(row)))
      expect(rows.length).toBeGreaterThan(0)
      const values = valuesIn(shown)
      const isShown = (row: Value) => {
        const wanted = valuesIn(row[proof.shows]).filter((value) => value !== null)
        return wanted.length > 0 && wanted.every((value) => values.includes(value))
      }
      expect(rows.some(isShown)).toBe(true)
    })
  })
})

/** Every text and number within an answer. */
function valuesIn(answer: Value): unknown[] {
  return typeof answer === 'object' && answer !== null ? Object.values(answer).flatMap(valuesIn) : [answer]
}

/** What tells a row from others; members of towns have no id of their own. */
function idOf(row: Value): string {
  return row.id ?? `${row.town_id} ${row.user_id}`
}
