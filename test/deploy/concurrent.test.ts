import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { modules as realModules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { deploy, statusOf, wipe } from './deployed.ts'
import { currentModules, earlierModules } from './fixture-modules.ts'
import { deployInChild } from './run-child.ts'

const TWENTY = Array.from({ length: 20 }, (_, index) => index)

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  it('20 deploys at once in one process apply everything once', async () => {
    const results = await Promise.all(TWENTY.map(() => deploy(test, currentModules())))
    expect(results.filter(({ plan }) => plan.steps.length > 0)).toHaveLength(1)
    expect(await statusOf(test, currentModules())).toMatchObject({ pending: [], drift: [] })
  })
})

onBackend('server', (backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  it('20 processes that deploy at once apply everything once', async () => {
    const outcomes = await Promise.all(TWENTY.map(() => deployInChild({ url: test.url! }, realModules)))
    expect(outcomes.filter((steps) => steps!.length > 0)).toHaveLength(1)
    expect(outcomes.filter((steps) => steps!.length === 0)).toHaveLength(19)
    expect(await statusOf(test, realModules)).toMatchObject({ pending: [], drift: [] })
  })

  it('processes that upgrade at once apply each new step once, those of the version before give way', async () => {
    await deploy(test, earlierModules())
    const outcomes = await Promise.all(
      TWENTY.slice(0, 8).map(() => deployInChild({ url: test.url! }, currentModules())),
    )
    expect(outcomes.filter((steps) => steps!.length > 0)).toHaveLength(1)
    await expect(deployInChild({ url: test.url! }, earlierModules())).rejects.toThrow(
      /DEPLOY_FILE_MISSING|not have/,
    )
  })

  it('deploys to several databases of one server do not disturb each other over the roles they share', async () => {
    const databases = await Promise.all(TWENTY.slice(0, 8).map(() => emptyDatabase(backend)))
    try {
      // Each deploy grants the roles again; without the roles' own care these meet in one row of the cluster.
      const outcomes = await Promise.all(databases.map((each) => deploy(each, currentModules())))
      expect(outcomes.every(({ plan }) => plan.steps.length > 0)).toBe(true)
    } finally {
      await Promise.all(databases.map((each) => each.drop()))
    }
  })
})
