import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Database } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/open.ts'
import { callUnawaited } from '../../src/db/tx.ts'
import { onBackend } from '../support/backends.ts'

const FOREVER = 'select count(*) from generate_series(1, 1000000000000) n where n % 7 = 3'

onBackend('embedded', () => {
  let template: string
  let folder: string
  let database: Database

  const open = (dataDir: string) =>
    openEmbedded({ dataDir, schemas: ['public'], limits: { requestMs: 1_000, sessionMs: 1_000 } })
  const rows = () =>
    database.session((session) => session.query<{ n: number }>('select n from kept order by n'))
  const keep = (n: number) =>
    database.session((session) => session.query('insert into kept values ($1)', [n]))

  beforeAll(async () => {
    template = mkdtempSync(join(tmpdir(), 'robbieverse-engine-'))
    const first = open(join(template, 'data'))
    await first.session((session) =>
      session.exec(
        'create role robbieverse_app; create table kept (n integer); grant all on kept to robbieverse_app',
      ),
    )
    await first.close()
  })
  afterAll(() => rmSync(template, { recursive: true, force: true }))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'robbieverse-engine-'))
    cpSync(template, folder, { recursive: true })
    database = open(join(folder, 'data'))
  })
  afterEach(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  describe('a statement that runs longer than the limit', () => {
    it('ends the engine, and the next call finds every acknowledged row', async () => {
      for (const n of [1, 2, 3]) await keep(n)
      await expect(database.session((session) => session.query(FOREVER))).rejects.toThrow(
        /ran longer than 1000 ms/,
      )
      expect(await rows()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
      await keep(4)
      expect(await rows()).toHaveLength(4)
    })

    it('takes the open transaction with it and no other', async () => {
      await keep(1)
      const failing = database.transaction('write', async (tx) => {
        await sql`insert into kept values (2)`.execute(tx)
        await sql.raw(FOREVER).execute(tx)
      })
      await expect(failing).rejects.toThrow()
      expect(await rows()).toEqual([{ n: 1 }])
    })

    it('that trapped leaves nothing of its transaction, though the commit was sent behind it', async () => {
      // Deeper than the engine's stack: it neither answers nor fails.
      const trap = sql`length((repeat('[', 60000) || repeat(']', 60000))::jsonb::text)`
      for (const calls of [
        [trap],
        [sql`length((repeat(${'['}, 60000) || repeat(${']'}, 60000))::jsonb::text)`],
      ]) {
        const failing = database.transaction('write', async (tx) => {
          await sql`insert into kept values (1)`.execute(tx)
          await callUnawaited(tx, calls)
        })
        await expect(failing).rejects.toThrow('it panicked')
        expect(await rows()).toEqual([])
      }
    })

    it('does not fail those who wait behind it', async () => {
      const long = database
        .session((session) => session.query(FOREVER))
        .then(
          () => 'done',
          () => 'ended',
        )
      const waiting = [keep(1), keep(2), keep(3)]
      expect(await long).toBe('ended')
      await Promise.all(waiting)
      expect(await rows()).toHaveLength(3)
    })

    it('keeps the listeners, and tells them to catch up', async () => {
      const heard: string[] = []
      let reconnects = 0
      database.onReconnect(() => (reconnects += 1))
      await database.listen('news', (payload) => heard.push(payload))
      await expect(database.session((session) => session.query(FOREVER))).rejects.toThrow()
      await database.session((session) => session.query(`select pg_notify('news', 'again')`))
      await vi.waitFor(() => expect(heard).toEqual(['again']), { timeout: 30_000 })
      expect(reconnects).toBe(1)
    })

    it('keeps a program that has nothing else to do alive until the next one is answered', async () => {
      const child = fileURLToPath(new URL('engine-child.ts', import.meta.url))
      await database.close()
      const { stdout } = await promisify(execFile)(process.execPath, [child, join(folder, 'data')])
      expect(stdout).toBe('ended\nthen 1\nended\nclosed\n')
    })

    it('leaves the thread of the program free meanwhile', async () => {
      const long = database.session((session) => session.query(FOREVER)).catch(() => 'ended')
      let turns = 0
      const timer = setInterval(() => (turns += 1), 10)
      expect(await long).toBe('ended')
      clearInterval(timer)
      expect(turns).toBeGreaterThan(10)
      await vi.waitFor(async () => expect(await database.isReady()).toBe(true), { timeout: 60_000 })
    })
  })

  it('keeps everything across a close and an open', async () => {
    await keep(7)
    await database.close()
    database = open(join(folder, 'data'))
    expect(await rows()).toEqual([{ n: 7 }])
  })

  it('refuses calls after it was closed', async () => {
    await database.close()
    await expect(rows()).rejects.toThrow()
  })
})
