import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { afterEach, expect, it, onTestFinished } from 'vitest'

import { EmbeddedEngine } from './pglite.ts'

const engine = new EmbeddedEngine({ dataDir: null, maxStatementMs: 1_000 })
afterEach(() => engine.close())

const clientOf = (owner: EmbeddedEngine) =>
  new pg.Client({ user: 'postgres', database: 'postgres', stream: () => owner.openStream() as never })

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A simple query as a request of the engine. */
function query(sql: string) {
  const bytes = Buffer.alloc(6 + Buffer.byteLength(sql))
  bytes.write('Q')
  bytes.writeUInt32BE(bytes.length - 1, 1)
  bytes.write(sql, 5)
  return { kind: 'batches' as const, batches: [{ last: 'Q', bytes: new Uint8Array(bytes) }] }
}

it('a client whose engine ended between two statements does not go on outside its transaction', async () => {
  const client = clientOf(engine)
  const lost = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await client.query('create role app; begin; set local role app')
  await expect(engine.request(query('select count(*) from generate_series(1, 1e12)'))).rejects.toThrow(
    'longer than 1000 ms',
  )
  expect(String(await lost)).toContain('longer than 1000 ms')
  await expect(client.query('select current_user')).rejects.toThrow()
  const next = clientOf(engine)
  await next.connect()
  expect((await next.query('select current_user as name')).rows).toEqual([{ name: 'postgres' }])
  await next.end()
})

it('a data folder that was begun by a process that was killed is made anew', async () => {
  const folder = join(temporaryFolder(), 'data')
  mkdirSync(folder)
  mkdirSync(`${folder}.new`)
  // With this file alone PGlite takes a folder for a database.
  writeFileSync(join(`${folder}.new`, 'PG_VERSION'), '18')
  const engine = new EmbeddedEngine({ dataDir: folder, maxStatementMs: 60_000 })
  await engine.open()
  await engine.close()
  expect(existsSync(join(folder, 'global', 'pg_control'))).toBe(true)
  expect(existsSync(`${folder}.new`)).toBe(false)
})

it('an engine whose folder is a file says which and why, and opens it once it can', async () => {
  const folder = join(temporaryFolder(), 'data')
  writeFileSync(folder, 'not a folder')
  const closed = new EmbeddedEngine({ dataDir: folder, maxStatementMs: 60_000 })
  const error: unknown = await closed.open().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'EMBEDDED_START_FAILED', folder, cause: { code: 'EEXIST' } })
  expect(String(error)).toContain(`${folder} cannot be opened: EEXIST: file already exists`)
  await expect(clientOf(closed).connect()).rejects.toMatchObject({ code: 'EMBEDDED_START_FAILED' })
  expect(closed.isOpen).toBe(false)
  rmSync(folder)
  await closed.open()
  expect(closed.isOpen).toBe(true)
  await closed.close()
  expect(closed.isOpen).toBe(false)
})

it('an engine asks before each start, and does not start when it may not', async () => {
  let refusal: Error | null = null
  const mayStart = () => {
    if (refusal) throw refusal
  }
  const asking = new EmbeddedEngine({ dataDir: null, maxStatementMs: 1_000, mayStart })
  await asking.open()
  await expect(asking.request(query('select count(*) from generate_series(1, 1e12)'))).rejects.toThrow(
    'longer than 1000 ms',
  )
  refusal = new Error('somebody else has it')
  await expect(asking.request({ kind: 'reset' })).rejects.toBe(refusal)
  expect(asking.isOpen).toBe(false)
  await asking.close()
})

it('an engine that panics tells its client, and is not taken for open afterwards', async () => {
  const folder = temporaryFolder()
  const panicking = new EmbeddedEngine({ dataDir: join(folder, 'data'), maxStatementMs: 60_000 })
  const client = clientOf(panicking)
  const lost = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await client.query('create table kept (n integer)')
  rmSync(join(folder, 'data', 'global'), { recursive: true })
  await expect(client.query('checkpoint')).rejects.toThrow('pg_control')
  expect(String(await lost)).toContain('ended')
  await expect(client.query('select 1')).rejects.toThrow()
  expect(panicking.isOpen).toBe(false)
  await expect(panicking.open()).rejects.toMatchObject({ code: 'EMBEDDED_START_FAILED' })
  await panicking.close()
})
