import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { CompiledQuery } from 'kysely'

import packageJson from '../package.json' with { type: 'json' }
import type { App, Served } from './cli/host.ts'
import type { Database, Session } from './db/database.ts'
import type { SignIn } from './http/sign-in.ts'
import { lockHome, type HomeLock, type HomeLostError } from './db/home-lock.ts'
import { openEmbedded, openServer } from './db/open.ts'
import { keepUp } from './db/upkeep.ts'
import type { Tx } from './db/tx.ts'
import { applyDeploy } from './deploy/apply.ts'
import { readStatusInside } from './deploy/verify.ts'
import { Dispatcher } from './doors/dispatcher.ts'
import type { Clock } from './kernel/clock.ts'
import type { Config } from './kernel/config.ts'
import type { Actor } from './kernel/context.ts'
import type { Logger } from './kernel/logger.ts'
import type { SystemProbe } from './kernel/services.ts'
import { createVault, VAULT_KEY_BYTES } from './kernel/vault.ts'
import { createChatModel } from './llm/complete.ts'
import { modules } from './modules/index.ts'
import { countPendingReplies } from './modules/conversation/index.ts'
import { foundHome, readSizes, refreshTowns, replaceOwnerKey } from './modules/platform/index.ts'
import { listPersonalityIds } from './modules/persona/index.ts'
import { authenticate, findOwner, hashKey, isLiveKey } from './modules/identity/index.ts'

const KEY_FILE = 'api-key'
const SECRET_FILE = 'sign-in-secret'
const VAULT_KEY_FILE = 'secret-key'
const DATA_FOLDER = 'data'

const schemas = modules.map((module) => module.name)
const operations = modules.flatMap((module) => module.operations)

/**
 * The database of the configuration, opened and (embedded) locked for this process; nothing is deployed. With `isDry`
 * an embedded database that is not there yet is not made: an empty one in memory stands for it.
 */
export async function openDatabase(
  config: Config,
  options: { command: string; isDry?: boolean },
): Promise<{ database: Database; lock: HomeLock | null; release(): Promise<void> }> {
  if (config.databaseUrl !== null) {
    const database = openServer({ url: config.databaseUrl, appUrl: config.appUrl, schemas })
    return { database, lock: null, release: () => database.close() }
  }
  if (options.isDry && !existsSync(join(config.home, DATA_FOLDER))) {
    const database = openEmbedded({ dataDir: null, schemas })
    return { database, lock: null, release: () => database.close() }
  }
  const lock = lockHome(config.home, options.command, endProcess)
  const mayStart = () => lock.check()
  const database = openEmbedded({ dataDir: join(config.home, DATA_FOLDER), schemas, mayStart })
  const release = async () => {
    try {
      await database.close()
    } finally {
      lock.release()
    }
  }
  return { database, lock, release }
}

/** Ends the process where it stands: even closing the database would write to a folder that has another owner now. */
function endProcess(error: HomeLostError): never {
  process.stderr.write(`robbieverse: ${error.message} (${error.code})\n`)
  process.exit(1)
}

/** RobbieVerse in this process: opened, deployed, with its first owner, town and key made when there are none. */
export async function openApp(
  config: Config,
  options: { command: string; log: Logger; clock: Clock },
): Promise<App> {
  const { database, lock, release } = await openDatabase(config, options)
  const { clock, log } = options
  try {
    await database.session((session) => applyDeploy(session, modules, { clock }))
    const { ownerKey, ownerEmail } = await prepareHome(config, database, clock)
    const place = { address: `http://${config.host}:${config.port}` }
    const baseUrl = () => config.publicUrl ?? place.address
    // Loaded with the first link or the first request: commands that need neither do without it.
    let loaded: Promise<SignIn> | null = null
    const signIn = () =>
      (loaded ??= import('./http/sign-in.ts').then(({ createSignIn }) =>
        createSignIn({ database, baseUrl, secret: readSignInSecret(config.home), log }),
      ))
    const door = new Dispatcher({
      database,
      operations,
      clock,
      log,
      chat: config.model ? createChatModel(config.model) : null,
      system: systemProbe(config, database, clock),
      signInLinks: { make: async (email) => (await signIn()).makeLink(email) },
      vault: createVault(() => config.secretKey ?? readVaultKey(config.home)),
    })
    return {
      config,
      database,
      door,
      operations,
      ownerKey,
      serve: async () =>
        serve({
          config,
          database,
          door,
          clock,
          log,
          lock,
          ownerEmail,
          place,
          baseUrl,
          signIn: await signIn(),
        }),
      close: async () => {
        await door.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Makes sure that there is an owner, and a key file that opens their town. */
async function prepareHome(
  config: Config,
  database: Database,
  clock: Clock,
): Promise<{ ownerKey: string; ownerEmail: string }> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const kept = readPrivateFile(config.home, KEY_FILE)
  const { ownerKey, ownerEmail } = await database.transaction('write', async (tx) => {
    const now = clock.now()
    await foundHome(tx, now, timeZone)
    await refreshTowns(tx, now)
    const ownerId = (await findOwner(tx))!
    await authenticate(tx, { kind: 'person', userId: ownerId, town: null }, now)
    const { email } = await tx
      .selectFrom('users')
      .select('email')
      .where('id', '=', ownerId)
      .executeTakeFirstOrThrow()
    // A file that is lost, or belongs to another database: whoever may write the home may have a new key.
    const isKept = kept !== null && (await isLiveKey(tx, hashKey(kept), now))
    return { ownerKey: isKept ? kept : await replaceOwnerKey(tx, ownerId, now), ownerEmail: email }
  })
  if (ownerKey !== kept) writePrivateFile(config.home, KEY_FILE, ownerKey)
  return { ownerKey, ownerEmail }
}

/** Whether nobody has ever signed in: then a start offers the owner a link. */
async function isUnvisited(database: Database): Promise<boolean> {
  const [row] = await database.session((session) =>
    session.query<{ unvisited: boolean }>('select not exists (select from identity.sessions) as unvisited'),
  )
  return row!.unvisited
}

type ServeParts = {
  config: Config
  database: Database
  door: Dispatcher
  clock: Clock
  log: Logger
  lock: HomeLock | null
  ownerEmail: string
  /** Where it listens, known once it does. */
  place: { address: string }
  baseUrl: () => string
  signIn: SignIn
}

async function serve(parts: ServeParts): Promise<Served> {
  const { createHttpApp } = await import('./http/app.ts')
  const { serveHttp } = await import('./http/serve.ts')
  const { config, database, door, clock, log, lock, place, baseUrl, signIn } = parts
  const app = createHttpApp({
    door,
    operations,
    database,
    clock,
    log,
    version: packageJson.version,
    signIn,
    baseUrl,
    isPublic: config.publicUrl !== null,
    readiness: () => database.isReady(),
    personalityIds: (tx: Tx, actor: Actor) => listPersonalityIds(tx, actor.townId, actor.personalities ?? []),
  })
  const server = await serveHttp(app, { host: config.host, port: config.port })
  // A server's own autovacuum does this there.
  const stopUpkeep = database.backend === 'embedded' ? keepUp(database, { log }) : null
  place.address = server.address
  lock?.setAddress(server.address)
  return {
    address: server.address,
    signInLink: (await isUnvisited(database)) ? (await signIn.makeLink(parts.ownerEmail)).link : null,
    close: async () => {
      await server.close()
      await stopUpkeep?.()
    },
  }
}

function systemProbe(config: Config, database: Database, clock: Clock): SystemProbe<Tx> {
  return {
    status: async (tx, { forManagers }) => {
      const session = sessionOf(tx, database)
      const found = await readStatusInside(session, modules, { withDrift: forManagers })
      return {
        version: packageJson.version,
        backend: database.backend,
        serverVersion: found.serverVersion,
        vectorVersion: found.vectorVersion,
        model: config.model ? `${config.model.provider}:${config.model.name}` : 'offline',
        migrations: {
          applied: found.applied.filter((row) => row.state !== 'running').length,
          pending: found.pending,
        },
        drift: forManagers ? found.drift.map(({ kind, path }) => ({ kind, path })) : null,
        queue: { pendingReplies: await countPendingReplies(tx, clock.now()) },
        sizes: forManagers ? await readSizes(tx, schemas) : null,
      }
    },
  }
}

/** The open transaction as a session: what reads the catalogue can read it as the application role too. */
function sessionOf(tx: Tx, database: Database): Session {
  return {
    backend: database.backend,
    query: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await tx.executeQuery<Row>(CompiledQuery.raw(text, values))).rows,
    exec: async (text) => void (await tx.executeQuery(CompiledQuery.raw(text))),
  }
}

/** The secret that session cookies are signed with; made at the first start. */
function readSignInSecret(home: string): string {
  const kept = readPrivateFile(home, SECRET_FILE)
  if (kept !== null && kept.length >= 32) return kept
  const secret = randomBytes(32).toString('base64url')
  writePrivateFile(home, SECRET_FILE, secret)
  return secret
}

/** The key that secrets are encrypted with; made when the first one is. */
function readVaultKey(home: string): Buffer {
  const kept = readPrivateFile(home, VAULT_KEY_FILE)
  if (kept !== null) return Buffer.from(kept, 'base64url')
  const key = randomBytes(VAULT_KEY_BYTES).toString('base64url')
  try {
    // Never over one that another process of the home made meanwhile: what it sealed must stay readable.
    writeFileSync(join(home, VAULT_KEY_FILE), `${key}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readVaultKey(home)
  }
  return Buffer.from(key, 'base64url')
}

function readPrivateFile(home: string, name: string): string | null {
  try {
    return readFileSync(join(home, name), 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function writePrivateFile(home: string, name: string, text: string): void {
  writeFileSync(join(home, name), `${text}\n`, { mode: 0o600 })
}
