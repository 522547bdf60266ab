import pg from 'pg'
import { runProgram } from './run-program.ts'
import { inspectServer, unfitness } from './server-inspection.ts'
import type { TestServer } from './test-server.ts'

/** Uses the server that TEST_DATABASE_URL names. Throws if it does not answer or is unfit for the tests. */
export async function useGivenServer(url: string): Promise<TestServer> {
  const inspection = await inspectServer(url)
  const unfit = unfitness(inspection)
  if (unfit) throw new Error(unfit)
  const connection = clientEnvironment(url)
  return {
    url,
    source: 'TEST_DATABASE_URL',
    version: inspection.version,
    exec: (command, { input, env } = {}) =>
      runProgram(command, {
        env: { ...process.env, ...connection, ...env },
        ...(input === undefined ? {} : { input }),
      }),
    stop: async () => {},
  }
}

/** The libpq variables that make client programs connect where the driver does. */
function clientEnvironment(url: string): Record<string, string> {
  const { host, port, user, database, password } = new pg.Client({ connectionString: url })
  const env: Record<string, string> = { PGHOST: host, PGPORT: String(port) }
  if (user) env['PGUSER'] = user
  if (database) env['PGDATABASE'] = database
  if (typeof password === 'string') env['PGPASSWORD'] = password
  const parameters = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams()
  for (const name of ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']) {
    const value = parameters.get(name)
    if (value !== null) env[`PG${name.toUpperCase()}`] = value
  }
  return env
}
