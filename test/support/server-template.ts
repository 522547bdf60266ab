import { sortModules } from '../../src/db/module.ts'
import { openServer } from '../../src/db/open.ts'
import { applyDeploy } from '../../src/deploy/apply.ts'
import { readStatus } from '../../src/deploy/verify.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules } from '../../src/modules/index.ts'
import type { TestServer } from '../server/postgres-server.ts'
import type { BackendVersions } from './embedded-image.ts'

/** Deploys into a new database of the server, to be copied by `create database ... template`. */
export async function makeServerTemplate(server: TestServer, name: string): Promise<BackendVersions> {
  const schemas = sortModules(modules).map((module) => module.name)
  await runOn(server.url, `create database ${name}`)
  const database = openServer({ url: withDatabase(server.url, name), appUrl: null, schemas })
  try {
    return await database.session(async (session) => {
      await applyDeploy(session, modules, { clock: systemClock })
      const status = await readStatus(session, modules, { withDrift: false })
      return { postgres: status.serverVersion, vector: status.vectorVersion }
    })
  } finally {
    await database.close()
  }
}

/** Runs one statement as the deployer of the server at `url`. */
export async function runOn(url: string, sql: string): Promise<void> {
  const database = openServer({ url, appUrl: null, schemas: [] })
  try {
    await database.session((session) => session.exec(sql))
  } finally {
    await database.close()
  }
}

/** The same address with another database. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = name
  return other.href
}
