import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import {
  dataDirectoryOf,
  isPortOpen,
  ownerRunning,
  patience,
  processesIn,
  query,
  scriptWithServer,
  segmentNumbers,
  segmentOf,
  serverFor,
  untilPortCloses,
  watchdogOf,
} from './observed-server.ts'
import { startTestServer } from './postgres-server.ts'

const sources = ['debootstrap'] as const
const forEver = 'setInterval(() => {}, 1000)'

async function settings(url: string, names: string[]): Promise<Record<string, string>> {
  const sql = 'select name, current_setting(name) as value from pg_settings'
  const rows = await query<{ name: string; value: string }>(url, sql)
  const wanted = rows.filter((row) => names.includes(row.name))
  return Object.fromEntries(wanted.map((row) => [row.name, row.value]))
}

it('trades durability for speed unless told otherwise', patience, async (context) => {
  const fast = await serverFor(context, { sources, settings: { work_mem: '3MB', jit: 'on' } })
  const durable = await serverFor(context, { sources, durable: true })
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'jit', 'max_connections', 'work_mem']
  const off = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  expect(await settings(fast.url, names)).toEqual({
    ...off,
    jit: 'on',
    max_connections: '200',
    work_mem: '3MB',
  })
  const on = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
  expect(await settings(durable.url, names)).toEqual({
    ...on,
    jit: 'off',
    max_connections: '200',
    work_mem: '4MB',
  })
})

it('has UTF-8 everywhere and a superuser who needs a password', patience, async (context) => {
  const { url } = await serverFor(context, { sources })
  const sql = `select datcollate, datctype, pg_encoding_to_char(encoding) as encoding, rolsuper
    from pg_database, pg_roles where datname = current_database() and rolname = current_user`
  const expected = { datcollate: 'C.UTF-8', datctype: 'C.UTF-8', encoding: 'UTF8', rolsuper: true }
  expect(await query(url, sql)).toEqual([expected])
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

it(
  'leaves no process, no data and no open port when it stops under a connected client',
  patience,
  async (context) => {
    const server = await serverFor(context, { sources })
    const data = await dataDirectoryOf(server.url)
    const client = new pg.Client({ connectionString: server.url })
    const lost = new Promise((resolve) => client.once('error', resolve))
    await client.connect()
    expect(processesIn(data).length).toBeGreaterThan(3)
    await server.stop()
    await lost
    expect(processesIn(data)).toEqual([])
    expect(existsSync(dirname(data))).toBe(false)
    expect(await isPortOpen(server.url)).toBe(false)
    await server.stop()
  },
)

it('ends with its owner when the owner is killed', patience, async (context) => {
  await serverFor(context, { sources })
  const owner = await ownerRunning(scriptWithServer({ sources }, forEver))
  const data = await dataDirectoryOf(owner.line)
  process.kill(owner.pid, 'SIGKILL')
  await untilPortCloses(owner.line)
  await expect.poll(() => processesIn(data), { timeout: 30_000 }).toEqual([])
  await expect.poll(() => existsSync(dirname(data)), { timeout: 30_000 }).toBe(false)
})

it('does not keep a process alive that forgets to stop it', patience, async (context) => {
  await serverFor(context, { sources })
  const owner = await ownerRunning(scriptWithServer({ sources }, ''))
  expect(await owner.ended).toBe(0)
  await untilPortCloses(owner.line)
})

it(
  'ends when owner and watchdog are killed, and the next run removes what it left',
  patience,
  async (context) => {
    await serverFor(context, { sources })
    const owner = await ownerRunning(scriptWithServer({ sources }, forEver))
    const data = await dataDirectoryOf(owner.line)
    process.kill(watchdogOf(data), 'SIGKILL')
    process.kill(owner.pid, 'SIGKILL')
    await untilPortCloses(owner.line)
    await expect.poll(() => processesIn(data), { timeout: 30_000 }).toEqual([])
    expect(existsSync(data)).toBe(true)
    await serverFor(context, { sources })
    expect(existsSync(dirname(data))).toBe(false)
  },
)

it('keeps what was committed, and only that, through killHard and restart', patience, async (context) => {
  const server = await serverFor(context, { sources, durable: true })
  const neighbour = await serverFor(context, { sources })
  const data = await dataDirectoryOf(server.url)
  await query(server.url, 'create table kept as select generate_series(1, 1000) as number')
  const open = new pg.Client({ connectionString: server.url })
  open.on('error', () => {})
  await open.connect()
  await open.query('begin; insert into kept values (0)')
  await server.killHard?.()
  expect(processesIn(data)).toEqual([])
  await expect(query(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const count = 'select count(*)::int as count, min(number) as least from kept'
  await server.restart?.()
  expect(await query(server.url, count)).toEqual([{ count: 1000, least: 1 }])
  await server.restart?.()
  expect(await query(server.url, count)).toEqual([{ count: 1000, least: 1 }])
  expect(await query(neighbour.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('leaves neither data nor shared memory when it stops after killHard', patience, async (context) => {
  const server = await serverFor(context, { sources })
  const data = await dataDirectoryOf(server.url)
  const segment = segmentOf(data)
  await server.killHard?.()
  expect(segmentNumbers()).toContain(segment)
  await server.stop()
  expect(segmentNumbers()).not.toContain(segment)
  expect(existsSync(dirname(data))).toBe(false)
  await expect(server.restart?.()).rejects.toThrow('PostgreSQL was ended by SIGKILL')
})

it('says why it could not start, with the end of its log', patience, async (context) => {
  await serverFor(context, { sources })
  const broken = await startTestServer({ sources, settings: { max_connections: 'many' } })
  const reason = /debootstrap: PostgreSQL ended with code 1[\s\S]*"max_connections": "many"/
  expect(broken).toEqual({ unavailable: expect.stringMatching(reason) })
})
