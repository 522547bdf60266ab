import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** What a server says about itself; `vector` is the version that `create extension vector` would install. */
export interface Inspection {
  version: string
  versionNumber: number
  vector: string | undefined
  mayCreate: boolean
}

/** Connects once and asks; throws what the driver throws, at the latest after 10 s. */
export async function inspectServer(url: string): Promise<Inspection> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
  })
  // A connection that breaks later also fails the query under way; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<Inspection>(`
      select split_part(current_setting('server_version'), ' ', 1) as version,
             current_setting('server_version_num')::int as "versionNumber",
             (select default_version from pg_available_extensions where name = 'vector') as vector,
             (select rolsuper or (rolcreatedb and rolcreaterole) from pg_roles where rolname = current_user)
               as "mayCreate"`)
    const [row] = rows
    if (!row) throw new Error('the server answered nothing')
    return row
  } finally {
    await client.end().catch(() => {})
  }
}

/** Says in a sentence what makes a server unfit for the tests; undefined if it is fit. */
export function unfitness({ version, versionNumber, vector, mayCreate }: Inspection): string | undefined {
  if (versionNumber < 150_000) return `it is PostgreSQL ${version}, and 15 or newer is needed`
  if (!vector) return `PostgreSQL ${version} there has no pgvector to create; 0.8 or newer is needed`
  const [major = 0, minor = 0] = vector.split('.').map(Number)
  if (major === 0 && minor < 8) return `its pgvector is ${vector}, and 0.8 or newer is needed`
  return mayCreate ? undefined : 'its user may not create databases and roles'
}

/**
 * Inspects a server that is starting, again and again until it answers. Throws when `ended` tells how its process
 * ended, when `timeoutMs` have passed, or at once on an error that waiting cannot mend.
 */
export async function inspectWhenReady(
  url: string,
  { ended, timeoutMs }: { ended: () => string | undefined; timeoutMs: number },
): Promise<Inspection> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const end = ended()
    if (end !== undefined) throw new Error(`PostgreSQL ${end}`)
    try {
      return await inspectServer(url)
    } catch (error) {
      if (!isStarting(error) && ended() === undefined) throw error
      if (Date.now() > deadline) {
        throw new Error(`PostgreSQL did not answer within ${timeoutMs} ms`, { cause: error })
      }
    }
    await sleep(40)
  }
}

/** Nothing listens yet, a proxy in front drops us, or the server says that it is starting (57P03). */
function isStarting(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03'].includes(code)) return true
  return /terminated unexpectedly|timeout expired/i.test(message ?? '')
}
