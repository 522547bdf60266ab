import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { openApp } from '../../src/app.ts'
import type { App } from '../../src/cli/host.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { readConfig } from '../../src/kernel/config.ts'
import { newId } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { startTestServer, type TestServer } from '../../test/server/postgres-server.ts'

/** An installation of its own for one benchmark, and a plain connection to the same database (null when embedded). */
export type BenchApp = {
  app: App
  townId: string
  // oxlint-disable-next-line typescript/no-explicit-any -- what an operation answers, read as each caller knows it
  call<T = any>(operation: string, input?: unknown): Promise<T>
  connect(): Promise<pg.Client>
  close(): Promise<void>
}

let server: Promise<TestServer> | null = null

/** The server all benchmarks share; durable, as a user's would be. Throws when none can be had. */
export function benchServer(): Promise<TestServer> {
  server ??= startTestServer({ durable: true }).then((started) => {
    if ('unavailable' in started) throw new Error(`no PostgreSQL server can be had: ${started.unavailable}`)
    return started
  })
  return server
}

export async function stopBenchServer(): Promise<void> {
  await (await server)?.stop()
}

/** Makes an empty database on the shared server and answers its address. */
export async function createDatabase(): Promise<string> {
  const { url } = await benchServer()
  const name = `bench_${newId().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

export async function openBenchApp(backend: 'embedded' | 'server'): Promise<BenchApp> {
  const home = mkdtempSync(join(tmpdir(), 'robbieverse-bench-'))
  const url = backend === 'server' ? await createDatabase() : ''
  const config = readConfig({ ROBBIEVERSE_HOME: home, DATABASE_URL: url, ROBBIEVERSE_PORT: '0' })
  const app = await openApp(config, { command: 'bench', log: createLogger('error'), clock: systemClock })
  const credential = { kind: 'key' as const, key: app.ownerKey }
  const signal = new AbortController().signal
  const call = async <T>(operation: string, input: unknown = {}) =>
    (await app.door.call({ operation, input, credential, requestId: newId(), signal })) as T
  const { town } = await call<{ town: { id: string } }>('identity.whoami')
  return {
    app,
    townId: town.id,
    call,
    connect: async () => {
      const client = new pg.Client({ connectionString: url })
      // After a failure the server is stopped under it; the event would hide the failure.
      client.on('error', () => undefined)
      await client.connect()
      return client
    },
    close: async () => {
      await app.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
