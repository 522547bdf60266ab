import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Backend, Database, Session } from '../../src/db/database.ts'
import { sortModules } from '../../src/db/module.ts'
import { openEmbedded, openServer, type EmbeddedLimits } from '../../src/db/open.ts'
import { OWNER_ROLE } from '../../src/db/tx.ts'
import { modules } from '../../src/modules/index.ts'
import { askBroker } from './ask-broker.ts'
import { getServer } from './backends.ts'
import { runOn, withDatabase } from './server-template.ts'

/** A database of one test file's own. */
export type TestDatabase = {
  backend: Backend
  database: Database
  /** Where the deployer connects; null when it is embedded. */
  url: string | null
  /** One statement as the deployer, a superuser: row-level security hides nothing. Commits by itself. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  /** Work as the role that owns the objects; forced row-level security applies to it. */
  asOwner<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Closes the database and removes it. */
  drop(): Promise<void>
}

type Options = {
  /** Schemas of the search path; those of all modules by default. */
  schemas?: string[]
  /** Limits of the embedded database that differ from the product's. */
  limits?: Partial<EmbeddedLimits>
}

/** A freshly deployed database of all modules: a copy of what the run deployed once. */
export async function testDatabase(backend: Backend, options: Options = {}): Promise<TestDatabase> {
  return backend === 'server' ? onServer(getServer().template, options) : embedded(await readImage(), options)
}

/** A database that nothing was deployed to. */
export async function emptyDatabase(backend: Backend, options: Options = {}): Promise<TestDatabase> {
  return backend === 'server' ? onServer('template0', options) : embedded(null, options)
}

/** Runs a client program of the server, as in `['pg_dump', '--schema-only', name]`. Throws when it fails. */
export async function runClient(args: string[], options: { input?: string } = {}): Promise<string> {
  const result = await askBroker({ ask: 'exec', args, ...options })
  if (result.code !== 0) throw new Error(`${args.join(' ')} ended with ${result.code}: ${result.stderr}`)
  return result.stdout
}

async function readImage(): Promise<Uint8Array> {
  const { image } = await askBroker({ ask: 'embedded' })
  return new Uint8Array(readFileSync(image))
}

function embedded(image: Uint8Array | null, options: Options): TestDatabase {
  const database = openEmbedded({
    dataDir: null,
    schemas: options.schemas ?? allSchemas(),
    ...(image ? { image } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  })
  return assemble(database, null, () => database.close())
}

async function onServer(template: string, options: Options): Promise<TestDatabase> {
  const { url: maintenance } = getServer()
  const name = `robbieverse_test_${randomBytes(6).toString('hex')}`
  await runOn(maintenance, `create database ${name} template ${template}`)
  const url = withDatabase(maintenance, name)
  const database = openServer({ url, appUrl: null, schemas: options.schemas ?? allSchemas() })
  return assemble(database, url, async () => {
    await database.close()
    await runOn(maintenance, `drop database ${name} with (force)`)
  })
}

function assemble(database: Database, url: string | null, drop: () => Promise<void>): TestDatabase {
  return {
    backend: database.backend,
    database,
    url,
    query: (text, values) => database.session((session) => session.query(text, values)),
    asOwner: (work) =>
      database.session(async (session) => {
        await session.exec(`set role ${OWNER_ROLE}`)
        try {
          return await work(session)
        } finally {
          await session.exec('reset role').catch(() => undefined)
        }
      }),
    drop,
  }
}

function allSchemas(): string[] {
  return sortModules(modules).map((module) => module.name)
}
