import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { readCatalog } from '../src/catalog/read.ts'
import { writeColumns } from '../src/catalog/write-columns.ts'
import { writeDump } from '../src/catalog/write-dump.ts'
import { writeTypes } from '../src/catalog/write-types.ts'
import { openEmbedded } from '../src/db/open.ts'
import { applyDeploy } from '../src/deploy/apply.ts'
import { LEDGER_SCHEMA } from '../src/deploy/drift.ts'
import { systemClock } from '../src/kernel/clock.ts'
import { modules } from '../src/modules/index.ts'

// Deploys into an empty embedded database and writes what its catalogue says: types, facts of columns,
// manifest, schema dump.
// With --check nothing is written, and a stale file is an error.

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const schemas = modules.map((module) => module.name)
const database = openEmbedded({ dataDir: null, schemas })
const { own, whole } = await database.session(async (session) => {
  await applyDeploy(session, modules, { clock: systemClock })
  return {
    own: await readCatalog(session, schemas),
    whole: await readCatalog(session, [...schemas, LEDGER_SCHEMA]),
  }
})
await database.close()

const generated = {
  'src/db/schema.gen.ts': writeTypes(own),
  'src/db/columns.gen.json': writeColumns(own),
  'src/deploy/manifest.gen.json': `${JSON.stringify(whole, null, 1)}\n`,
  'docs/schema.gen.sql': writeDump(whole),
}
const root = new URL('../', import.meta.url)
const stale = Object.entries(generated).filter(([path, text]) => !isCurrent(new URL(path, root), text))
if (values.check && stale.length > 0) {
  console.error(`stale: ${stale.map(([path]) => path).join(', ')}. Run npm run db:gen and commit the result.`)
  process.exitCode = 1
} else if (!values.check) {
  for (const [path, text] of stale) writeFileSync(new URL(path, root), text)
  console.log(
    stale.length === 0
      ? 'all generated files are current'
      : `wrote ${stale.map(([path]) => path).join(', ')}`,
  )
}

function isCurrent(url: URL, text: string): boolean {
  try {
    return readFileSync(url, 'utf8') === text
  } catch {
    return false
  }
}
