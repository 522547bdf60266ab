import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Module } from '../../src/db/module.ts'
import { openServer } from '../../src/db/open.ts'
import { applyDeploy } from '../../src/deploy/apply.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules as realModules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, databaseName, deploy, refusal, statusOf, wipe } from './deployed.ts'
import { currentModules, earlierModules, moduleOf } from './fixture-modules.ts'

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  describe('a deploy', () => {
    it('to an empty database brings everything, and the second one finds nothing to do', async () => {
      const first = await deploy(test, realModules)
      expect(first.plan).toMatchObject({ backend, appliedCount: 0 })
      expect(first.plan.steps[0]?.id).toBe('deploy/bootstrap')
      const after = await catalogOf(test, realModules)
      expect(after.tables.map((table) => table.name)).toContain('memory.ai_memories')
      const second = await deploy(test, realModules)
      expect(second.plan.steps).toEqual([])
      expect(await catalogOf(test, realModules)).toEqual(after)
      expect(await statusOf(test, realModules)).toMatchObject({ isDeployed: true, pending: [], drift: [] })
    })

    it('applies the modules after those they depend on, each migration once', async () => {
      const modules = currentModules()
      const { plan } = await deploy(test, modules.toReversed())
      expect(plan.steps.map((step) => step.id)).toEqual([
        'deploy/bootstrap',
        'atlas/schema',
        'atlas/1',
        'atlas/2',
        'atlas/3',
        'atlas/protection',
        'atlas/comments.sql',
        'atlas/functions.sql',
        'harbour/schema',
        'harbour/1',
        'harbour/protection',
        'harbour/comments.sql',
      ])
      const { applied } = await statusOf(test, modules)
      expect(applied.map(({ id, state }) => `${id} ${state}`)).toEqual([
        'atlas/1 applied',
        'atlas/2 applied',
        'atlas/3 applied',
        'harbour/1 applied',
      ])
    })

    it('of a newer version applies what is new and re-applies objects that changed', async () => {
      await deploy(test, earlierModules())
      const modules = currentModules()
      const { plan } = await deploy(test, modules)
      expect(plan.appliedCount).toBe(1)
      expect(plan.steps.map((step) => step.id)).toEqual([
        'atlas/2',
        'atlas/3',
        'atlas/protection',
        'atlas/comments.sql',
        'atlas/functions.sql',
        'harbour/schema',
        'harbour/1',
        'harbour/protection',
        'harbour/comments.sql',
      ])
      expect(await statusOf(test, modules)).toMatchObject({ pending: [], drift: [] })
    })

    it('creates nothing that belongs to a superuser', async () => {
      await deploy(test, realModules)
      const owners = await test.query<{ owner: string }>(
        `select distinct pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = any ($1)`,
        [['robbieverse', ...realModules.map((module) => module.name)]],
      )
      expect(owners).toEqual([{ owner: 'robbieverse_owner' }])
    })

    it('leaves the session as it found it', async () => {
      const [before, after] = await test.database.session(async (session) => {
        const shown = `select current_user, current_setting('search_path') as path`
        const [first] = await session.query(shown)
        await applyDeploy(session, currentModules(), { clock: systemClock })
        const [second] = await session.query(shown)
        return [first, second]
      })
      expect(after).toEqual(before)
    })

    it('tells of each statement before it runs', async () => {
      const told: string[] = []
      const { plan } = await deploy(test, currentModules(), {
        onStatement: (step, index) => told.push(`${step.id} ${index}`),
      })
      expect(told).toEqual(
        plan.steps.flatMap((step) => step.statements.map((_, index) => `${step.id} ${index}`)),
      )
    })

    it('is refused where its schemas exist already without a ledger', async () => {
      await test.query('create schema atlas')
      const error = await refusal(deploy(test, currentModules()))
      expect(error).toMatchObject({ code: 'DEPLOY_NOT_EMPTY', data: { schemas: ['atlas'] } })
      expect(await test.query(`select 1 from pg_namespace where nspname = 'robbieverse'`)).toEqual([])
    })

    it('does not mind a legacy estate in public', async () => {
      await test.query('create table public.places (id integer)')
      try {
        await deploy(test, currentModules())
        expect((await statusOf(test, currentModules())).drift).toEqual([])
      } finally {
        await test.query('drop table public.places')
      }
    })
  })

  describe('the status', () => {
    it('of an empty database says that nothing was deployed', async () => {
      const status = await statusOf(test, currentModules())
      expect(status).toMatchObject({ isDeployed: false, applied: [], drift: [] })
      expect(status.pending).toContain('atlas/1')
    })

    it('lists what a newer version would apply, which is not drift', async () => {
      await deploy(test, earlierModules())
      const status = await statusOf(test, currentModules())
      expect(status.pending).toEqual([
        'atlas/2',
        'atlas/3',
        'harbour/1',
        'atlas/protection',
        'atlas/comments.sql',
        'atlas/functions.sql',
        'harbour/protection',
        'harbour/comments.sql',
      ])
      expect(status.drift).toEqual([])
    })
  })
})

onBackend('server', (backend) => {
  it('a deployer who is no superuser can deploy to a database of their own', async () => {
    const test = await emptyDatabase(backend)
    const role = `deployer_${databaseName(test)}`
    const modules: Module[] = [
      moduleOf('atlas', { migrations: { places: 'create table atlas.places (id integer)' } }),
    ]
    try {
      await deploy(test, modules)
      await wipe(test)
      // Only a superuser may create this extension; whoever hosts the database does it.
      await test.query('create extension vector')
      await test.query(`create role ${role} login createrole password 'secret'`)
      await test.query(`grant robbieverse_owner, robbieverse_app to ${role} with admin option`)
      await test.query(`alter database ${databaseName(test)} owner to ${role}`)
      const url = new URL(test.url!)
      url.username = role
      url.password = 'secret'
      const database = openServer({ url: url.href, appUrl: null, schemas: ['atlas'] })
      try {
        for (const steps of [3, 0]) {
          const { plan } = await database.session((session) =>
            applyDeploy(session, modules, { clock: systemClock }),
          )
          expect(plan.steps).toHaveLength(steps)
        }
        expect(await database.transaction('read', async () => 'in')).toBe('in')
      } finally {
        await database.close()
      }
    } finally {
      await test.drop()
      const maintenance = await emptyDatabase(backend)
      await maintenance.query(`drop owned by ${role} cascade`)
      await maintenance.query(`drop role ${role}`)
      await maintenance.drop()
    }
  })
})
