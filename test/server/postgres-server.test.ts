import { afterEach, describe, expect, it, vi } from 'vitest'
import { patience, query, serverFor } from './observed-server.ts'
import { startTestServer } from './postgres-server.ts'
import { unfitness } from './server-inspection.ts'

afterEach(() => vi.unstubAllEnvs())

describe('a test server, wherever it comes from', () => {
  it('offers pgvector and a pg_dump that matches', patience, async (context) => {
    const server = await serverFor(context)
    const name = `server_test_${process.pid}`
    const url = new URL(server.url)
    url.pathname = name
    await query(server.url, `create database ${name}`)
    try {
      await query(url.href, 'create extension vector; create table places (at vector(2))')
      await query(url.href, `insert into places values ('[3,4]')`)
      const near = await query(url.href, `select at <-> '[0,0]' as away from places`)
      expect(near).toEqual([{ away: 5 }])
      const dump = await server.exec(['pg_dump', '--no-owner', name])
      expect(dump).toMatchObject({ code: 0, stderr: '' })
      expect(dump.stdout).toContain('CREATE TABLE public.places')
      expect(dump.stdout).toContain(`Dumped from database version ${server.version}`)
    } finally {
      await query(server.url, `drop database ${name} with (force)`)
    }
  })

  it('passes text and bytes through client programs', patience, async (context) => {
    const server = await serverFor(context)
    const [from, into] = [`from_${process.pid}`, `into_${process.pid}`]
    const drop = `drop database if exists ${from}; drop database if exists ${into};`
    const psql = ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1']
    try {
      const input = `create database ${from}; create database ${into};\n\\c ${from}\ncreate table "grün" ();`
      expect(await server.exec(psql, { input })).toMatchObject({ code: 0, stderr: '' })
      const dump = await server.exec(['pg_dump', '--format=custom', from])
      const restore = ['pg_restore', '--exit-on-error', `--dbname=${into}`]
      expect(await server.exec(restore, { input: dump.bytes })).toMatchObject({ code: 0, stderr: '' })
      const listed = await server.exec(['psql', '-XAtc', '\\dt'], { env: { PGDATABASE: into } })
      expect(listed.stdout).toContain('grün')
    } finally {
      await server.exec(psql, { input: drop })
    }
  })

  it(
    'reports the exit code of a client program that fails, and 127 for one that is missing',
    patience,
    async (context) => {
      const server = await serverFor(context)
      const failed = await server.exec(['psql', '-X', '-c', 'select * from nowhere'])
      expect(failed.code).toBe(1)
      expect(failed.stderr).toContain('"nowhere" does not exist')
      expect((await server.exec(['pg_no_such_program'])).code).toBe(127)
    },
  )
})

describe('TEST_DATABASE_URL', () => {
  it('is used when it names a fit server, which then outlives stop', patience, async (context) => {
    const other = await serverFor(context)
    vi.stubEnv('TEST_DATABASE_URL', other.url)
    const server = await serverFor(context)
    expect(server).toMatchObject({ url: other.url, source: 'TEST_DATABASE_URL', version: other.version })
    expect(server).not.toHaveProperty('killHard')
    await server.stop()
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('connects the client programs of this machine', patience, async (context) => {
    const other = await serverFor(context)
    vi.stubEnv('TEST_DATABASE_URL', other.url)
    vi.stubEnv('PGHOST', 'elsewhere.invalid')
    const server = await serverFor(context)
    const shown = await server.exec(['psql', '-XAtc', 'show server_version'])
    context.skip(shown.code === 127, 'there is no psql on the path')
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(server.version) })
  })

  it('is not replaced by another server when it names one that does not answer', async () => {
    vi.stubEnv('TEST_DATABASE_URL', 'postgres://nobody@127.0.0.1:1/nothing')
    const server = await startTestServer()
    expect(server).toEqual({ unavailable: expect.stringMatching(/^TEST_DATABASE_URL is set.*ECONNREFUSED/) })
  })

  it('must name a recent PostgreSQL with pgvector and a user who may create databases', () => {
    const fit = { version: '17.6', versionNumber: 170_006, vector: '0.8.0', mayCreate: true }
    expect(unfitness(fit)).toBeUndefined()
    expect(unfitness({ ...fit, vector: '1.0' })).toBeUndefined()
    expect(unfitness({ ...fit, vector: '0.10.1' })).toBeUndefined()
    expect(unfitness({ ...fit, vector: '0.7.4' })).toMatch('pgvector is 0.7.4')
    expect(unfitness({ ...fit, vector: undefined })).toMatch('no pgvector')
    expect(unfitness({ ...fit, version: '14.9', versionNumber: 140_009 })).toMatch('PostgreSQL 14.9')
    expect(unfitness({ ...fit, mayCreate: false })).toMatch('may not create')
  })
})
