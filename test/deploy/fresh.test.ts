import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Module } from '../../src/db/module.ts'
import { openServer } from '../../src/db/open.ts'
import { applyDeploy, type DeployResult } from '../../src/deploy/apply.ts'
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
  type Deployer = { test: TestDatabase; role: string; run: () => Promise<DeployResult> }
  const modules = (): Module[] => [
    moduleOf('atlas', { migrations: { places: 'create table atlas.places (id integer)' } }),
  ]

  /** A database with pgvector and a role of its own that is no superuser; `prepare` gives it its rights. */
  async function withDeployer(
    prepare: (role: string, name: string) => string,
    work: (deployer: Deployer) => Promise<void>,
  ): Promise<void> {
    const test = await emptyDatabase(backend)
    const name = databaseName(test)
    const role = `deployer_${name}`
    try {
      // The roles are there; the ledger is not. Only a superuser may create this extension.
      await deploy(test, modules())
      await wipe(test)
      await test.database.session((session) =>
        session.exec(
          `create extension vector; create role ${role} login password 'secret'; ${prepare(role, name)}`,
        ),
      )
      const url = new URL(test.url!)
      url.username = role
      url.password = 'secret'
      const database = openServer({ url: url.href, appUrl: null, schemas: ['atlas'] })
      try {
        const run = () =>
          database.session((session) => applyDeploy(session, modules(), { clock: systemClock }))
        await work({ test, role, run })
        if ((await test.query(`select 1 from pg_namespace where nspname = 'atlas'`)).length > 0) {
          expect(await database.transaction('read', async () => 'in')).toBe('in')
        }
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
  }

  describe('a deployer who is no superuser', () => {
    it.each([
      {
        what: 'owns the database and may create roles and hand ours on',
        prepare: (role: string, name: string) =>
          `alter role ${role} createrole; grant robbieverse_owner, robbieverse_app to ${role} with admin option;
           alter database ${name} owner to ${role}`,
      },
      {
        what: 'owns the database and was granted our roles',
        prepare: (role: string, name: string) =>
          `grant robbieverse_owner, robbieverse_app to ${role}; alter database ${name} owner to ${role}`,
      },
      {
        what: 'owns nothing, where the roles and their rights were prepared',
        prepare: (role: string, name: string) =>
          `grant robbieverse_owner, robbieverse_app to ${role};
           grant create, connect on database ${name} to robbieverse_owner`,
      },
    ])('can deploy: $what', async ({ prepare }) => {
      await withDeployer(prepare, async ({ run }) => {
        expect((await run()).plan.steps).toHaveLength(3)
        expect((await run()).plan.steps).toEqual([])
      })
    })

    it('and lacks a right is told what an administrator must run, after which it goes through', async () => {
      await withDeployer(
        (_role, name) => `revoke create on database ${name} from robbieverse_owner`,
        async ({ test, role, run }) => {
          for (const expected of [
            `grant robbieverse_owner to ${role} with set true`,
            `grant robbieverse_app to ${role} with set true`,
            `grant create, connect on database ${databaseName(test)} to robbieverse_owner`,
          ]) {
            const error = await refusal(run())
            expect(error).toMatchObject({ code: 'DEPLOY_STATEMENT_FAILED', data: { sqlstate: '42501' } })
            expect(error.message).toContain(expected)
            await test.query(expected)
          }
          expect((await run()).plan.steps).toHaveLength(3)
        },
      )
    })
  })
})
