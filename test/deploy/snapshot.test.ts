import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Module } from '../../src/db/module.ts'
import { eachBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, deploy, refusal, statusOf, wipe } from './deployed.ts'
import { currentModules, earlierModules, editFile } from './fixture-modules.ts'

const OPENED = `alter table atlas.places disable row level security; drop policy access on atlas.places`
const FINDINGS = ['changed table atlas.places', 'missing table atlas.places / policy access']

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  const change = (sql: string) => test.database.session((session) => session.exec(sql))
  const driftOf = async (modules: readonly Module[]) =>
    (await statusOf(test, modules)).drift.map(({ kind, path }) => `${kind} ${path}`)

  /** The current modules with one file that fails, and how to mend it. */
  function failing(file: string): { modules: Module[]; mend: () => void } {
    const modules = currentModules()
    let whole = ''
    editFile(modules[0]!, file, (text) => {
      whole = text
      return `${text};\nselect 1 / 0;`
    })
    return { modules, mend: () => editFile(modules[0]!, file, () => whole) }
  }

  describe('a deploy that failed', () => {
    it.each(['migrations/0002_visits.sql', 'objects/functions.sql'])(
      'leaves drift detection as it was: %s',
      async (file) => {
        await deploy(test, earlierModules())
        const { modules, mend } = failing(file)
        await refusal(deploy(test, modules))
        expect(await driftOf(modules)).toEqual([])
        await change(OPENED)
        expect(await driftOf(modules)).toEqual(FINDINGS)
        mend()
        expect(await refusal(deploy(test, modules))).toMatchObject({
          code: 'DEPLOY_DRIFT',
          data: { count: 2, first: FINDINGS },
        })
        await deploy(test, modules, { acceptDrift: true })
        expect(await driftOf(modules)).toEqual([])
      },
    )

    it('the first time keeps what it left, too', async () => {
      const { modules, mend } = failing('objects/functions.sql')
      await refusal(deploy(test, modules))
      await change(OPENED)
      expect(await driftOf(modules)).toEqual(FINDINGS)
      mend()
      expect(await refusal(deploy(test, modules))).toMatchObject({ code: 'DEPLOY_DRIFT' })
    })
  })

  describe('the first deploy, killed', () => {
    it('leaves drift unknown and is completed by the next one', async () => {
      const modules = currentModules()
      await deploy(test, modules)
      const whole = await catalogOf(test, modules)
      // What a kill before the last objects leaves.
      await change(
        `update robbieverse.snapshot set model = null, taken_at = null;
         delete from robbieverse.objects where module = 'harbour' and name = 'comments.sql'`,
      )
      expect(await driftOf(modules)).toEqual(['unknown the first deploy has not come to its end'])
      const { plan } = await deploy(test, modules)
      expect(plan.steps.map((step) => step.id)).toEqual(['harbour/comments.sql'])
      expect(await statusOf(test, modules)).toMatchObject({ pending: [], drift: [] })
      expect(await catalogOf(test, modules)).toEqual(whole)
    })

    it('after its last step is completed without a step', async () => {
      await deploy(test, currentModules())
      await change('update robbieverse.snapshot set model = null, taken_at = null')
      expect((await deploy(test, currentModules())).plan.steps).toEqual([])
      expect(await driftOf(currentModules())).toEqual([])
    })
  })

  describe('a snapshot that is gone', () => {
    it('makes drift unknown, and a deploy that has something to do is refused until that is accepted', async () => {
      await deploy(test, earlierModules())
      await change('delete from robbieverse.snapshot')
      expect(await driftOf(earlierModules())).toEqual([
        'unknown there is no snapshot of what the last deploy left',
      ])
      const error = await refusal(deploy(test, currentModules()))
      expect(error).toMatchObject({ code: 'DEPLOY_DRIFT', data: { count: 1 } })
      expect(error.message).toContain('there is no snapshot')
      await deploy(test, currentModules(), { acceptDrift: true })
      expect(await driftOf(currentModules())).toEqual([])
    })
  })

  describe('a deploy over drift', () => {
    it('is refused with the first findings, and goes through when it is accepted', async () => {
      await deploy(test, earlierModules())
      await change('drop index atlas.places_created_at_idx')
      const finding = 'missing table atlas.places / index places_created_at_idx'
      expect(await refusal(deploy(test, currentModules()))).toMatchObject({
        code: 'DEPLOY_DRIFT',
        data: { count: 1, first: [finding] },
      })
      expect(await driftOf(earlierModules())).toEqual([finding])
      const { plan } = await deploy(test, currentModules(), { acceptDrift: true })
      expect(plan.drift.map(({ path }) => path)).toEqual(['table atlas.places / index places_created_at_idx'])
      expect(await statusOf(test, currentModules())).toMatchObject({ pending: [], drift: [] })
    })

    it('with nothing to apply does nothing, and takes the structure as it is when that is accepted', async () => {
      await deploy(test, currentModules())
      await change('drop index atlas.places_created_at_idx')
      expect((await deploy(test, currentModules())).plan.steps).toEqual([])
      expect(await driftOf(currentModules())).toHaveLength(1)
      expect((await deploy(test, currentModules(), { acceptDrift: true })).plan.steps).toEqual([])
      expect(await driftOf(currentModules())).toEqual([])
    })
  })
})
