import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { visitServer } from '../../src/db/visit.ts'
import type { LiveDatabase } from '../../src/estate/analyse/live/live-database.ts'
import { lookLive } from '../../src/estate/analyse/live/look-live.ts'
import { readLive } from '../../src/estate/analyse/live/read-live.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'

const never = new AbortController().signal
const limits = { connectMs: 10_000, statementMs: 30_000, lockMs: 500 }

const SETUP = `
  create extension hstore;
  create table notes (id integer primary key, body text);
  insert into notes select n, 'note ' || n from generate_series(1, 7) n;
  create table large (id integer, filling text);
  alter table large alter filling set storage plain;
  insert into large select n, repeat('x', 900) from generate_series(1, 45000) n;
  analyze large;
  create table visits (at date not null) partition by range (at);
  create table visits_1 partition of visits for values from ('2024-01-01') to ('2025-01-01');
  create table visits_2 partition of visits for values from ('2025-01-01') to ('2026-01-01') partition by range (at);
  create table visits_2a partition of visits_2 for values from ('2025-01-01') to ('2025-07-01');
  insert into visits values ('2024-05-01'), ('2025-05-01'), ('2025-05-02');
  create table base (id integer);
  create table derived (more text) inherits (base);
  insert into base values (1);
  insert into derived values (2, 'x');
  create schema "Odd.Name";
  create table "Odd.Name"."a ""table""" ("Key" integer primary key);
  create table own_rows (id integer);
  insert into own_rows values (1), (2);
  alter table own_rows enable row level security;
  create policy first on own_rows using (id = 1);
  create table secret (id integer, word text);
  insert into secret values (1, 'hush');`

onBackend('server', (backend) => {
  let live: TestDatabase
  let guestUrl: string
  let guest: string
  let found: LiveDatabase

  beforeAll(async () => {
    live = await emptyDatabase(backend, { schemas: ['public'] })
    await live.database.session((session) => session.exec(SETUP))
    guest = `guest_${new URL(live.url!).pathname.slice(-12)}`
    const url = new URL(live.url!)
    url.username = guest
    url.password = 'p%40ss w%3Aord'
    guestUrl = url.href
    await live.database.session((session) =>
      session.exec(`create role ${guest} login password 'p@ss w:ord';
        grant select on notes, large, visits, own_rows to ${guest}`),
    )
    found = await readLive(live.url!, never)
  })
  afterAll(async () => {
    await live.query(`drop owned by ${guest}`)
    await live.query(`drop role ${guest}`)
    await live.drop()
  })

  it('is told with its rows and sizes, and without what extensions brought', () => {
    const rowsOf = (name: string) => found.tables.get(name)?.rows
    expect([...found.tables.keys()].toSorted()).toEqual([
      'Odd.Name.a "table"',
      ...['base', 'derived', 'large', 'notes', 'own_rows', 'secret'].map((name) => `public.${name}`),
      ...['visits', 'visits_1', 'visits_2', 'visits_2a'].map((name) => `public.${name}`),
    ])
    expect(found.functions.size).toBe(0)
    expect(found.tables.get('public.notes')).toMatchObject({ rows: 7, isCounted: true, primaryKey: ['id'] })
    expect(found.tables.get('public.notes')!.bytes).toBeGreaterThan(8000)
    expect(found.tables.get('public.large')).toMatchObject({ rows: 45_000, isCounted: false })
    expect(found.tables.get('public.visits')).toMatchObject({ rows: 3, isCounted: true, isPartition: false })
    expect(found.tables.get('public.visits_2a')).toMatchObject({ isPartition: true })
    expect([rowsOf('public.base'), rowsOf('public.derived')]).toEqual([1, 1])
    expect(found.tables.get('Odd.Name.a "table"')).toMatchObject({ schema: 'Odd.Name', primaryKey: ['Key'] })
    expect(found.version).toMatch(/^1[5-9]/)
    expect(found.incomplete).toEqual([])
  })

  it('is told whole to a role that may not read every table', async () => {
    const seen = await readLive(guestUrl, never)
    expect([...seen.tables.keys()]).toEqual([...found.tables.keys()])
    expect(seen.tables.get('public.secret')!.columns.map(({ name }) => name)).toEqual(['id', 'word'])
    expect(seen.tables.get('public.secret')).toMatchObject({ isCounted: false })
    expect(seen.tables.get('public.notes')).toMatchObject({ rows: 7, isCounted: true })
    expect(seen.tables.get('public.own_rows')!.isCounted).toBe(false)
    expect(seen.incomplete.toSorted()).toEqual([
      'database: no permission to read Odd.Name.a "table": its rows are estimated',
      'database: no permission to read public.base: its rows are estimated',
      'database: no permission to read public.derived: its rows are estimated',
      'database: no permission to read public.secret: its rows are estimated',
      'database: row security hides rows from this user in public.own_rows: its rows are estimated',
    ])
  })

  it('is told although somebody has locked a table', async () => {
    await live.database.session(async (session) => {
      await session.exec('begin; lock table notes in access exclusive mode')
      const seen = await readLive(live.url!, never, { lockMs: 200 })
      await session.exec('rollback')
      expect(seen.tables.get('public.notes')).toMatchObject({ isCounted: false })
      expect(seen.tables.get('public.base')).toMatchObject({ rows: 1, isCounted: true })
      expect(seen.incomplete).toEqual(['database: somebody has locked public.notes: its rows are estimated'])
    })
  })

  it('cannot be written to on a visit, not even by a superuser', async () => {
    const writes = [
      'create table made (id integer)',
      'insert into notes values (8)',
      'drop table notes',
      'truncate notes',
      `select setval(pg_get_serial_sequence('counted', 'id'), 9)`,
      'create temporary table scrap as select 1',
      `comment on table notes is 'x'`,
      'set transaction read write',
    ]
    await live.query('create table counted (id serial)')
    for (const write of writes) {
      const tried = visitServer({ url: live.url!, signal: never, ...limits }, (session) =>
        session.query(write),
      )
      await expect(tried, write).rejects.toMatchObject({ code: expect.stringMatching(/^25/) })
    }
    await live.query('drop table counted')
    const again = await readLive(live.url!, never)
    expect(again.tables.get('public.notes')).toEqual(found.tables.get('public.notes'))
    expect([...again.tables.keys()]).toEqual([...found.tables.keys()])
  })

  it('refuses a wrong password, a user who may not come in, and a database that is not there', async () => {
    const withUrl = (change: (url: URL) => void) => {
      const url = new URL(guestUrl)
      change(url)
      return url.href
    }
    const wrong = await lookLive(
      withUrl((url) => (url.password = 'Tops%3Aecret')),
      never,
    )
    expect(wrong).toMatchObject({ live: null, failed: ['DATABASE_REFUSED'] })
    expect(wrong.incomplete).toHaveLength(1)
    expect(wrong.incomplete[0]).toMatch(
      /^The database \S+:\d+\/\S+ refuses: password authentication failed .* Check user/,
    )
    await live.query(`alter role ${guest} nologin`)
    const closed = await lookLive(guestUrl, never)
    await live.query(`alter role ${guest} login`)
    expect(closed).toMatchObject({ live: null, failed: ['DATABASE_REFUSED'] })
    const missing = await lookLive(
      withUrl((url) => (url.pathname = 'no_such_database')),
      never,
    )
    expect(missing).toMatchObject({ live: null, failed: ['DATABASE_UNREACHABLE'] })
    expect(missing.incomplete[0]).toContain('"no_such_database" does not exist. Check host')
    const said = JSON.stringify([wrong, closed, missing, found.address])
    expect(said).not.toMatch(/Tops|p@ss|p%40ss|w:ord|w%3Aord/)
  })

  it('is left at once when the analysis is stopped', async () => {
    const stop = new AbortController()
    const visit = visitServer({ url: live.url!, signal: stop.signal, ...limits }, async (session) => {
      setTimeout(() => stop.abort(new Error('stopped')), 50)
      await session.query('select pg_sleep(60)')
    })
    await expect(visit).rejects.toThrow('stopped')
    await expect(readLive(live.url!, stop.signal)).rejects.toThrow('stopped')
  })
})

it('is unreachable where nothing listens, and where nobody answers', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const urlOf = (at: number) => `postgres://me:hush-hush@127.0.0.1:${at}/there`
  await expect(readLive(urlOf(port), never, { connectMs: 200 })).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: `The database 127.0.0.1:${port}/there cannot be read: it does not answer. Check host, port and name.`,
  })
  for (const socket of sockets) socket.destroy()
  silent.close()
  await once(silent, 'close')
  const refused = await lookLive(urlOf(port), never)
  expect(refused).toMatchObject({ live: null, failed: ['DATABASE_UNREACHABLE'] })
  expect(refused.incomplete[0]).toContain('nothing listens there')
  expect(JSON.stringify(refused)).not.toContain('hush')
})

it('is no PostgreSQL where something else answers', async () => {
  const other = createServer((socket) => socket.end('HTTP/1.1 400 hush-hush\r\n\r\n')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const seen = await lookLive(`postgres://me:hush-hush@127.0.0.1:${port}/there`, never)
  expect(seen).toMatchObject({ live: null, failed: ['DATABASE_UNREACHABLE'] })
  expect(JSON.stringify(seen)).not.toContain('hush')
  other.close()
})
