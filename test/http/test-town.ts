import { applyDeploy } from '../../src/deploy/apply.ts'
import type { Database } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/open.ts'
import { Dispatcher } from '../../src/doors/dispatcher.ts'
import type { Door } from '../../src/doors/door.ts'
import { createHttpApp, createSignIn, serveHttp, type HttpParts, type SignIn } from '../../src/http/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { newId } from '../../src/kernel/ids.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import {
  authenticate,
  identityModule,
  insertKey,
  insertOwner,
  insertTown,
  makeKey,
} from '../../src/modules/identity/index.ts'
import { journalModule } from '../../src/modules/journal/index.ts'
import { townModule } from '../../src/modules/town/index.ts'
import { noteOperations } from './note-operations.ts'

const modules = [townModule, identityModule, journalModule]

export type Person = { userId: string; email: string }
export type LogLine = { level: string; fields: object; message: string }

/** A town with its owner on an embedded database in memory, served over a real socket on a free port. */
export type TestTown = {
  database: Database
  door: Door
  address: string
  signIn: SignIn
  owner: Person & { key: string; keyId: string }
  town: { id: string; slug: string }
  logged: LogLine[]
  /** A person of the town who is not its owner, with a key. */
  addMember(role: 'admin' | 'user' | 'readonly'): Promise<Person & { key: string }>
  /** A key of that person, with limits. */
  addKey(userId: string, limits?: KeyLimits): Promise<{ key: string; id: string }>
  /** A second town that the owner belongs to. */
  addTown(slug: string): Promise<string>
  /** Another server over the same database. */
  serve(parts?: Partial<HttpParts>): Promise<{ address: string; close(): Promise<void> }>
  /** A request with the owner's key; `body` is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>
  close(): Promise<void>
}

export type KeyLimits = { operations?: string[]; personalities?: string[]; expiresAt?: Date }
export type RequestOptions = { key?: string | null; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal }

export async function openTestTown(): Promise<TestTown> {
  const database = openEmbedded({ dataDir: null, schemas: modules.map((module) => module.name) })
  await database.session((session) => applyDeploy(session, modules, { clock: systemClock }))
  const owner = { userId: newId(), email: 'owner@example.org' }
  const town = { id: newId(), slug: 'home' }
  const createdAt = new Date()
  await database.transaction('write', async (tx) => {
    await insertOwner(tx, { ...owner, organizationId: newId(), name: 'Owner', timeZone: 'UTC', createdAt })
    await insertTown(tx, { ...town, name: 'Home', createdAt }, owner.userId)
  })
  const logged: LogLine[] = []
  const log = collectingLogger(logged)
  const operations = [...identityModule.operations, ...noteOperations]
  const door = new Dispatcher({
    database,
    operations,
    clock: systemClock,
    log,
    // No operation here asks a model or for the installation's status.
    chat: undefined as never,
    system: undefined as never,
  })
  const ends: (() => Promise<void>)[] = []
  const addresses: string[] = []
  const signIn = createSignIn({ database, baseUrl: () => addresses[0]!, secret: 'test'.repeat(16), log })
  const serve = async (parts: Partial<HttpParts> = {}) => {
    let address = 'http://127.0.0.1'
    const app = createHttpApp({
      door,
      operations,
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
  const addKey = (userId: string, limits: KeyLimits = {}) => insertKeyOf(database, userId, town.slug, limits)
  const ownerKey = await addKey(owner.userId)
  return {
    database,
    door,
    address,
    signIn,
    owner: { ...owner, key: ownerKey.key, keyId: ownerKey.id },
    town,
    logged,
    addKey,
    addMember: async (role) => {
      const person = await insertPerson(database, town.id, role)
      return { ...person, key: (await addKey(person.userId)).key }
    },
    addTown: async (slug) => {
      const id = newId()
      await database.transaction('write', (tx) => insertTown(tx, { id, slug, name: slug, createdAt: new Date() }, owner.userId))
      return id
    },
    serve,
    request: (method, path, options = {}) => send(`${address}${path}`, method, { key: ownerKey.key, ...options }),
    close: async () => {
      for (const end of ends) await end()
      await database.close()
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

async function insertKeyOf(database: Database, userId: string, town: string, limits: KeyLimits) {
  const { key, prefix, hash } = makeKey()
  const id = newId()
  await database.transaction('write', async (tx) => {
    await authenticate(tx, { kind: 'person', userId, town }, new Date())
    const row = {
      id,
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

async function insertPerson(database: Database, townId: string, role: string): Promise<Person> {
  const userId = newId()
  const email = `${userId}@example.org`
  await database.session(async (session) => {
    await session.query(
      `insert into identity.users (id, name, email, email_verified, created_at, updated_at)
       values ($1, 'Somebody', $2, true, now(), now())`,
      [userId, email],
    )
    await session.query(
      `insert into identity.town_members (town_id, user_id, role, created_at) values ($1, $2, $3, now())`,
      [townId, userId, role],
    )
  })
  return { userId, email }
}

function collectingLogger(lines: LogLine[]): Logger {
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message })
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log }
  return log
}
