import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { HomeDoor, requireHome } from '../../src/cli/home-door.ts'
import type { App, Host } from '../../src/cli/host.ts'
import { lockHome, type HomeLock } from '../../src/db/home-lock.ts'
import type { CallRequest } from '../../src/doors/door.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { readConfig, type Config } from '../../src/kernel/config.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { openRecordingServer, recordedOperations, type RecordingServer } from '../doors/recording-server.ts'

let home: string
let config: Config
let opened: string[]
let cleanUp: (() => unknown)[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'robbieverse-home-'))
  config = readConfig({ ROBBIEVERSE_HOME: home })
  opened = []
  cleanUp = []
})
afterEach(async () => {
  for (const clean of cleanUp.toReversed()) await clean()
  rmSync(home, { recursive: true })
})

/** An application without a database: it locks the home as the real one does, and answers with the key it was shown. */
function makeHost(): Host {
  return {
    version: '0.0.0',
    operations: recordedOperations,
    modules: [],
    openDatabase: () => Promise.reject(new Error('not opened by a door')),
    openApp: async (given, { command }) => {
      const lock = given.databaseUrl === null ? lockHome(given.home, command) : null
      opened.push(command)
      return {
        config: given,
        ownerKey: 'rv_owner\n',
        operations: recordedOperations,
        door: { call: async ({ credential }: CallRequest) => ({ here: credential }) },
        close: async () => lock?.release(),
      } as unknown as App
    },
  }
}

function makeDoor(options: { env?: Record<string, string>; waitMs?: number } = {}): HomeDoor {
  const { env = {}, waitMs = 5_000 } = options
  const door = new HomeDoor({
    config,
    host: makeHost(),
    terminal: { env, clock: systemClock },
    log: createLogger('silent'),
    command: 'test',
    waitMs,
  })
  cleanUp.push(() => door.close())
  return door
}

async function startServer(): Promise<RecordingServer> {
  const server = await openRecordingServer()
  cleanUp.push(() => server.close())
  return server
}

function hold(address: string | null): HomeLock {
  const lock = lockHome(home, 'start')
  cleanUp.push(() => lock.release())
  if (address !== null) lock.setAddress(address)
  return lock
}

const call = (door: HomeDoor) =>
  door.call({
    operation: 'things.get',
    input: { id: 'a' },
    credential: null,
    requestId: 'r',
    signal: new AbortController().signal,
  })

const keyOf = (server: RecordingServer) => server.calls.at(-1)?.credential

describe('the door to a home', () => {
  it('opens a home that nobody holds, once, and lets go of it at the end', async () => {
    const door = makeDoor()
    expect(await Promise.all([call(door), call(door)])).toEqual([
      { here: { kind: 'key', key: 'rv_owner' } },
      { here: { kind: 'key', key: 'rv_owner' } },
    ])
    expect(opened).toEqual(['test'])
    await door.close()
    hold(null)
  })

  it('goes through the server that holds the home, with the key of the home', async () => {
    writeFileSync(join(home, 'api-key'), 'rv_file\n')
    const server = await startServer()
    hold(server.address)
    await call(makeDoor())
    expect(keyOf(server)).toEqual({ kind: 'key', key: 'rv_file', town: null })
    expect(opened).toEqual([])
  })

  it('prefers the key of the environment, here and through a server', async () => {
    const env = { ROBBIEVERSE_API_KEY: ' rv_env ' }
    const here = makeDoor({ env })
    expect(await call(here)).toEqual({ here: { kind: 'key', key: 'rv_env' } })
    await here.close()
    const server = await startServer()
    hold(server.address)
    await call(makeDoor({ env }))
    expect(keyOf(server)).toMatchObject({ key: 'rv_env' })
  })

  it('says how to get a key when there is none that can be one', async () => {
    const server = await startServer()
    hold(server.address)
    await expect(call(makeDoor())).rejects.toMatchObject({
      code: 'NO_API_KEY',
      message: expect.stringContaining('api-key'),
    })
    await expect(call(makeDoor({ env: { ROBBIEVERSE_API_KEY: 'a b' } }))).rejects.toMatchObject({
      code: 'NO_API_KEY',
    })
    mkdirSync(join(home, 'api-key'))
    await expect(call(makeDoor())).rejects.toMatchObject({ code: 'NO_API_KEY' })
    expect(server.calls).toEqual([])
  })

  it('waits for the address of a server that starts', async () => {
    writeFileSync(join(home, 'api-key'), 'rv_file\n')
    const lock = hold(null)
    const calling = call(makeDoor())
    const server = await startServer()
    lock.setAddress(server.address)
    expect(await calling).toEqual({})
    expect(opened).toEqual([])
  })

  it('waits for a command that ends, then opens the home itself', async () => {
    const lock = hold(null)
    const calling = call(makeDoor())
    lock.release()
    expect(await calling).toMatchObject({ here: {} })
    expect(opened).toEqual(['test'])
  })

  it('names the holder when that neither serves nor ends, and never opens beside it', async () => {
    hold(null)
    await expect(call(makeDoor({ waitMs: 0 }))).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      holder: { pid: process.pid, command: 'start' },
    })
    expect(opened).toEqual([])
  })

  it('finds a server that was restarted at another address', async () => {
    writeFileSync(join(home, 'api-key'), 'rv_file\n')
    const first = await startServer()
    const lock = hold(first.address)
    const door = makeDoor()
    await call(door)
    await first.close()
    const calling = call(door)
    const second = await startServer()
    lock.setAddress(second.address)
    expect(await calling).toEqual({})
    expect(second.calls).toHaveLength(1)
  })

  it('opens the home itself when the server went away for good', async () => {
    writeFileSync(join(home, 'api-key'), 'rv_file\n')
    const server = await startServer()
    const lock = hold(server.address)
    const door = makeDoor()
    await call(door)
    await server.close()
    lock.release()
    expect(await call(door)).toMatchObject({ here: {} })
  })

  it('does not repeat a call that may have been done', async () => {
    writeFileSync(join(home, 'api-key'), 'rv_file\n')
    let requests = 0
    const dying = createServer((_, response) => {
      requests += 1
      response.destroy()
    })
    await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => dying.close())
    hold(`http://127.0.0.1:${(dying.address() as AddressInfo).port}`)
    await expect(call(makeDoor())).rejects.toMatchObject({ code: 'SERVER_CONNECTION_LOST' })
    expect(requests).toBe(1)
  })

  it('goes straight to a database server, whoever holds the home', async () => {
    const server = await startServer()
    hold(server.address)
    config = readConfig({ ROBBIEVERSE_HOME: home, DATABASE_URL: 'postgres://localhost/robbie' })
    expect(await call(makeDoor())).toMatchObject({ here: {} })
    expect(server.calls).toEqual([])
  })
})

describe('a home that was never begun', () => {
  it('is not made by looking at it', () => {
    expect(() => requireHome(config)).toThrow(expect.objectContaining({ code: 'NOT_DEPLOYED' }))
    expect(() => requireHome({ ...config, home: join(home, 'none') })).toThrow(home)
    writeFileSync(join(home, 'api-key'), 'k')
    expect(() => requireHome(config)).not.toThrow()
  })
})
