import { randomUUID } from 'node:crypto'

import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { CatalogModel } from '../../src/catalog/model.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import { findSqlError } from '../../src/db/sql-error.ts'
import type { Tx } from '../../src/db/tx.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { actAs, foundTown, type Town } from '../support/found-town.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { callsAbout, type FunctionCall } from './function-calls.ts'
import { RowMaker } from './row-maker.ts'

/** No right, no setting, a setting that is no id, a parent that the town does not have. */
const REFUSALS = ['42501', '42704', '22P02', '23503']
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

type Run = (work: (tx: Tx) => Promise<string[]>) => Promise<string[]>

/** Names and types, as in `schema.name(p_id uuid, p_now timestamp with time zone)`. */
function parametersOf(signature: string): [name: string, type: string][] {
  const inside = signature.slice(signature.indexOf('(') + 1, -1)
  return inside === ''
    ? []
    : inside.split(', ').map((each) => {
        const [name, ...type] = each.split(' ')
        return [name!, type.join(' ')]
      })
}

eachBackend((backend) => {
  let test: TestDatabase
  let model: CatalogModel
  let ours: Town
  let foreign: Town
  /** By name, the functions that the application role may execute. */
  let signatures: Map<string, string>
  let calls: Record<string, FunctionCall>
  /** Ids that occur in our rows and in no row of the other town. */
  let marks: Set<string>

  beforeAll(async () => {
    test = await testDatabase(backend)
    const schemas = modules.map((module) => module.name)
    model = await test.database.session((session) => readCatalog(session, schemas))
    ours = await foundTown(test, { slug: 'ours', withPersonas: false })
    foreign = await foundTown(test, { slug: 'foreign', withPersonas: false })
    const callable = model.functions.filter((item) =>
      item.grants.some((grant) => grant.grantee === 'robbieverse_app'),
    )
    signatures = new Map(
      callable.map(({ signature }) => [signature.slice(0, signature.indexOf('(')), signature]),
    )
    expect(signatures.size, 'functions that share a name').toBe(callable.length)
    const rows = new RowMaker(test, model)
    await rows.fill(ours)
    await rows.fill(foreign)
    for (const { id } of [ours, foreign]) {
      await givePrompt(id)
      await test.query(`insert into journal.heads values ($1, 1000000, 1000000, '\\x')`, [id])
    }
    const idsOf = async (town: Town) =>
      new Set(
        Object.values(await rowsOf(town))
          .join()
          .match(UUID),
      )
    marks = (await idsOf(ours)).difference(await idsOf(foreign))
  })
  afterAll(() => test.drop())
  // What is made gets fresh ids each time: a clash with the time before would hide what a call does.
  beforeEach(async () => {
    calls = await callsAbout(ours, test)
  })

  /** Makes one of the town's personalities speak, in its default mood. */
  async function givePrompt(townId: string): Promise<void> {
    const [prompt] = await test.query<{ mood: string }>(
      `update persona.prompts set status = 'published', privacy = 'team'
       where (town_id, id) = (select town_id, id from persona.prompts where town_id = $1 limit 1) returning mood`,
      [townId],
    )
    await test.query('update persona.moods set is_default = true where town_id = $1 and name = $2', [
      townId,
      prompt!.mood,
    ])
  }

  /** The rows of a town in every table that has towns, as text. */
  async function rowsOf(town: Town): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    for (const { name, columns } of model.tables) {
      if (!columns.some((column) => column.name === 'town_id')) continue
      const [row] = await test.query<{ text: string | null }>(
        `select string_agg(t::text, ';' order by t::text) as text from ${name} t where town_id = $1`,
        [town.id],
      )
      found[name] = row!.text ?? ''
    }
    return found
  }

  /** Our rows, and all of the tables that have no town: people, towns, organizations. */
  async function everythingOfOurs(): Promise<Record<string, string>> {
    const found = await rowsOf(ours)
    for (const { name } of model.tables.filter((table) => !(table.name in found))) {
      const [row] = await test.query<{ text: string | null }>(
        `select string_agg(t::text, ';' order by t::text) as text from ${name} t`,
      )
      found[name] = row!.text ?? ''
    }
    return found
  }

  /** What a call answers, without what says nothing: null, no text, zero and no. */
  async function answers(tx: Tx, name: string): Promise<string[]> {
    const { values } = calls[name]!
    const places = parametersOf(signatures.get(name)!).map(
      ([parameter, type], index) => `${parameter} => $${index + 1}::${type}`,
    )
    const { rows } = await tx.executeQuery<{ text: string | null }>(
      CompiledQuery.raw(`select x::text as text from ${name}(${places.join(', ')}) x`, Object.values(values)),
    )
    return rows.map((row) => row.text ?? '').filter((answer) => !['', '0', 'false'].includes(answer))
  }

  async function attempt(run: Run, name: string): Promise<string | string[]> {
    try {
      return await run((tx) => answers(tx, name))
    } catch (error) {
      return findSqlError(error)?.code ?? String(error)
    }
  }

  /** A transaction in which somebody has set all that can be set, but for the town. */
  const withTownSetTo =
    (town: string | null): Run =>
    (work) =>
      test.database.transaction('write', async (tx) => {
        await sql`select set_config('app.user_id', ${ours.member.userId}, true), set_config('app.clearance', 'boss', true)`.execute(
          tx,
        )
        if (town !== null) await sql`select set_config('app.town_id', ${town}, true)`.execute(tx)
        return work(tx)
      })

  async function expectNothingOfOurs(run: Run, isEmpty: boolean): Promise<void> {
    const before = await everythingOfOurs()
    for (const [name, { mayTell, isOwn, isRefusedWith }] of Object.entries(calls)) {
      if (isOwn !== undefined) continue
      const outcome = await attempt(run, name)
      if (isRefusedWith !== undefined) expect(outcome, name).toBe(isRefusedWith)
      else if (typeof outcome === 'string') expect(REFUSALS, `${name}: ${outcome}`).toContain(outcome)
      else if (mayTell === undefined) {
        const ids = outcome.flatMap((answer) => answer.match(UUID) ?? [])
        expect(
          ids.filter((id) => marks.has(id)),
          name,
        ).toEqual([])
        if (isEmpty) expect(outcome, name).toEqual([])
      }
      expect(await everythingOfOurs(), name).toEqual(before)
    }
  }

  it('every function that requests may call is called below', () => {
    const called = Object.entries(calls).map(([name, { values }]) => [name, Object.keys(values)])
    const callable = [...signatures].map(([name, signature]) => [
      name,
      parametersOf(signature).map(([parameter]) => parameter),
    ])
    expect(called).toEqual(callable)
  })

  it('every call answers or writes for the owner of the town that it is about', async () => {
    const written = `select sum(n_tup_ins + n_tup_upd + n_tup_del)::integer as count from pg_stat_xact_all_tables`
    for (const [name, { isRefusedWith }] of Object.entries(calls)) {
      const work = actAs(test, ours.owner, async (tx) => {
        const count = async () =>
          (await tx.executeQuery<{ count: number }>(CompiledQuery.raw(written))).rows[0]!.count
        const before = await count()
        const answered = await answers(tx, name)
        const hasEffect = answered.length > 0 || (await count()) > before
        throw new Error(hasEffect ? 'it has an effect' : 'it does nothing')
      })
      const error: unknown = await work.catch((thrown: unknown) => thrown)
      expect(findSqlError(error)?.code ?? (error as Error).message, name).toBe(
        isRefusedWith ?? 'it has an effect',
      )
    }
  })

  describe('functions called with ids of ours tell nothing of ours and change nothing of ours', () => {
    it.each(['owner', 'member', 'guest'] as const)('for the %s of another town', (who) =>
      expectNothingOfOurs((work) => actAs(test, foreign[who], work), false),
    )

    it.each([
      { state: 'unset', town: null },
      { state: 'empty', town: '' },
      { state: 'malformed', town: 'ours' },
    ])('and nothing at all, while the town is $state', ({ town }) =>
      expectNothingOfOurs(withTownSetTo(town), true),
    )

    it('for one of ours in the town of others', () =>
      expectNothingOfOurs((work) => withTownSetTo(foreign.id)(work), false))

    it('in a town that nobody has', () => expectNothingOfOurs(withTownSetTo(randomUUID()), false))
  })
})
