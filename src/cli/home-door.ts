import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { findHolder, HomeInUseError, type LockHolder } from '../db/home-lock.ts'
import type { CallRequest, Door } from '../doors/door.ts'
import { HttpDoor } from '../doors/http-door.ts'
import type { Config } from '../kernel/config.ts'
import { kernelErrors, RobbieError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import { cliErrors } from './cli.errors.ts'
import type { App, Host } from './host.ts'
import type { Terminal } from './terminal.ts'

/** How long another process is waited for, unless a test says otherwise. */
const WAIT_MS = 10_000
const LONG_WAIT_MS = 120_000
const POLL_MS = 50

export type HomeDoorParts = {
  config: Config
  host: Host
  terminal: Pick<Terminal, 'env' | 'clock'>
  log: Logger
  /** Named in the lock, so that others can say who holds the home. */
  command: string
  waitMs?: number
}

type Way = { door: Door; key: string }

/**
 * Calls operations of the home that the configuration names: through the server that runs on it, else in this process.
 * A server that went away is looked for again, because an editor's MCP process outlives it. Fills in the owner's key
 * where a request brings no credential. Call `close` at the end: in this process the home stays locked until then.
 */
export class HomeDoor implements Door {
  readonly #parts: HomeDoorParts
  #way: Promise<Way> | null = null
  #app: App | null = null

  constructor(parts: HomeDoorParts) {
    this.#parts = parts
  }

  async call(request: CallRequest): Promise<unknown> {
    const deadline = performance.now() + (this.#parts.waitMs ?? WAIT_MS)
    for (;;) {
      if (request.signal.aborted) throw kernelErrors.CANCELLED()
      const reaching = (this.#way ??= this.#reach())
      try {
        const { door, key } = await reaching
        return await door.call({ ...request, credential: request.credential ?? { kind: 'key', key } })
      } catch (error) {
        // What stands in the lock is a moment old: the server may have stopped since, or is about to.
        if (this.#way === reaching && this.#app === null) this.#way = null
        const isUnsent = error instanceof RobbieError && error.code === 'SERVER_UNREACHABLE'
        if (!isUnsent || performance.now() > deadline) throw error
        await delay(POLL_MS)
      }
    }
  }

  async close(): Promise<void> {
    await this.#way?.catch(() => undefined)
    await this.#app?.close()
    this.#app = null
    this.#way = null
  }

  async #reach(): Promise<Way> {
    const { config, waitMs } = this.#parts
    // A database server takes any number of processes, so there is nobody to go through.
    if (config.databaseUrl !== null) return this.#openHere()
    return claimHome(config.home, {
      throughServer: async ({ address }) => ({ door: this.#overHttp(address!), key: this.#readKey() }),
      here: () => this.#openHere(),
      ...(waitMs === undefined ? {} : { waitMs }),
    })
  }

  #overHttp(address: string): Door {
    return new HttpDoor({ address, operations: this.#parts.host.operations })
  }

  async #openHere(): Promise<Way> {
    const { config, host, command, log, terminal } = this.#parts
    const app = await host.openApp(config, { command, log, clock: terminal.clock })
    this.#app = app
    return { door: app.door, key: ownKey(terminal.env) ?? app.ownerKey.trim() }
  }

  #readKey(): string {
    const { config, terminal } = this.#parts
    return ownKey(terminal.env) ?? readKeyFile(config.home)
  }
}

/**
 * Gets at an embedded home: through the server that holds it, or here when nobody does. Waits up to 10 s for a command
 * that ends, longer for a deploy or a server that starts. Throws `HomeInUseError` after that.
 */
export async function claimHome<T>(
  home: string,
  ways: { throughServer(holder: LockHolder): Promise<T>; here(): Promise<T>; waitMs?: number },
): Promise<T> {
  const beganMs = performance.now()
  for (;;) {
    const holder = findHolder(home)
    if (holder?.address) return ways.throughServer(holder)
    if (holder === null) {
      try {
        return await ways.here()
      } catch (error) {
        // Somebody else was faster between the look and the lock.
        if ((error as { code?: unknown }).code !== 'HOME_IN_USE') throw error
      }
    } else if (performance.now() - beganMs > (ways.waitMs ?? patienceWith(holder))) {
      throw new HomeInUseError(home, holder)
    }
    await delay(POLL_MS)
  }
}

/** A deploy ends by itself and a server that starts will have an address, both after seconds on a slow machine. */
function patienceWith(holder: LockHolder): number {
  return holder.command === 'deploy' || holder.command === 'start' ? LONG_WAIT_MS : WAIT_MS
}

/** Calls one operation, and lets go of the home again. */
export async function callOnce(
  parts: Omit<HomeDoorParts, 'command'> & { requestId: string },
  operation: string,
  input: Record<string, unknown> = {},
): Promise<unknown> {
  const door = new HomeDoor({ ...parts, command: operation })
  try {
    return await door.call({
      operation,
      input,
      credential: null,
      requestId: parts.requestId,
      signal: new AbortController().signal,
      interface: 'cli',
    })
  } finally {
    await door.close()
  }
}

/** Throws NOT_DEPLOYED for an embedded home that was never begun: looking at it must not make it. */
export function requireHome(config: Config): void {
  if (config.databaseUrl !== null) return
  try {
    if (readdirSync(config.home).length > 0) return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  throw cliErrors.NOT_DEPLOYED({
    message: `There is nothing in ${config.home} yet. Run \`robbieverse start\`, or set ROBBIEVERSE_HOME to where it is.`,
  })
}

/** The key of ROBBIEVERSE_API_KEY. Throws NO_API_KEY when it cannot be one. */
function ownKey(env: Terminal['env']): string | null {
  const key = env['ROBBIEVERSE_API_KEY']?.trim() ?? ''
  if (key === '') return null
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw cliErrors.NO_API_KEY({
    message: 'ROBBIEVERSE_API_KEY holds characters that no API key has. Copy it anew.',
  })
}

function readKeyFile(home: string): string {
  const file = join(home, 'api-key')
  try {
    const key = readFileSync(file, 'utf8').trim()
    if (/^[\x21-\x7e]+$/.test(key)) return key
  } catch (error) {
    throw cliErrors.NO_API_KEY({
      message: `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Set ROBBIEVERSE_API_KEY, or run this as the user who started RobbieVerse.`,
      cause: error,
    })
  }
  throw cliErrors.NO_API_KEY({ message: `${file} holds no API key. Set ROBBIEVERSE_API_KEY to one.` })
}
