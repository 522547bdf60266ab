import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect } from 'vitest'

import { openEmbedded, openServer } from '../../src/db/open.ts'
import { startTestServer, type TestServer } from '../server/postgres-server.ts'
import { getServer, onBackend } from '../support/backends.ts'
import { makeServerTemplate } from '../support/server-template.ts'
import { makeHome, type Home } from './home.ts'
import { openHttp } from './http-client.ts'
import { expectNothingLost } from './kill-check.ts'
import { startLoad, trySend, type Load } from './kill-load.ts'
import { proves } from './proves.ts'
import type { Query } from './running-app.ts'
import { seededRandom, tellSeed } from './seed.ts'

const MESSAGES = 2_000
const KILLS = 20
/** How often PostgreSQL itself is killed beside that, where it may be. */
const DATABASE_KILLS = 4
const CLIENTS = 4
const program = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))

/**
 * The server process, which is killed and started again; `address` waits while there is none. One that ends by itself
 * is a failure, unless its database may be away: then it is started again, as a service manager does.
 */
class Supervisor {
  readonly #home: Home
  #child: ChildProcess | null = null
  #address = Promise.withResolvers<string>()
  #isListening = false
  readonly #isDatabaseKilled: boolean

  constructor(home: Home, isDatabaseKilled: boolean) {
    this.#home = home
    this.#isDatabaseKilled = isDatabaseKilled
  }

  address = (): Promise<string> => this.#address.promise

  /** Starts a process, without waiting for it to listen. */
  start(): void {
    const child = spawn(process.execPath, [program, 'start', '--json'], {
      env: this.#home.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let output = ''
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (!output.endsWith('\n') || this.#child !== child || child.killed) return
      this.#isListening = true
      this.#address.resolve((JSON.parse(output) as { address: string }).address)
    })
    child.once('close', (code, signal) => {
      if (child !== this.#child || child.killed) return
      const isDatabaseAway = output === '' && complaints.includes('"code":"DATABASE_UNAVAILABLE"')
      if (code === 1 && this.#isDatabaseKilled && isDatabaseAway) this.start()
      else this.#address.reject(new Error(`the server ended with ${code ?? signal}: ${complaints}`))
    })
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    // Who waits for a server that was killed while it started waits for the next one.
    if (this.#isListening) this.#address = Promise.withResolvers<string>()
    this.#isListening = false
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child!
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
}

/** Kills the server at random moments of the load and in the middle of starting. */
async function killAround(
  supervisor: Supervisor,
  load: Load,
  killDatabase: (() => Promise<void>) | null,
): Promise<void> {
  const random = seededRandom('kills')
  const count = KILLS + (killDatabase ? DATABASE_KILLS : 0)
  const thresholds = Array.from({ length: count }, () => Math.floor(random() * (MESSAGES - 20)))
  for (const [index, threshold] of thresholds.toSorted((a, b) => a - b).entries()) {
    await Promise.race([load.reached(threshold), load.finished])
    await delay(random() * 60)
    if (killDatabase && index % Math.floor(count / DATABASE_KILLS) === 3) {
      await killDatabase()
      continue
    }
    await supervisor.kill()
    supervisor.start()
    if (index % 5 === 2) {
      // Once more before it listens: these are beyond the count.
      await delay(random() * 2_500)
      await supervisor.kill()
      supervisor.start()
    }
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** A linear conversation that all share, one on a branch, and one with each of two other personalities. */
async function beginConversations(address: string, key: string): Promise<string[]> {
  const http = openHttp(address, key)
  const ids: string[] = []
  for (const personality of ['robbie-f', 'robbie-f', 'steve-jobs', 'bookkeeper']) {
    ids.push((await http.call('conversation.create', { personality })).id)
  }
  const at = '2020-01-01T00:00:00Z'
  const messages = [{ externalId: 'root', role: 'assistant', at, content: 'Where were we?' }]
  await http.call('conversation.append', { id: ids[1], messages, currentLeaf: 'root' })
  return ids
}

async function withDatabase(home: Home, work: (query: Query) => Promise<void>): Promise<void> {
  const database =
    home.url === null
      ? openEmbedded({ dataDir: join(home.folder, 'data'), schemas: [] })
      : openServer({ url: home.url, appUrl: null, schemas: [] })
  try {
    await work((text, values) => database.session((session) => session.query(text, values)))
  } finally {
    await database.close()
  }
}

async function runUnderKills(home: Home, killDatabase: (() => Promise<void>) | null): Promise<void> {
  tellSeed()
  const supervisor = new Supervisor(home, killDatabase !== null)
  supervisor.start()
  const first = await supervisor.address()
  const key = readFileSync(join(home.folder, 'api-key'), 'utf8').trim()
  const conversations = await beginConversations(first, key)
  const load = startLoad({
    address: supervisor.address,
    key,
    conversations,
    clients: CLIENTS,
    count: MESSAGES,
  })
  const kills = killAround(supervisor, load, killDatabase)
  await Promise.all([load.finished, kills])
  expect(load.acknowledged).toHaveLength(MESSAGES)
  // What was acknowledged before a kill is answered again to the byte.
  const last = await supervisor.address()
  const random = seededRandom('repeats')
  for (let n = 0; n < 40; n++) {
    const item = load.acknowledged[Math.floor(random() * MESSAGES)]!
    expect(await trySend(last, key, { id: item.conversationId, content: item.content }, item.key)).toBe(
      item.body,
    )
  }
  await supervisor.stop()
  await withDatabase(home, (query) => expectNothingLost(query, load.acknowledged))
}

describe(`${KILLS} times kill -9 under ${MESSAGES} messages`, { timeout: 900_000 }, () => {
  onBackend('embedded', () => {
    proves('kill.messages', 'loses, doubles and halves none', async () => {
      const home = await makeHome('embedded')
      await runUnderKills(home, null)
      await home.remove()
    })
  })

  onBackend('server', () => {
    let own: TestServer | null = null
    beforeAll(async () => {
      // A server of this test alone, which may be killed too and keeps what it says it has.
      const started = await startTestServer({ durable: true, sources: ['debootstrap'] })
      own = 'unavailable' in started ? null : started
      if (own === null) console.info('No PostgreSQL server of its own: only RobbieVerse is killed.')
    })
    afterAll(() => own?.stop())

    proves(
      'kill.messages',
      'loses, doubles and halves none, also when PostgreSQL itself is killed',
      async () => {
        const server = own
        if (server === null) {
          const home = await makeHome('server', getServer())
          await runUnderKills(home, null)
          await home.remove()
          return
        }
        const template = 'robbieverse_kill_template'
        await makeServerTemplate(server, template)
        const home = await makeHome('server', { url: server.url, template })
        await runUnderKills(home, async () => {
          await server.killHard!()
          await server.restart!()
        })
        await home.remove()
      },
    )
  })
})
