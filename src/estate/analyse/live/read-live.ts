import { readCatalogInside } from '../../../catalog/read.ts'
import type { Session } from '../../../db/database.ts'
import { visitServer } from '../../../db/visit.ts'
import { analyseErrors } from '../analyse.errors.ts'
import type { LiveDatabase } from './live-database.ts'
import { readLedgers } from './read-ledgers.ts'
import { readTables } from './read-tables.ts'
import { addressOf, toRefusal } from './refusal.ts'

/** Milliseconds for connecting, for one statement, and for waiting for somebody who holds a lock. */
const LIMITS = { connectMs: 10_000, statementMs: 30_000, lockMs: 2_000 }
/** The oldest major version whose catalogue has what is asked for. */
const OLDEST = 15

/**
 * What a live PostgreSQL has, read in one transaction that cannot write. Throws DATABASE_UNREACHABLE or DATABASE_REFUSED,
 * whose messages say why and show no password; rejects with the signal's reason when it is aborted.
 */
export async function readLive(
  url: string,
  signal: AbortSignal,
  limits: Partial<typeof LIMITS> = {},
): Promise<LiveDatabase> {
  try {
    return await visitServer({ url, signal, ...LIMITS, ...limits }, (session) => lookAt(session, url, signal))
  } catch (error) {
    signal.throwIfAborted()
    throw toRefusal(error, url)
  }
}

// Schemas of the server itself, of sessions, and those that extensions made for what they keep.
const SCHEMAS = `
  select n.nspname as name
  from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
      select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
  order by 1`

async function lookAt(session: Session, url: string, signal: AbortSignal): Promise<LiveDatabase> {
  const [server] = await session.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number`,
  )
  const version = server!.version.split(' ')[0]!
  if (server!.number < OLDEST * 10_000) {
    throw analyseErrors.DATABASE_REFUSED({
      message: `The database ${addressOf(url)} is PostgreSQL ${version}; ${OLDEST} is the oldest that can be read.`,
    })
  }
  const schemas = (await session.query<{ name: string }>(SCHEMAS)).map(({ name }) => name)
  const catalog = await readCatalogInside(session, schemas)
  const { tables, incomplete } = await readTables(session, { schemas, models: catalog.tables, signal })
  const ledgers = await readLedgers(session, tables.values())
  return {
    address: addressOf(url),
    version,
    tables,
    views: named(
      schemas,
      catalog.views.map(({ name, owner }) => ({ text: name, owner })),
    ),
    functions: named(
      schemas,
      catalog.functions.map(({ signature, owner }) => ({ text: beforeArguments(signature), owner })),
    ),
    ledgers: ledgers.ledgers,
    incomplete: [...incomplete, ...ledgers.incomplete],
  }
}

const beforeArguments = (signature: string) => signature.slice(0, signature.indexOf('('))

/** By `schema.name`, taken apart: either may have a dot in it. */
function named(schemas: string[], found: { text: string; owner: string }[]): LiveDatabase['views'] {
  return new Map(
    found.flatMap(({ text, owner }) => {
      const schema = schemas.findLast((name) => text.startsWith(`${name}.`))
      return schema === undefined ? [] : [[text, { schema, name: text.slice(schema.length + 1), owner }]]
    }),
  )
}
