import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { modules as realModules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, deploy, dumpSchema, wipe } from './deployed.ts'
import { currentModules, earlierModules } from './fixture-modules.ts'

eachBackend((backend) => {
  it('a database that was upgraded has the catalogue of a fresh one', async () => {
    const test = await emptyDatabase(backend)
    try {
      await deploy(test, earlierModules())
      await deploy(test, currentModules())
      const upgraded = await catalogOf(test, currentModules())
      await wipe(test)
      await deploy(test, currentModules())
      expect(upgraded).toEqual(await catalogOf(test, currentModules()))
      expect(upgraded.tables.map((table) => table.name)).toEqual([
        'atlas.places',
        'atlas.visits',
        'harbour.ships',
      ])
    } finally {
      await test.drop()
    }
  })
})

onBackend('server', (backend) => {
  let one: TestDatabase
  let other: TestDatabase

  beforeAll(async () => {
    one = await emptyDatabase(backend)
    other = await emptyDatabase(backend)
  })
  afterAll(async () => {
    await one.drop()
    await other.drop()
  })

  describe('to pg_dump', () => {
    it('an upgraded database and a fresh one look the same', async () => {
      await deploy(one, earlierModules())
      await deploy(one, currentModules())
      await deploy(other, currentModules())
      const dump = await dumpSchema(one)
      expect(dump).toContain('CREATE TABLE atlas.places')
      expect(dump).toContain('CREATE POLICY access ON atlas.visits')
      expect(dump).toBe(await dumpSchema(other))
    })

    it('two fresh databases of the product look the same, however they were made', async () => {
      await wipe(one)
      await deploy(one, realModules)
      const copied = await testDatabase(backend)
      try {
        const dump = await dumpSchema(one)
        expect(dump).toContain('CREATE TABLE memory.ai_memories')
        expect(dump).toBe(await dumpSchema(copied))
      } finally {
        await copied.drop()
      }
    })
  })
})
