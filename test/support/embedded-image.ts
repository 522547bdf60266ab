import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

import { openEmbedded } from '../../src/db/open.ts'
import { sortModules } from '../../src/db/module.ts'
import { applyDeploy } from '../../src/deploy/apply.ts'
import { readStatus } from '../../src/deploy/verify.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules } from '../../src/modules/index.ts'

/** What a run says about a back end it used. */
export type BackendVersions = { postgres: string; vector: string | null }

/** Deploys into an embedded database and writes its data folder as tar to `folder`. Takes about seven seconds. */
export async function makeEmbeddedImage(
  folder: string,
): Promise<{ image: string; versions: BackendVersions }> {
  const dataDir = join(folder, 'embedded')
  const database = openEmbedded({ dataDir, schemas: sortModules(modules).map((module) => module.name) })
  const versions = await database.session(async (session) => {
    await applyDeploy(session, modules, { clock: systemClock })
    const status = await readStatus(session, modules, { withDrift: false })
    return { postgres: status.serverVersion, vector: status.vectorVersion }
  })
  await database.close()
  const engine = await PGlite.create({ dataDir, extensions: { vector } })
  const tar = await engine.dumpDataDir('none')
  await engine.close()
  const image = join(folder, 'embedded.tar')
  writeFileSync(image, new Uint8Array(await tar.arrayBuffer()))
  rmSync(dataDir, { recursive: true, force: true })
  return { image, versions }
}
