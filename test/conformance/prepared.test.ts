import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Session } from '../../src/db/database.ts'
import { isCompeting } from '../../src/db/sql-error.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

onBackend('embedded', (backend) => {
  let test: TestDatabase

  beforeEach(async () => {
    test = await testDatabase(backend)
  })
  afterEach(() => test.drop())

  const HOT = 'select $1::integer as hot'
  const run = (session: Session, text: string) => session.query(text, [1])
  /** How often the prepared statement of a text was run; undefined when there is none. */
  const runs = async (session: Session, text: string) => {
    const rows = await session.query<{ runs: number }>(
      `select generic_plans + custom_plans as runs from pg_prepared_statements where statement = '${text}'`,
    )
    return rows[0]?.runs
  }

  describe('a statement with parameters', () => {
    it('is prepared once and stays so while it is used, however many others there are', async () => {
      await test.database.session(async (session) => {
        const late = 'select $1::integer as late'
        for (let n = 1; n <= 350; n += 1) {
          await run(session, `select $1::integer + ${n}`)
          if (n % 50 === 0) await run(session, HOT)
          if (n > 330) await run(session, late)
        }
        expect(await runs(session, HOT)).toBe(7)
        expect(await runs(session, late)).toBe(20)
        const [kept] = await session.query<{ count: number }>(
          'select count(*)::integer as count from pg_prepared_statements',
        )
        expect(kept!.count).toBe(300)
      })
    })

    it('that was forgotten is prepared again, and one that never could be harms nobody', async () => {
      await test.database.session(async (session) => {
        await run(session, HOT)
        await expect(run(session, 'select $1::integer from nowhere')).rejects.toThrow('nowhere')
        await session.exec('begin')
        for (let n = 1; n <= 310; n += 1) await run(session, `select $1::integer + ${n}`)
        expect(await runs(session, HOT)).toBeUndefined()
        expect(await run(session, HOT)).toEqual([{ hot: 1 }])
        expect(await runs(session, HOT)).toBe(1)
        await expect(session.exec('select 1 / 0')).rejects.toThrow('division')
        for (let n = 1; n <= 310; n += 1) {
          await expect(run(session, `select $1::integer - ${n}`)).rejects.toThrow('aborted')
        }
        await session.exec('rollback')
        expect(await run(session, HOT)).toEqual([{ hot: 1 }])
        expect(await runs(session, HOT)).toBe(1)
      })
    })
  })
})

eachBackend((backend) => {
  it('a prepared statement whose answer a deploy has changed fails once, as a competing change does', async () => {
    const test = await testDatabase(backend)
    try {
      await test.database.session((session) =>
        session.exec('create table town.probe (a integer); grant select on town.probe to robbieverse_app'),
      )
      const read = () =>
        test.database.transaction(
          'read',
          async (tx) => (await sql`select * from town.probe where a > ${0}`.execute(tx)).rows,
        )
      expect(await read()).toEqual([])
      await test.database.session((session) =>
        session.exec('alter table town.probe add column b integer; insert into town.probe values (1, 2)'),
      )
      const error: unknown = await read().catch((thrown: unknown) => thrown)
      expect(isCompeting(error)).toBe(true)
      expect(await read()).toEqual([{ a: 1, b: 2 }])
    } finally {
      await test.drop()
    }
  })
})
