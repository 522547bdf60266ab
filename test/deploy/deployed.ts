// What the deploy tests share: deploying, looking at the result with our own eyes and with pg_dump's, starting anew.
import { readCatalog } from '../../src/catalog/read.ts'
import type { CatalogModel } from '../../src/catalog/model.ts'
import type { Module } from '../../src/db/module.ts'
import { applyDeploy, type DeployOptions, type DeployResult } from '../../src/deploy/apply.ts'
import { readStatus, type DeployStatus } from '../../src/deploy/verify.ts'
import { RobbieError } from '../../src/kernel/errors.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules as realModules } from '../../src/modules/index.ts'
import { runClient, type TestDatabase } from '../support/test-database.ts'
import { FIXTURE_SCHEMAS } from './fixture-modules.ts'

export function deploy(
  test: TestDatabase,
  modules: readonly Module[],
  options: Partial<DeployOptions> = {},
): Promise<DeployResult> {
  return test.database.session((session) => applyDeploy(session, modules, { clock: systemClock, ...options }))
}

/** Where the database stands, drift included. */
export function statusOf(test: TestDatabase, modules: readonly Module[]): Promise<DeployStatus> {
  return test.database.session((session) => readStatus(session, modules, { withDrift: true }))
}

/** Makes the database as if nothing had ever been deployed to it; the roles are the cluster's and stay. */
export async function wipe(test: TestDatabase): Promise<void> {
  const schemas = ['robbieverse', ...FIXTURE_SCHEMAS, ...realModules.map((module) => module.name), 'golden']
  await test.database.session((session) =>
    session.exec(
      `drop schema if exists ${schemas.join(', ')} cascade; drop extension if exists vector cascade`,
    ),
  )
}

export function catalogOf(test: TestDatabase, modules: readonly Module[]): Promise<CatalogModel> {
  const schemas = modules.map((module) => module.name)
  return test.database.session((session) => readCatalog(session, schemas))
}

/** What pg_dump says of the structure, without what differs between any two dumps. Server only. */
export async function dumpSchema(test: TestDatabase): Promise<string> {
  const text = await runClient(['pg_dump', '--schema-only', databaseName(test)])
  return text.replaceAll(/^\\(un)?restrict .*$/gm, '')
}

export function databaseName(test: TestDatabase): string {
  if (test.url === null) throw new Error('an embedded database has no name')
  return new URL(test.url).pathname.slice(1)
}

/** The error that a promise rejects with. Throws when it does not, or with anything but an error of ours. */
export async function refusal(work: Promise<unknown>): Promise<RobbieError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof RobbieError) return error
  throw new Error(`expected an error of ours, and got ${String(error)}`, { cause: error })
}
