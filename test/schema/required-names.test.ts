import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { actAs, foundTown, type Town } from '../support/found-town.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { requiredNames } from './required-names.ts'

// Nobody but functions of the owner reads these: their names stand, and the answer is a refusal.
const SEALED = new Set(['users', 'sessions', 'api_keys', 'organization_members', 'town_members'])

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { withPersonas: false })
  })
  afterAll(() => test.drop())

  describe.each(Object.entries(requiredNames))('%s', (_, names) => {
    it.each([...names])('%s answers a select by its bare name, as the application role', async (name) => {
      const select = actAs(
        test,
        town.owner,
        (tx) => sql`select * from ${sql.table(name)} limit 1`.execute(tx),
        'read',
      )
      const answer = await select.then(
        () => 'rows',
        (error: { code: string }) => error.code,
      )
      expect(answer).toBe(SEALED.has(name) && answer === '42501' ? '42501' : 'rows')
    })
  })
})
