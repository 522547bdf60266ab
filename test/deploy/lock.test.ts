import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Session } from '../../src/db/database.ts'
import type { Tx } from '../../src/db/tx.ts'
import { withDeployLock } from '../../src/deploy/lock.ts'
import { planReadOnly } from '../../src/deploy/plan.ts'
import { readStatusInside } from '../../src/deploy/verify.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { deploy, refusal, statusOf, wipe } from './deployed.ts'
import { currentModules } from './fixture-modules.ts'

onBackend('server', (backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  /** Holds the deploy lock in a session of its own while `work` runs. */
  const whileLocked = (work: () => Promise<void>) =>
    test.database.session((session) => withDeployLock(session, 1_000, work))

  describe('a deploy', () => {
    it('gives up with a clear error when another one holds the lock for too long', async () => {
      await whileLocked(async () => {
        const error = await refusal(deploy(test, currentModules(), { lockLimitMs: 250 }))
        expect(error).toMatchObject({ code: 'DEPLOY_LOCK_TIMEOUT', data: { waitedMs: 250 } })
      })
      expect((await deploy(test, currentModules())).plan.steps).not.toEqual([])
    })

    it('goes on when the other one ends', async () => {
      let waiting: ReturnType<typeof deploy> | undefined
      await whileLocked(async () => {
        waiting = deploy(test, currentModules(), { lockLimitMs: 60_000 })
        await untilPolled()
      })
      expect((await waiting!).plan.steps).not.toEqual([])
    })

    it('waits without a snapshot, so that the other one can build indexes concurrently', async () => {
      await test.query('create table public.big (id integer)')
      let waiting: ReturnType<typeof deploy> | undefined
      await whileLocked(async () => {
        waiting = deploy(test, currentModules(), { lockLimitMs: 60_000 })
        await untilPolled()
        // With pg_advisory_lock in place of polling these two would wait for each other until one is killed.
        await test.query('create index concurrently big_idx on public.big (id)')
      })
      await waiting
      await test.query('drop table public.big')
    })

    it('releases the lock when it fails', async () => {
      await test.query('create schema atlas')
      await refusal(deploy(test, currentModules()))
      await test.query('drop schema atlas')
      expect((await deploy(test, currentModules(), { lockLimitMs: 250 })).plan.steps).not.toEqual([])
    })
  })

  describe('while a deploy runs', () => {
    it('the status says so and does not guess', async () => {
      await deploy(test, currentModules())
      // What a deploy in the middle of its work may show: something is gone that comes back.
      await test.query('drop index atlas.visits_at_idx')
      await whileLocked(async () => {
        const status = await statusOf(test, currentModules())
        expect(status).toMatchObject({
          isDeploying: true,
          drift: [{ kind: 'unknown', path: 'a deploy is running right now' }],
        })
      })
      const status = await statusOf(test, currentModules())
      expect(status).toMatchObject({ isDeploying: false })
      expect(status.drift.map(({ path }) => path)).toEqual(['table atlas.visits / index visits_at_idx'])
    })

    it('a request of the application role is told so, too', async () => {
      await deploy(test, currentModules())
      const ask = () =>
        test.database.transaction('read', (tx) =>
          readStatusInside(sessionOf(tx), currentModules(), { withDrift: true }),
        )
      await whileLocked(async () => {
        expect(await ask()).toMatchObject({ isDeploying: true, drift: [{ kind: 'unknown' }] })
      })
      expect(await ask()).toMatchObject({ isDeploying: false, drift: [] })
    })

    it('a plan is refused', async () => {
      const plan = () => test.database.session((session) => planReadOnly(session, currentModules()))
      await whileLocked(async () => {
        expect(await refusal(plan())).toMatchObject({ code: 'DEPLOY_RUNNING' })
      })
      expect((await plan()).steps).not.toEqual([])
    })
  })

  it('a deploy waits until a status is read, and statuses do not wait for each other', async () => {
    await deploy(test, currentModules())
    await test.database.session(async (session) => {
      await session.exec('begin read only')
      expect(await readStatusInside(session, currentModules(), { withDrift: true })).toMatchObject({
        drift: [],
      })
      expect(await statusOf(test, currentModules())).toMatchObject({ isDeploying: false })
      expect(await refusal(deploy(test, currentModules(), { lockLimitMs: 250 }))).toMatchObject({
        code: 'DEPLOY_LOCK_TIMEOUT',
      })
      await session.exec('rollback')
    })
    expect((await deploy(test, currentModules(), { lockLimitMs: 250 })).plan.steps).toEqual([])
  })

  /** A request's transaction, as the status operation hands it on. */
  const sessionOf = (tx: Tx): Session => ({
    backend,
    query: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await tx.executeQuery<Row>(CompiledQuery.raw(text, values))).rows,
    exec: async (text) => void (await tx.executeQuery(CompiledQuery.raw(text))),
  })

  /** Until a second session of ours has asked for the lock at least once. */
  async function untilPolled(): Promise<void> {
    await vi.waitFor(
      async () => {
        const asked = await test.query(
          `select 1 from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_try_advisory_lock%'
             and state = 'idle'`,
        )
        expect(asked.length).toBeGreaterThan(0)
      },
      { timeout: 30_000 },
    )
  }
})
