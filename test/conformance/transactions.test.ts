import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { requestPool } from '../../src/db/request-client.ts'
import { findSqlError } from '../../src/db/sql-error.ts'
import { callUnawaited, createAppKysely, setAppRole, type Tx } from '../../src/db/tx.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await testDatabase(backend)
    await test.query('create table public.counters (name text primary key, value integer not null)')
    await test.query('grant all on public.counters to robbieverse_app')
  })
  afterAll(() => test.drop())
  beforeEach(async () => {
    await test.query('delete from public.counters')
    await test.query(`insert into public.counters values ('a', 0), ('b', 1000)`)
  })

  const add = (tx: Tx, name: string, amount: number) =>
    sql`update public.counters set value = value + ${amount} where name = ${name}`.execute(tx)

  async function values(): Promise<Record<string, number>> {
    const rows = await test.query<{ name: string; value: number }>('select name, value from public.counters')
    return Object.fromEntries(rows.map((row) => [row.name, row.value]))
  }

  async function shown(mode: 'read' | 'write', name: string): Promise<string | null> {
    return test.database.transaction(mode, async (tx) => {
      const { rows } = await sql<{
        value: string | null
      }>`select current_setting(${name}, true) as value`.execute(tx)
      return rows[0]!.value
    })
  }

  describe('a transaction', () => {
    it('commits what its work did and returns its result', async () => {
      const result = await test.database.transaction('write', async (tx) => {
        await add(tx, 'a', 5)
        return 'done'
      })
      expect(result).toBe('done')
      expect(await values()).toEqual({ a: 5, b: 1000 })
    })

    it('leaves nothing when its work throws', async () => {
      const failing = test.database.transaction('write', async (tx) => {
        await add(tx, 'a', 5)
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await values()).toEqual({ a: 0, b: 1000 })
    })

    it('leaves nothing when one of its statements fails', async () => {
      const failing = test.database.transaction('write', async (tx) => {
        await add(tx, 'a', 5)
        await sql`select 1 / 0`.execute(tx)
      })
      await expect(failing).rejects.toThrow(/division by zero/)
      expect(await values()).toEqual({ a: 0, b: 1000 })
    })

    it('runs as the application role with the search path of the modules, in UTC', async () => {
      const inside = await test.database.transaction('read', async (tx) => {
        const { rows } = await sql<{ role: string; path: string; zone: string; found: boolean }>`
          select current_user as role, current_setting('search_path') as path, current_setting('timezone') as zone,
                 to_regclass('ai_memories') is not null as found`.execute(tx)
        return rows[0]!
      })
      expect(inside.role).toBe('robbieverse_app')
      expect(inside.path).toMatch(/\btown\b.*\bmemory\b/)
      expect(inside).toMatchObject({ zone: 'UTC', found: true })
    })

    it('that only reads cannot write', async () => {
      const writing = test.database.transaction('read', (tx) => add(tx, 'a', 5))
      const error: unknown = await writing.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(findSqlError(error)?.code).toBe('25006')
      expect(await values()).toEqual({ a: 0, b: 1000 })
    })

    it.each(['commit', 'roll back'] as const)('hands none of its settings on after a %s', async (ending) => {
      // More often than the pool has connections, so that each of them has been used.
      for (let round = 0; round < 15; round += 1) {
        const work = test.database.transaction('write', async (tx) => {
          await sql`select set_config('app.town_id', ${crypto.randomUUID()}, true),
                           set_config('app.clearance', 'boss', true)`.execute(tx)
          if (ending === 'roll back') throw new Error('away')
        })
        await work.catch((error: Error) => expect(error.message).toBe('away'))
        expect((await shown('read', 'app.town_id')) || null).toBeNull()
        expect((await shown('write', 'app.clearance')) || null).toBeNull()
      }
    })

    it('hands its role on to nobody', async () => {
      await test.database.transaction('write', (tx) => add(tx, 'a', 1))
      const [row] = await test.query<{ user: string; session: string }>(
        'select current_user as "user", session_user as "session"',
      )
      expect(row?.user).toBe(row?.session)
      expect(row?.user).not.toBe('robbieverse_app')
    })
  })

  it('a transaction that cannot begin leaves its connection as it was', async () => {
    const { deployerPool } = test.database
    const pool =
      test.url === null ? deployerPool : new pg.Pool({ ...requestPool, connectionString: test.url, max: 1 })
    // A setting that the database refuses, beside the search path.
    const kysely = createAppKysely(pool, `public; set local timezone to 'Nowhere'`)
    const failing = kysely.transaction().execute((tx) => add(tx, 'a', 5))
    const error: unknown = await failing.catch((thrown: unknown) => thrown)
    expect(findSqlError(error)?.code).toBe('22023')
    // The pool has no other connection.
    expect((await pool.query('select current_user = session_user as same')).rows).toEqual([{ same: true }])
    if (pool !== deployerPool) await pool.end()
    expect(await values()).toEqual({ a: 0, b: 1000 })
  })

  if (backend === 'server')
    it('what is said behind an opening that is refused as a whole has no rights', async () => {
      const onConnect = setAppRole as (client: pg.ClientBase) => void
      const pool = new pg.Pool({ ...requestPool, connectionString: test.url!, max: 1, onConnect })
      const kysely = createAppKysely(pool, 'public; no statement')
      const first = sql`update public.counters set value = case current_user when 'robbieverse_app' then 7 else 8 end`
      const error: unknown = await kysely
        .transaction()
        .execute((tx) => first.execute(tx))
        .catch((thrown: unknown) => thrown)
      expect(findSqlError(error)?.code).toBe('42601')
      await pool.end()
      expect(await values()).toEqual({ a: 7, b: 7 })
    })

  describe('a call that nobody waits for', () => {
    const fail = sql`1 / (select value from public.counters where name = 'a')`
    const count = (name: string) => sql`public.count_up(${name})`

    beforeAll(async () => {
      await test.query(`create function public.count_up(p_name text) returns void language sql
        as 'update public.counters set value = value + 1 where name = p_name'`)
    })

    it('is done when the transaction is, and before what comes next in it', async () => {
      const seen = await test.database.transaction('write', async (tx) => {
        await callUnawaited(tx, [count('a'), count('b')])
        await callUnawaited(tx, [count('a')])
        const { rows } = await sql<{
          value: number
        }>`select value from public.counters where name = 'a'`.execute(tx)
        await callUnawaited(tx, [count('b')])
        return rows[0]?.value
      })
      expect(seen).toBe(2)
      expect(await values()).toEqual({ a: 2, b: 1002 })
    })

    it.each(['the commit', 'the next statement'])('fails %s with its own error', async (next) => {
      const failing = test.database.transaction('write', async (tx) => {
        await add(tx, 'b', 1)
        await callUnawaited(tx, [fail])
        await callUnawaited(tx, [count('b')])
        if (next === 'the next statement') await add(tx, 'b', 1)
      })
      const error: unknown = await failing.catch((thrown: unknown) => thrown)
      expect(findSqlError(error)?.code).toBe('22012')
      expect(await values()).toEqual({ a: 0, b: 1000 })
      await test.database.transaction('write', (tx) => add(tx, 'a', 1))
      expect(await values()).toEqual({ a: 1, b: 1000 })
    })

    it('leaves its connection in the pool when the work fails for another reason', async () => {
      const { deployerPool } = test.database
      const pool =
        test.url === null ? deployerPool : new pg.Pool({ ...requestPool, connectionString: test.url, max: 1 })
      let removed = 0
      pool.on('remove', () => (removed += 1))
      const kysely = createAppKysely(pool, 'public')
      const failing = kysely.transaction().execute(async (tx) => {
        await callUnawaited(tx, [fail])
        throw new Error('changed its mind')
      })
      await expect(failing).rejects.toThrow('changed its mind')
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
      expect(removed).toBe(0)
      if (pool !== deployerPool) await pool.end()
    })
  })

  describe('a thousand transactions at once', () => {
    it('each happen once', async () => {
      const moves = Array.from({ length: 1000 }, (_, index) => index)
      const outcomes = await Promise.all(
        moves.map((index) =>
          test.database
            .transaction('write', async (tx) => {
              await add(tx, 'b', -1)
              await add(tx, 'a', 1)
              // Every tenth changes its mind, so that roll-backs stand between commits.
              if (index % 10 === 0) throw new Error('away')
            })
            .then(
              () => 'done',
              (error: Error) => error.message,
            ),
        ),
      )
      expect(outcomes.filter((outcome) => outcome === 'away')).toHaveLength(100)
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(900)
      expect(await values()).toEqual({ a: 900, b: 100 })
    })

    it('see whole states only', async () => {
      const readers: Promise<number>[] = []
      const writers = Array.from({ length: 300 }, () =>
        test.database.transaction('write', async (tx) => {
          await add(tx, 'b', -1)
          await add(tx, 'a', 1)
        }),
      )
      for (let round = 0; round < 300; round += 1) {
        readers.push(
          test.database.transaction('read', async (tx) => {
            const { rows } = await sql<{
              total: number
            }>`select sum(value) as total from public.counters`.execute(tx)
            return rows[0]!.total
          }),
        )
      }
      await Promise.all(writers)
      expect(new Set(await Promise.all(readers))).toEqual(new Set([1000]))
    })
  })

  describe('a session', () => {
    it('does not leave its open transaction to the next one', async () => {
      const failing = test.database.session(async (session) => {
        await session.exec('begin')
        await session.exec(`update public.counters set value = 99`)
        throw new Error('away')
      })
      await expect(failing).rejects.toThrow('away')
      expect(await values()).toEqual({ a: 0, b: 1000 })
    })
  })
})

onBackend('server', (backend) => {
  it('a connection that is lost inside a transaction fails its work and nothing else', async () => {
    const test = await testDatabase(backend)
    try {
      await test.query('create table public.kept (n integer)')
      await test.query('grant all on public.kept to robbieverse_app')
      const work = test.database.transaction('write', async (tx) => {
        await sql`insert into public.kept values (1)`.execute(tx)
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
        await test.query('select pg_terminate_backend($1, 10000)', [rows[0]!.pid])
        await sql`insert into public.kept values (2)`.execute(tx)
      })
      await expect(work).rejects.toThrow(/terminat|connection error|ECONN|closed/i)
      await test.database.transaction('write', (tx) => sql`insert into public.kept values (3)`.execute(tx))
      expect(await test.query('select n from public.kept')).toEqual([{ n: 3 }])
    } finally {
      await test.drop()
    }
  })
})
