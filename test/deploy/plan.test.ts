import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Session } from '../../src/db/database.ts'
import { planReadOnly, type Plan } from '../../src/deploy/plan.ts'
import { LOCK_MODES, type LockMode } from '../../src/deploy/effects.ts'
import { findSqlError } from '../../src/db/sql-error.ts'
import { modules as realModules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { deploy, wipe } from './deployed.ts'
import { currentModules, earlierModules, moduleOf } from './fixture-modules.ts'

const golden = new URL('../golden/plan/', import.meta.url)
const cases = readdirSync(golden)

const readCase = (name: string, file: string) => readFileSync(new URL(`${name}/${file}`, golden), 'utf8')

/** A module whose first migration is the case's `before` and is applied, and whose second one is planned. */
async function planCase(test: TestDatabase, name: string): Promise<Plan> {
  const before = readCase(name, 'before.sql')
  const change = readCase(name, 'migration.sql')
  const [found] = await test.query<{ is_deployed: boolean }>(
    `select to_regclass('golden.places') is not null as is_deployed`,
  )
  if (!found!.is_deployed) await deploy(test, [moduleOf('golden', { migrations: { before } })])
  const modules = [moduleOf('golden', { migrations: { before, change } })]
  return test.database.session((session) => planReadOnly(session, modules))
}

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())

  describe('the plan of a change', () => {
    it.each(cases)('names its locks, hazards and rewrites: %s', async (name) => {
      const { steps } = await planCase(test, name)
      expect(steps).toHaveLength(1)
      const found = steps[0]!.statements.map(({ line, locks, rewrites, hazards }) => ({
        line,
        locks,
        rewrites: rewrites.map(({ relation, rows }) => ({ relation, rows })),
        hazards,
      }))
      const url = new URL(`${name}/plan.json`, golden)
      if (process.env['UPDATE_GOLDEN'] && !existsSync(url))
        writeFileSync(url, `${JSON.stringify(found, null, 2)}\n`)
      expect(found).toEqual(JSON.parse(readFileSync(url, 'utf8')))
      for (const rewrite of steps[0]!.statements.flatMap((statement) => statement.rewrites)) {
        expect(rewrite.bytes).toBeGreaterThan(8192)
      }
    })
  })

  describe('planning', () => {
    beforeEach(() => wipe(test))

    it('cannot write: the server itself refuses', async () => {
      await deploy(test, earlierModules())
      const error: unknown = await test.database
        .session((session) => planReadOnly(writingSession(session), currentModules()))
        .then(
          () => null,
          (thrown: unknown) => thrown,
        )
      expect(findSqlError(error)).toMatchObject({ code: '25006' })
      expect(await test.query(`select to_regclass('public.sneaked_in') as found`)).toEqual([{ found: null }])
    })

    it('takes no transaction number, changes no row and leaves no transaction open', async () => {
      await deploy(test, earlierModules())
      const counts = 'select count(*) as n, max(applied_at) as last from robbieverse.objects'
      const before = await test.query(counts)
      await test.database.session(async (session) => {
        const next = 'select pg_snapshot_xmax(pg_current_snapshot())::text as next'
        const first = await session.query(next)
        const plan = await planReadOnly(session, currentModules())
        expect(plan.steps.map((step) => step.id)).toContain('atlas/2')
        // On a server other tests take numbers meanwhile; nobody else is in the embedded database.
        if (backend === 'embedded') expect(await session.query(next)).toEqual(first)
        const [open] = await session.query('select pg_current_xact_id_if_assigned() as open')
        expect(open).toEqual({ open: null })
      })
      expect(await test.query(counts)).toEqual(before)
      expect((await deploy(test, currentModules())).plan.steps[0]?.id).toBe('atlas/2')
    })

    it('tells what was changed by hand, for which the deploy would be refused', async () => {
      await deploy(test, earlierModules())
      await test.query('drop index atlas.places_created_at_idx')
      const plan = await test.database.session((session) => planReadOnly(session, currentModules()))
      expect(plan.drift.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'missing table atlas.places / index places_created_at_idx',
      ])
    })

    it('of an empty database shows every step and makes nothing', async () => {
      const plan = await test.database.session((session) => planReadOnly(session, realModules))
      expect(plan.steps.map((step) => step.id)).toEqual(
        expect.arrayContaining(['deploy/bootstrap', 'memory/1', 'search/functions.sql']),
      )
      expect(plan.steps.flatMap((step) => step.statements.flatMap((statement) => statement.hazards))).toEqual(
        [],
      )
      expect(
        await test.query(`select 1 from pg_namespace where nspname in ('robbieverse', 'memory')`),
      ).toEqual([])
    })
  })
})

/** A session that tries to write whenever it is asked to read, as a planner with a defect would. */
function writingSession(session: Session): Session {
  return {
    ...session,
    query: async <Row extends object>(text: string, values?: unknown[]) => {
      await session.exec('create table public.sneaked_in (id integer)')
      return session.query<Row>(text, values)
    },
  }
}

onBackend('server', (backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  const transactional = cases.filter((name) => !readCase(name, 'migration.sql').includes('no-transaction'))

  // The judge is PostgreSQL: what it really locks and rewrites is what the plan must have said.
  it.each(transactional)('the server locks and rewrites what the plan says: %s', async (name) => {
    const { steps } = await planCase(test, name)
    await test.database.session(async (session) => {
      const before = await tablesOf(session)
      for (const statement of steps[0]!.statements) {
        await session.exec('begin')
        await session.exec(statement.sql)
        const planned = statement.locks.map(({ relation, mode }) => [relation, mode])
        expect(await heldLocks(session, before), statement.sql).toEqual(Object.fromEntries(planned))
        // Truncating and dropping replace the file too; they are told as destroying data.
        if (!statement.hazards.includes('destroys-data')) {
          const after = await tablesOf(session)
          const rewritten = before.filter(({ oid, file }) =>
            after.every((table) => table.oid !== oid || table.file !== file),
          )
          expect(
            rewritten.map((table) => table.name),
            statement.sql,
          ).toEqual(statement.rewrites.map((item) => item.relation))
        }
        await session.exec('commit')
      }
    })
  })
})

type Table = { name: string; oid: string; file: string }

function tablesOf(session: Session): Promise<Table[]> {
  return session.query<Table>(
    `select n.nspname || '.' || c.relname as name, c.oid::text as oid, pg_relation_filenode(c.oid)::text as file
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'golden' and c.relkind = 'r' order by 1`,
  )
}

/** The strongest lock of this session on each table; those of mere readers are left out, they block nobody. */
async function heldLocks(session: Session, tables: Table[]): Promise<Record<string, LockMode>> {
  const rows = await session.query<{ oid: string; mode: string }>(
    `select l.relation::text as oid, l.mode from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'relation'`,
  )
  const held: Record<string, LockMode> = {}
  for (const { name, oid } of tables) {
    const levels = rows.filter((row) => row.oid === oid).map((row) => LOCK_MODES.indexOf(asWritten(row.mode)))
    const strongest = LOCK_MODES[Math.max(-1, ...levels)]
    if (strongest) held[name] = strongest
  }
  return held
}

/** `AccessExclusiveLock` as `ACCESS EXCLUSIVE`. */
function asWritten(mode: string): LockMode {
  return mode
    .slice(0, -'Lock'.length)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase() as LockMode
}
