import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { callUnawaited } from '../../src/db/tx.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

const FOREVER = 'select count(*) from generate_series(1, 1000000000000) n where n % 7 = 3'

eachBackend((backend) => {
  let test: TestDatabase

  beforeEach(async () => {
    test = await testDatabase(backend)
  })
  afterEach(() => test.drop())

  it('a transaction whose caller is gone once it has a connection does nothing', async () => {
    const caller = new AbortController()
    let hasRun = false
    const work = test.database.transaction('write', async () => (hasRun = true), caller.signal)
    caller.abort()
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(hasRun).toBe(false)
    expect(await test.database.transaction('write', async () => 'next', new AbortController().signal)).toBe(
      'next',
    )
  })

  it('a database that was closed is not ready', async () => {
    await vi.waitFor(async () => expect(await test.database.isReady()).toBe(true), { timeout: 60_000 })
    await test.database.close()
    expect(await test.database.isReady()).toBe(false)
  })
})

onBackend('embedded', (backend) => {
  const withLimits = async (
    limits: { requestMs?: number; sessionMs?: number; waitMs?: number },
    work: (test: TestDatabase) => Promise<void>,
  ) => {
    const test = await testDatabase(backend, { limits })
    try {
      await test.query('select 1')
      await work(test)
    } finally {
      await test.drop()
    }
  }

  it('a statement of a request is ended at its limit, one of a session is not', () =>
    withLimits({ requestMs: 1_000 }, async ({ database }) => {
      const request = () => database.transaction('read', (tx) => sql.raw(FOREVER).execute(tx))
      await expect(request()).rejects.toThrow('longer than 1000 ms')
      const longer = 'select pg_sleep(2), 1 as one'
      expect(await database.session((session) => session.query(longer))).toMatchObject([{ one: 1 }])
      await expect(request()).rejects.toThrow('longer than 1000 ms')
      await expect(database.deployerPool.query(longer)).rejects.toThrow('longer than 1000 ms')
    }))

  it('a statement is not charged for the one it is sent behind', () =>
    withLimits({ requestMs: 1_500 }, async ({ database }) => {
      await database.transaction('read', async (tx) => {
        await callUnawaited(tx, [sql`pg_sleep(1)`])
        await sql`select pg_sleep(1)`.execute(tx)
      })
    }))

  it('a request waits for the one connection no longer than its limit', () =>
    withLimits({ waitMs: 300, sessionMs: 2_000 }, async ({ database }) => {
      const long = database.session((session) => session.query(FOREVER)).catch(() => 'ended')
      const waiting = database.transaction('read', (tx) => sql`select 1`.execute(tx))
      await expect(waiting).rejects.toThrow('timeout exceeded when trying to connect')
      expect(await long).toBe('ended')
    }))
})
