import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Backend } from '../../src/db/database.ts'
import { askBroker } from '../support/ask-broker.ts'
import { getServer } from '../support/backends.ts'
import { runOn, withDatabase } from '../support/server-template.ts'

/** A home folder with a deployed database that nobody has started yet, and the environment that names both. */
export type Home = {
  backend: Backend
  folder: string
  /** Where the deployer connects; null when the database is embedded. */
  url: string | null
  env: Record<string, string>
  /** Removes folder and database. No process may use them any more. */
  remove(): Promise<void>
}

/** Makes a home. `server` is another PostgreSQL server than that of the run, with its deployed template. */
export async function makeHome(backend: Backend, server?: { url: string; template: string }): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-home-'))
  const database = backend === 'server' ? await copyTemplate(server ?? getServer()) : null
  if (backend === 'embedded') await unpackImage(join(folder, 'data'))
  return {
    backend,
    folder,
    url: database?.url ?? null,
    env: homeEnvironment(folder, database?.url ?? ''),
    remove: async () => {
      rmSync(folder, { recursive: true, force: true })
      await database?.drop()
    },
  }
}

/** A folder and an environment in which nothing was ever begun, embedded. */
export function makeEmptyHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-home-'))
  return {
    backend: 'embedded',
    folder,
    url: null,
    env: homeEnvironment(folder, ''),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Only what a process needs: a variable of the machine that runs the tests must not decide how they end. */
function homeEnvironment(folder: string, url: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TZ: 'UTC',
    DATABASE_URL: url,
    ROBBIEVERSE_HOME: folder,
    ROBBIEVERSE_PORT: '0',
    ROBBIEVERSE_LOG: 'error',
  }
}

async function copyTemplate(server: { url: string; template: string }) {
  const name = `robbieverse_e2e_${randomBytes(6).toString('hex')}`
  await runOn(server.url, `create database ${name} template ${server.template}`)
  return {
    url: withDatabase(server.url, name),
    drop: () => runOn(server.url, `drop database ${name} with (force)`),
  }
}

async function unpackImage(folder: string): Promise<void> {
  const { image } = await askBroker({ ask: 'embedded' })
  mkdirSync(folder)
  const { status, stderr } = spawnSync('tar', ['-xf', image, '-C', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tar could not unpack the database: ${stderr}`)
}
