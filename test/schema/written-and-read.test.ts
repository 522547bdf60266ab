import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { foundTown, type Person, type Town } from '../support/found-town.ts'
import { operationsAs, type Value } from '../support/operation-context.ts'
import { hasVerb, ResourceMaker, resources } from '../support/resource-maker.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { openSignInDoor, type SignInDoor } from './sign-in-door.ts'
import { OPEN_LINK, tableProofs, type Call } from './table-proofs.ts'

const kinds = new Map(
  modules.flatMap((module) => module.operations).map((operation) => [operation.id, operation.kind]),
)
// No operation: what a browser asks for when somebody opens a link. It begins a session.
kinds.set(OPEN_LINK, 'command')
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
  let door: SignInDoor
  /** Operations that were called, in their order. */
  const called: string[] = []
  /** Runs after each of them. */
  let afterCall: (operation: string) => Promise<void> = async () => {}
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    await as(town.owner)('town.create', { slug: 'abroad', name: 'Abroad' })
    abroad = await keyOf('abroad')
    door = await openSignInDoor(test)
  })
  afterAll(async () => {
    await door.close()
    await test.drop()
  })

  /** Calls as the person; `operation@town` as the owner in another of their towns. */
  function as(person: Person): Call {
    return async (name, input = {}, idempotencyKey) => {
      const [operation, slug] = name.split('@') as [string, string | undefined]
      if (operation === 'identity.sign_in_link') return noted(operation, door.makeLink(person, input))
      const call = operationsAs(test, slug === undefined ? person : await keyOf(slug))
      return noted(operation, call(operation, input, idempotencyKey))
    }
  }

  async function noted(operation: string, answer: Promise<Value>): Promise<Value> {
    called.push(operation)
    const value = await answer
    await afterCall(operation)
    return value
  }

  async function keyOf(slug: string): Promise<Person> {
    const request = { name: `for ${slug}`, town: slug }
    const { key, id } = await operationsAs(test, town.owner)('identity.keys.create', request)
    return { ...town.owner, key, keyId: id }
  }

  const rowsOf = (table: string) => test.query<Value>(`select * from ${schemas.get(table)}.${table}`)

  it('leaves out no table', async () => {
    const tables = await test.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname = any($1)`,
      [modules.map((module) => module.name)],
    )
    expect(tables.length).toBeGreaterThan(100)
    const proved = [...Object.keys(tableProofs), ...made.map((resource) => resource.table)]
    expect(proved.toSorted()).toEqual(tables.map(({ name }) => name).toSorted())
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
      const before = new Set((await rowsOf(table)).map(textOf))
      called.length = 0
      // Some rows are used up by being read: each is looked for right after it was to be written.
      const written: Value[] = []
      afterCall = async (operation) => {
        if (operation !== proof.writtenBy) return
        written.push(...(await rowsOf(table)).filter((row) => !before.has(textOf(row))))
      }
      const shown = await proof.prove({
        call: as(town.owner),
        abroad: as(abroad),
        abroadSlug: 'abroad',
        open: (link) => noted(OPEN_LINK, door.open(link)),
        fresh: (word) => `${word}-${(count += 1)}`,
      })
      expect([proof.writtenBy, ...called.slice(-1)]).toEqual([
        called.find((id) => id === proof.writtenBy && kinds.get(id) === 'command'),
        proof.readBy,
      ])
      expect(written.length).toBeGreaterThan(0)
      const values = valuesIn(shown)
      const isShown = (row: Value) => {
        const cell = typeof proof.shows === 'string' ? row[proof.shows] : proof.shows(row)
        const wanted = valuesIn(cell).filter((value) => value !== null)
        return wanted.length > 0 && wanted.every((value) => values.includes(value))
      }
      expect(written.some(isShown)).toBe(true)
    })
  })
})

/** Every text and number within an answer. */
function valuesIn(answer: Value): unknown[] {
  return typeof answer === 'object' && answer !== null ? Object.values(answer).flatMap(valuesIn) : [answer]
}

const textOf = (row: Value) => JSON.stringify(row)
