import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createLogger } from '../kernel/logger.ts'
import type { Database } from './database.ts'
import { openEmbedded } from './open.ts'
import { keepUp, vacuumDueTables } from './upkeep.ts'

describe('the upkeep of the embedded database', () => {
  let database: Database
  const query = <Row extends object>(text: string) => database.session((session) => session.query<Row>(text))
  const dead = async () => {
    const [row] = await query<{ dead: number; rows: number }>(`
      select n_dead_tup::int as dead, reltuples::int as rows
      from pg_stat_user_tables t join pg_class c on c.oid = t.relid where t.relname = 'Lines'`)
    return row!
  }
  const fill = (count: number) =>
    database.session((session) => session.exec(`insert into "Lines" select generate_series(1, ${count})`))

  beforeAll(async () => {
    database = openEmbedded({ dataDir: null, schemas: [] })
    await database.session((session) => session.exec('create table "Lines" (n integer)'))
  })
  afterAll(() => database.close())

  it('counts and cleans a table that changed much, and leaves it alone then', async () => {
    await fill(1000)
    await database.session((session) => session.exec('delete from "Lines" where n <= 400'))
    expect(await vacuumDueTables(database)).toEqual(['"public"."Lines"'])
    expect(await dead()).toEqual({ dead: 0, rows: 600 })
    expect(await vacuumDueTables(database)).toEqual([])
  })

  it('leaves a table alone that changed little', async () => {
    await fill(20)
    expect(await vacuumDueTables(database)).toEqual([])
  })

  it('goes on by itself until it is stopped', async () => {
    const stop = keepUp(database, { log: createLogger('silent'), everyMs: 5 })
    await fill(2000)
    while ((await dead()).rows < 2000) await new Promise((resolve) => setTimeout(resolve, 10))
    await stop()
    await fill(20_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await dead()).rows).toBeLessThan(20_000)
  })
})
