import { randomUUID } from 'node:crypto'

import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { CatalogModel, TableModel } from '../../src/catalog/model.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import type { Tx } from '../../src/db/tx.ts'
import { findSqlError } from '../../src/db/sql-error.ts'
import type { Privacy } from '../../src/kernel/context.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../support/found-town.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { foreignKeysOf, RowMaker, type Row } from './row-maker.ts'

/** Named in the titles of the tests; the first test proves that the live catalogue has no others. */
const declared = modules.flatMap((module) =>
  module.tables.map((table) => ({ ...table, full: `${module.name}.${table.name}` })),
)
const tenantNames = declared.filter((table) => table.kind === 'tenant').map((table) => table.full)
const sealedNames = declared.filter((table) => table.kind === 'sealed').map((table) => table.full)

eachBackend((backend) => {
  let test: TestDatabase
  let model: CatalogModel
  let rows: RowMaker
  let ours: Town
  let foreign: Town

  const tableOf = (name: string): TableModel => model.tables.find((table) => table.name === name)!

  beforeAll(async () => {
    test = await testDatabase(backend)
    model = await test.database.session((session) =>
      readCatalog(
        session,
        modules.map((module) => module.name),
      ),
    )
    ours = await foundTown(test, { slug: 'ours', withPersonas: false })
    foreign = await foundTown(test, { slug: 'foreign', withPersonas: false })
    rows = new RowMaker(test, model)
    await rows.fill(ours)
    await rows.fill(foreign)
  })
  afterAll(() => test.drop())

  /** A row of the other town that its member may see and, where anybody may, change. */
  const ownRow = (name: string): Row =>
    rows.made(name, foreign.id).find((row) => row['privacy'] !== 'boss_only')!

  /** Every row of every table as the deployer sees it: what must not change. */
  async function everything(): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    for (const { name } of model.tables) {
      const [row] = await test.query<{ hash: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' order by t::text)), '') as hash from ${name} t`,
      )
      found[name] = row!.hash
    }
    return found
  }

  /** What a statement did: rows it returned or touched, or the SQLSTATE it was refused with. */
  async function attempt(
    run: (work: (tx: Tx) => Promise<number>) => Promise<number>,
    text: string,
    values: unknown[] = [],
  ) {
    try {
      return await run((tx) => execute(tx, text, values))
    } catch (error) {
      return findSqlError(error)?.code ?? String(error)
    }
  }

  const asPerson = (person: Person) => (work: (tx: Tx) => Promise<number>) => actAs(test, person, work)

  /** A transaction in which somebody has set all that can be set, but for the town. */
  const withTownSetTo = (town: string | null) => (work: (tx: Tx) => Promise<number>) =>
    test.database.transaction('write', async (tx) => {
      await sql`select set_config('app.user_id', ${ours.member.userId}, true), set_config('app.clearance', 'boss', true)`.execute(
        tx,
      )
      if (town !== null) await sql`select set_config('app.town_id', ${town}, true)`.execute(tx)
      return work(tx)
    })

  /** The statements that try to get at our rows of a table, or to put rows among them. */
  function attacks(table: TableModel): { what: string; text: string; values: unknown[] }[] {
    const sample = rows.made(table.name, ours.id)[0]!
    const columns = Object.keys(sample)
    const places = columns.map((_, index) => `$${index + 1}`).join(', ')
    const values = columns.map((name) => (name === 'id' ? randomUUID() : sample[name]))
    const { name } = table
    return [
      { what: 'select', text: `select 1 from ${name} where town_id = $1`, values: [ours.id] },
      { what: 'select by id', text: `select 1 from ${name} where id = $1`, values: [sample['id']] },
      { what: 'update', text: `update ${name} set privacy = 'public' where town_id = $1`, values: [ours.id] },
      {
        what: 'update by id',
        text: `update ${name} set created_by = $1 where id = $2`,
        values: [foreign.owner.userId, sample['id']],
      },
      { what: 'delete', text: `delete from ${name} where town_id = $1`, values: [ours.id] },
      { what: 'delete by id', text: `delete from ${name} where id = $1`, values: [sample['id']] },
      { what: 'insert', text: `insert into ${name} (${columns.join(', ')}) values (${places})`, values },
    ]
  }

  describe('the catalogue', () => {
    it('has exactly the tenant and sealed tables that the modules declare', () => {
      const forced = model.tables.filter((table) => table.rowSecurity === 'forced').map((table) => table.name)
      expect(forced.toSorted()).toEqual(tenantNames.toSorted())
      expect(model.tables.map((table) => table.name).toSorted()).toEqual(
        declared.map((table) => table.full).toSorted(),
      )
    })

    it.each(tenantNames)('%s has rows of both towns for the tests below to be about', async (name) => {
      expect(rows.made(name, ours.id).length).toBeGreaterThan(0)
      expect(rows.made(name, foreign.id).length).toBeGreaterThan(0)
    })
  })

  describe('somebody of another town', () => {
    it.each(tenantNames)('neither sees nor touches rows of %s', async (name) => {
      const before = await everything()
      for (const person of [foreign.owner, foreign.member, foreign.guest]) {
        for (const { what, text, values } of attacks(tableOf(name))) {
          const outcome = await attempt(asPerson(person), text, values)
          if (what === 'insert') expect(outcome, what).toBe('42501')
          else expect([0, '42501'], `${what}: ${outcome}`).toContain(outcome)
        }
      }
      expect(await everything()).toEqual(before)
    })

    it.each(tenantNames)('cannot move rows of their own to ours in %s', async (name) => {
      const before = await everything()
      const move = `update ${name} set town_id = $1 where id = $2`
      const outcome = await attempt(asPerson(foreign.member), move, [ours.id, ownRow(name)['id']])
      expect(outcome).toBe('42501')
      expect(await everything()).toEqual(before)
    })

    it.each(tenantNames)('cannot refer to our rows from %s', async (name) => {
      const keys = foreignKeysOf(tableOf(name)).filter((key) => tenantNames.includes(key.table))
      for (const key of keys) {
        const [town, ...others] = key.references
        expect(town, key.name).toBe('town_id')
        const theirs = rows.made(key.table, foreign.id)
        const parent = rows
          .made(key.table, ours.id)
          .find((row) => !theirs.some((own) => others.every((column) => own[column] === row[column])))
        // A name that both towns have, such as a mood's, finds the town's own row.
        if (!parent) continue
        const before = await everything()
        const sets = key.columns.slice(1).map((column, index) => `${column} = $${index + 2}`)
        const outcome = await attempt(
          asPerson(foreign.member),
          `update ${name} set ${sets.join(', ')} where id = $1`,
          [ownRow(name)['id'], ...others.map((column) => parent[column])],
        )
        expect(['23503', '42501'], `${key.name}: ${outcome}`).toContain(outcome)
        expect(await everything()).toEqual(before)
      }
    })

    it('sees only people, towns and organizations of their own', async () => {
      const seen = await actAs(test, foreign.owner, async (tx) => ({
        users: (await sql<{ id: string }>`select id from identity.users`.execute(tx)).rows.map(
          (row) => row.id,
        ),
        towns: (await sql<{ id: string }>`select id from town.towns`.execute(tx)).rows.map((row) => row.id),
        parts: (await sql<{ town_id: string }>`select town_id from town.organization_towns`.execute(tx)).rows,
      }))
      expect(seen.users.toSorted()).toEqual(
        [foreign.owner, foreign.member, foreign.other, foreign.guest]
          .map((person) => person.userId)
          .toSorted(),
      )
      expect(seen.towns).toEqual([foreign.id])
      expect(seen.parts.every((row) => row.town_id === foreign.id)).toBe(true)
    })
  })

  describe.each([
    { state: 'unset', town: null },
    { state: 'empty', town: '' },
    { state: 'malformed', town: 'ours' },
    { state: 'one that nobody has', town: randomUUID() },
  ])('a town that is $state', ({ town }) => {
    it.each(tenantNames)('yields nothing and writes nothing in %s', async (name) => {
      const before = await everything()
      for (const { what, text, values } of attacks(tableOf(name))) {
        const outcome = await attempt(withTownSetTo(town), text, values)
        if (what === 'insert') expect(['42501', '22P02'], `${what}: ${outcome}`).toContain(outcome)
        else expect([0, '42501', '22P02'], `${what}: ${outcome}`).toContain(outcome)
      }
      expect([0, '22P02']).toContain(await attempt(withTownSetTo(town), `select 1 from ${name}`))
      expect(await everything()).toEqual(before)
    })
  })

  describe('a row', () => {
    const visible: Record<Privacy, (keyof Omit<Town, 'id' | 'slug'>)[]> = {
      public: ['owner', 'member', 'other', 'guest'],
      team: ['owner', 'member', 'other'],
      private: ['member'],
      boss_only: ['owner'],
    }

    it.each(tenantNames)('of %s is seen by those its privacy names', async (name) => {
      for (const who of ['owner', 'member', 'other', 'guest'] as const) {
        const seen = await actAs(
          test,
          ours[who],
          async (tx) =>
            (await sql<{ id: string }>`select id from ${sql.table(name)}`.execute(tx)).rows.map(
              (row) => row.id,
            ),
          'read',
        )
        const expected = rows
          .made(name, ours.id)
          .filter((row) => visible[row['privacy'] as Privacy].includes(who))
          .map((row) => row['id'])
        expect(seen.toSorted(), who).toEqual(expected.toSorted())
      }
    })

    it.each(tenantNames)('of %s is not changed by those who may not see it', async (name) => {
      const before = await everything()
      for (const row of rows.made(name, ours.id)) {
        for (const who of ['owner', 'member', 'other', 'guest'] as const) {
          if (visible[row['privacy'] as Privacy].includes(who)) continue
          for (const text of [
            `update ${name} set privacy = 'team' where id = $1`,
            `delete from ${name} where id = $1`,
          ]) {
            expect([0, '42501'], `${who}: ${text}`).toContain(
              await attempt(asPerson(ours[who]), text, [row['id']]),
            )
          }
        }
      }
      expect(await everything()).toEqual(before)
    })

    it.each(tenantNames)('of %s is neither made nor changed by a guest', async (name) => {
      const before = await everything()
      const sample = rows.made(name, ours.id)[0]!
      const row: Row = { ...sample, id: randomUUID(), privacy: 'public', created_by: ours.guest.userId }
      const names = Object.keys(row)
      const places = names.map((_, index) => `$${index + 1}`).join(', ')
      const insert = `insert into ${name} (${names.join(', ')}) values (${places})`
      expect(await attempt(asPerson(ours.guest), insert, Object.values(row))).toBe('42501')
      const update = `update ${name} set privacy = privacy where privacy = 'public'`
      expect([0, '42501']).toContain(await attempt(asPerson(ours.guest), update))
      expect(await everything()).toEqual(before)
    })

    it.each(tenantNames)('of %s is not made in the name of somebody else as private', async (name) => {
      const sample = rows.made(name, ours.id)[0]!
      const row: Row = { ...sample, id: randomUUID(), privacy: 'private', created_by: ours.other.userId }
      const names = Object.keys(row)
      const places = names.map((_, index) => `$${index + 1}`).join(', ')
      const insert = `insert into ${name} (${names.join(', ')}) values (${places})`
      expect(await attempt(asPerson(ours.member), insert, Object.values(row))).toBe('42501')
    })
  })

  describe('a sealed table', () => {
    it.each(sealedNames)(
      '%s is granted to nobody and shows nothing, not even to the owner of a town',
      async (name) => {
        expect(tableOf(name).grants).toEqual([])
        for (const command of ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) {
          const [row] = await test.query<{ may: boolean }>(
            `select has_table_privilege('robbieverse_app', $1, $2) as may`,
            [name, command],
          )
          expect(row, command).toEqual({ may: false })
        }
        for (const text of [`select 1 from ${name}`, `delete from ${name}`]) {
          expect(await attempt(asPerson(ours.owner), text)).toBe('42501')
        }
      },
    )
  })
})

async function execute(tx: Tx, text: string, values: unknown[]): Promise<number> {
  const result = await tx.executeQuery(CompiledQuery.raw(text, values))
  return result.numAffectedRows === undefined ? result.rows.length : Number(result.numAffectedRows)
}
