import type { Backend, Database } from '../../src/db/database.ts'
import { Dispatcher } from '../../src/doors/dispatcher.ts'
import type { Door } from '../../src/doors/door.ts'
import { createHttpApp, createSignIn, serveHttp, type HttpParts, type SignIn } from '../../src/http/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { TownRole } from '../../src/kernel/context.ts'
import { newId } from '../../src/kernel/ids.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import { createVault } from '../../src/kernel/vault.ts'
import { authenticate, insertKey, insertTown, makeKey } from '../../src/modules/identity/index.ts'
import { addMember, foundTown, type Person, type Town } from '../support/found-town.ts'
import { testDatabase } from '../support/test-database.ts'
import { testOperations } from './note-operations.ts'

export type LogLine = { level: string; fields: object; message: string }

/** A town and its people, served over a real socket on a free port. */
export type TestTown = {
  database: Database
  door: Door
  address: string
  signIn: SignIn
  town: Town
  owner: Person
  logged: LogLine[]
  /** One more person of the town, with a key. */
  addMember(role: TownRole): Promise<Person>
  /** One more key of that person, with limits. */
  addKey(userId: string, limits?: KeyLimits): Promise<{ key: string; id: string }>
  /** A second town that only the owner belongs to. */
  addTown(slug: string): Promise<string>
  /** The e-mail address of a person. */
  emailOf(userId: string): Promise<string>
  /** Another server over the same database. */
  serve(parts?: Partial<HttpParts>): Promise<{ address: string; close(): Promise<void> }>
  /** A request with the owner's key; `body` is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>
  close(): Promise<void>
}

export type KeyLimits = { operations?: string[]; personalities?: string[]; expiresAt?: Date }
export type RequestOptions = {
  key?: string | null
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export async function openTestTown(backend: Backend = 'embedded'): Promise<TestTown> {
  const test = await testDatabase(backend)
  const { database } = test
  const town = await foundTown(test, { withPersonas: false })
  const { owner } = town
  const logged: LogLine[] = []
  const log = collectingLogger(logged)
  const door = new Dispatcher({
    database,
    operations: testOperations,
    clock: systemClock,
    log,
    // No operation here asks a model or for the installation's status.
    chat: undefined as never,
    system: undefined as never,
    vault: createVault(() => Buffer.alloc(32, 7)),
    signInLinks: { make: (email) => signIn.makeLink(email) },
  })
  const ends: (() => Promise<void>)[] = []
  const addresses: string[] = []
  const signIn = createSignIn({ database, baseUrl: () => addresses[0]!, secret: 'test'.repeat(16), log })
  const serve = async (parts: Partial<HttpParts> = {}) => {
    let address = 'http://127.0.0.1'
    const app = createHttpApp({
      door,
      operations: testOperations,
      database,
      clock: systemClock,
      log,
      version: '0.0.0-test',
      signIn,
      baseUrl: () => address,
      readiness: () => database.isReady(),
      ...parts,
    })
    const server = await serveHttp(app, { host: '127.0.0.1', port: 0 })
    address = server.address
    addresses.push(address)
    ends.push(() => server.close())
    return { address, close: () => server.close() }
  }
  const { address } = await serve()
  let members = 0
  return {
    database,
    door,
    address,
    signIn,
    town,
    owner,
    logged,
    addKey: (userId, limits = {}) => insertKeyOf(database, { userId, town: town.slug }, limits),
    addMember: (role) => addMember(test, { town, name: `member-${members++}`, role }),
    addTown: async (slug) => {
      const added = { id: newId(), slug, name: slug, createdAt: new Date() }
      await database.transaction('write', (tx) => insertTown(tx, added, owner.userId))
      return added.id
    },
    emailOf: async (userId) => {
      const rows = await test.query<{ email: string }>('select email from identity.users where id = $1', [
        userId,
      ])
      return rows[0]!.email
    },
    serve,
    request: (method, path, options = {}) =>
      send(`${address}${path}`, method, { key: owner.key, ...options }),
    close: async () => {
      for (const end of ends) await end()
      await test.drop()
    },
  }
}

/** A request as a plain client makes it. */
export function send(url: string, method: string, options: RequestOptions): Promise<Response> {
  const { key, body, headers, signal } = options
  return fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
}

async function insertKeyOf(database: Database, owner: { userId: string; town: string }, limits: KeyLimits) {
  const { key, prefix, hash } = makeKey()
  const id = newId()
  await database.transaction('write', async (tx) => {
    await authenticate(tx, { kind: 'person', ...owner }, new Date())
    const row = {
      id,
      user_id: owner.userId,
      name: 'test',
      prefix,
      operations: limits.operations ?? null,
      personalities: limits.personalities ?? null,
      created_at: new Date(),
      expires_at: limits.expiresAt ?? null,
    }
    await insertKey(tx, row, hash)
  })
  return { key, id }
}

function collectingLogger(lines: LogLine[]): Logger {
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message })
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}
