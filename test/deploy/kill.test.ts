import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { CatalogModel } from '../../src/catalog/model.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import type { Session } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/open.ts'
import { applyDeploy } from '../../src/deploy/apply.ts'
import type { Plan } from '../../src/deploy/plan.ts'
import { readStatus } from '../../src/deploy/verify.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules as realModules } from '../../src/modules/index.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, deploy, dumpSchema, statusOf, wipe } from './deployed.ts'
import { currentModules, FIXTURE_SCHEMAS } from './fixture-modules.ts'
import { deployInChild } from './run-child.ts'

/** Every statement of a plan in order, as `step index`. */
const boundariesOf = (plan: Plan) =>
  plan.steps.flatMap((step) => step.statements.map((_, index) => ({ id: step.id, index })))

/** Before each step, inside a few, and at each statement of the one that is no transaction. */
const placesToKill = (plan: Plan) =>
  [...boundariesOf(plan).entries()]
    .filter(([, { id, index }]) => index === 0 || id === 'atlas/3' || (index === 3 && id === 'atlas/2'))
    .map(([place]) => place)

/** In the middle of the bootstrap, of a migration, of one that is no transaction, and of objects. */
const fewPlacesToKill = (plan: Plan) =>
  [...boundariesOf(plan).entries()]
    .filter(([, { id, index }]) => FEW.includes(`${id} ${index}`))
    .map(([place]) => place)
const FEW = ['deploy/bootstrap 5', 'atlas/1 1', 'atlas/3 1', 'atlas/functions.sql 2']

onBackend('server', (backend) => {
  let test: TestDatabase
  let fresh: { catalog: CatalogModel; dump: string }

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  describe('a process that is killed', { timeout: 600_000 }, () => {
    it('before, between and inside steps leaves what the next run completes', async () => {
      const modules = currentModules()
      const { plan } = await deploy(test, modules)
      fresh = { catalog: await catalogOf(test, modules), dump: await dumpSchema(test) }
      for (const killAt of placesToKill(plan)) {
        await wipe(test)
        expect(await deployInChild({ url: test.url! }, modules, { killAt })).toBeNull()
        await deploy(test, modules)
        expect(await catalogOf(test, modules), `killed at ${killAt}`).toEqual(fresh.catalog)
        expect(await statusOf(test, modules)).toMatchObject({ pending: [], drift: [] })
      }
      expect(await dumpSchema(test)).toBe(fresh.dump)
    })
  })

  describe('a connection that is lost before a statement', { timeout: 600_000 }, () => {
    // For the server this is what a killed process looks like; so the statements of the product itself can be tried. All of
    // them take ten minutes: each run takes every fourth, and another one to begin with.
    const offset = Math.floor(Math.random() * 4)
    it(`leaves what the next run completes, for every fourth statement from ${offset} on, one after another`, async () => {
      const { plan } = await deploy(test, realModules)
      fresh = { catalog: await catalogOf(test, realModules), dump: await dumpSchema(test) }
      await wipe(test)
      const boundaries = boundariesOf(plan)
      const last = boundaries.at(-1)!
      const tried = boundaries.filter((boundary, at) => at % 4 === offset || boundary === last)
      for (const boundary of tried) await deployAndLoseConnection(test.url!, boundary)
      const completed = await deploy(test, realModules)
      expect(completed.plan.steps.map((step) => step.id)).toEqual([last.id])
      expect(await catalogOf(test, realModules)).toEqual(fresh.catalog)
      expect(await dumpSchema(test)).toBe(fresh.dump)
      expect(await statusOf(test, realModules)).toMatchObject({ pending: [], drift: [] })
    })
  })

  /** Deploys, and cuts the connection before one statement. Fails when the deploy comes to its end. */
  async function deployAndLoseConnection(
    url: string,
    boundary: { id: string; index: number },
  ): Promise<void> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    const session: Session = {
      backend: 'server',
      query: async <Row extends object>(text: string, values?: unknown[]) =>
        (await client.query(text, values)).rows as Row[],
      exec: async (text) => void (await client.query(text)),
    }
    const work = applyDeploy(session, realModules, {
      clock: systemClock,
      onStatement: (step, index) => {
        if (step.id === boundary.id && index === boundary.index) client.connection.stream.destroy()
      },
    })
    await expect(work, `${boundary.id} ${boundary.index}`).rejects.toThrow()
  }
})

onBackend('embedded', () => {
  it('a process that is killed on the embedded database leaves what the next run completes', async () => {
    const modules = currentModules()
    const folder = mkdtempSync(join(tmpdir(), 'robbieverse-kill-'))
    try {
      const empty = join(folder, 'empty')
      await openAndClose(empty, async () => undefined)
      const whole = join(folder, 'whole')
      cpSync(empty, whole, { recursive: true })
      const expected = await openAndClose(whole, async (session) => {
        const { plan } = await applyDeploy(session, modules, { clock: systemClock })
        return { plan, catalog: await readCatalog(session, FIXTURE_SCHEMAS) }
      })
      for (const killAt of fewPlacesToKill(expected.plan)) {
        const dataDir = join(folder, `killed-${killAt}`)
        cpSync(empty, dataDir, { recursive: true })
        expect(await deployInChild({ dataDir }, modules, { killAt })).toBeNull()
        const found = await openAndClose(dataDir, async (session) => {
          await applyDeploy(session, modules, { clock: systemClock })
          const { pending, drift } = await readStatus(session, modules, { withDrift: true })
          return { pending, drift, catalog: await readCatalog(session, FIXTURE_SCHEMAS) }
        })
        expect(found).toEqual({ pending: [], drift: [], catalog: expected.catalog })
        rmSync(dataDir, { recursive: true })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  async function openAndClose<T>(dataDir: string, work: (session: Session) => Promise<T>): Promise<T> {
    const database = openEmbedded({ dataDir, schemas: FIXTURE_SCHEMAS })
    try {
      return await database.session(work)
    } finally {
      await database.close()
    }
  }
})
