import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { eachBackend, onBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

const CHANNEL = 'Odd "channel"'

eachBackend((backend) => {
  let test: TestDatabase

  beforeEach(async () => {
    test = await testDatabase(backend)
  })
  afterEach(() => test.drop())

  const notify = (payload: string, channel = CHANNEL) =>
    test.database.transaction('write', (tx) => sql`select pg_notify(${channel}, ${payload})`.execute(tx))

  describe('notifications', () => {
    it('reach every listener of their channel, in order, after the commit', async () => {
      const first: string[] = []
      const second: string[] = []
      const elsewhere: string[] = []
      await test.database.listen(CHANNEL, (payload) => first.push(payload))
      await test.database.listen(CHANNEL, (payload) => second.push(payload))
      await test.database.listen('elsewhere', (payload) => elsewhere.push(payload))
      for (const payload of ['1', '2', '', '🙂']) await notify(payload)
      await vi.waitFor(() => expect(first).toEqual(['1', '2', '', '🙂']), { timeout: 30_000 })
      await vi.waitFor(() => expect(second).toEqual(first), { timeout: 30_000 })
      expect(elsewhere).toEqual([])
    })

    it('of a transaction that rolled back are never sent', async () => {
      const heard: string[] = []
      await test.database.listen(CHANNEL, (payload) => heard.push(payload))
      const failing = test.database.transaction('write', async (tx) => {
        await sql`select pg_notify(${CHANNEL}, 'lost')`.execute(tx)
        throw new Error('away')
      })
      await expect(failing).rejects.toThrow('away')
      await notify('kept')
      await vi.waitFor(() => expect(heard).toEqual(['kept']), { timeout: 30_000 })
    })

    it('end with the listening', async () => {
      const heard: string[] = []
      const marks: string[] = []
      const stop = await test.database.listen(CHANNEL, (payload) => heard.push(payload))
      await test.database.listen('mark', (payload) => marks.push(payload))
      await notify('before')
      await vi.waitFor(() => expect(heard).toEqual(['before']), { timeout: 30_000 })
      await stop()
      await notify('after')
      await notify('end', 'mark')
      await vi.waitFor(() => expect(marks).toEqual(['end']), { timeout: 30_000 })
      expect(heard).toEqual(['before'])
    })
  })
})

eachBackend((backend) => {
  it('a channel that could not be listened to is listened to by the next who asks', async () => {
    const test = await testDatabase(backend, { limits: { waitMs: 300 } })
    const closing = Promise.withResolvers<void>()
    try {
      const heard: string[] = []
      const { over } = await closed(test, closing.promise)
      const attempts = [1, 2].map(() => test.database.listen(CHANNEL, (payload) => heard.push(payload)))
      for (const outcome of await Promise.allSettled(attempts)) expect(outcome.status).toBe('rejected')
      closing.resolve()
      await over
      await test.database.listen(CHANNEL, (payload) => heard.push(payload))
      await test.query('select pg_notify($1, $2)', [CHANNEL, 'once'])
      await vi.waitFor(() => expect(heard).toEqual(['once']), { timeout: 30_000 })
    } finally {
      closing.resolve()
      await test.drop()
    }
  })
})

/** Lets nobody begin to listen until `end`; resolves, once that is so, with a promise for its being over. */
async function closed(test: TestDatabase, end: Promise<void>): Promise<{ over: Promise<void> }> {
  if (test.backend === 'server') {
    await allowConnections(test, false)
    return { over: end.then(() => allowConnections(test, true)) }
  }
  const begun = Promise.withResolvers<void>()
  const over = test.database.session(() => {
    begun.resolve()
    return end
  })
  await begun.promise
  return { over }
}

const allowConnections = (test: TestDatabase, isAllowed: boolean) =>
  test
    .query('update pg_database set datallowconn = $1 where datname = current_database()', [isAllowed])
    .then(() => undefined)

onBackend('server', (backend) => {
  it('tells of what may have been missed, whoever makes the new connection', async () => {
    const test = await testDatabase(backend)
    try {
      let reconnects = 0
      test.database.onReconnect(() => (reconnects += 1))
      await test.database.listen(CHANNEL, () => undefined)
      await allowConnections(test, false)
      await test.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
      )
      // Tried in vain, and again after a while: meanwhile somebody else asks.
      await vi.waitFor(
        () =>
          expect(test.database.listen('other', () => undefined)).rejects.toThrow(/not currently accepting/),
        { timeout: 30_000 },
      )
      await allowConnections(test, true)
      await test.database.listen('other', () => undefined)
      expect(reconnects).toBe(1)
    } finally {
      await test.drop()
    }
  })

  it('listens again after its connection was ended, and says that something may have been missed', async () => {
    const test = await testDatabase(backend)
    try {
      const heard: string[] = []
      let reconnects = 0
      test.database.onReconnect(() => (reconnects += 1))
      await test.database.listen(CHANNEL, (payload) => heard.push(payload))
      for (const round of [1, 2]) {
        const ended = await test.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
        )
        expect(ended).toHaveLength(1)
        await vi.waitFor(() => expect(reconnects).toBe(round), { timeout: 30_000 })
        await test.query('select pg_notify($1, $2)', [CHANNEL, `round ${round}`])
        await vi.waitFor(() => expect(heard.at(-1)).toBe(`round ${round}`), { timeout: 30_000 })
      }
    } finally {
      await test.drop()
    }
  })

  it('serves requests again after all its connections were ended', async () => {
    const test = await testDatabase(backend)
    try {
      const one = () => test.database.transaction('read', (tx) => sql`select 1`.execute(tx))
      await Promise.all(Array.from({ length: 10 }, one))
      await test.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      )
      // A connection that died idle may still be handed out once; it is gone afterwards.
      await vi.waitFor(() => Promise.all(Array.from({ length: 10 }, one)), { timeout: 30_000 })
      expect(await test.database.isReady()).toBe(true)
    } finally {
      await test.drop()
    }
  })
})
