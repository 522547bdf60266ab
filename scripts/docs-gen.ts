import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import type { CatalogModel } from '../src/catalog/model.ts'
import manifest from '../src/deploy/manifest.gen.json' with { type: 'json' }
import { analysisJsonSchema } from '../src/estate/analyse/report/analysis-schema.ts'
import { RobbieError } from '../src/kernel/errors.ts'
import { modules } from '../src/modules/index.ts'
import { cell, referencePage } from './reference-page.ts'

// Writes the reference pages that the code and the catalogue decide: tables, operations with their inputs, error codes,
// the form of a report.
// With --check nothing is written, and a stale page is an error.

const root = new URL('../', import.meta.url)
const model = manifest as unknown as CatalogModel
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const pages: Record<string, string> = {
  ...referencePages(),
  'docs/errors.gen.md': await errorsPage(),
  'docs/reference/analysis.schema.gen.json': `${JSON.stringify(analysisJsonSchema(), null, 2)}\n`,
}
const stale = Object.entries(pages).filter(([path, text]) => read(path) !== text)
if (values.check && stale.length > 0) {
  console.error(
    `stale: ${stale.map(([path]) => path).join(', ')}. Run npm run docs:gen and commit the result.`,
  )
  process.exitCode = 1
} else if (!values.check) {
  mkdirSync(new URL('docs/reference/', root), { recursive: true })
  for (const [path, text] of stale) writeFileSync(new URL(path, root), text)
  console.log(
    stale.length === 0 ? 'all pages are current' : `wrote ${stale.map(([path]) => path).join(', ')}`,
  )
}

function read(path: string): string | null {
  try {
    return readFileSync(new URL(path, root), 'utf8')
  } catch {
    return null
  }
}

function referencePages(): Record<string, string> {
  const rows = modules.map((module) => {
    const { comment } = model.schemas.find(({ name }) => name === module.name)!
    return `| [${module.name}](${module.name}.gen.md) | ${comment ?? ''} | ${module.operations.length} |`
  })
  const index = [
    '# Reference\n',
    'Every table, view, function and operation, a page for each module. What all operations share is in [HTTP API](../http-api.md);',
    'an input that is marked * must be given. Written by `npm run docs:gen`.\n',
    '| module | holds | operations |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
  const pages = modules.map((module) => [
    `docs/reference/${module.name}.gen.md`,
    referencePage(module, model),
  ])
  return { 'docs/reference/README.md': index, ...Object.fromEntries(pages) }
}

async function errorsPage(): Promise<string> {
  const files = globSync('src/**/*{.errors.ts,/errors.ts}', { cwd: root }).toSorted()
  const rows = await Promise.all(files.map(readErrors))
  const sorted = rows.flat().toSorted((a, b) => (a.code < b.code ? -1 : 1))
  return [
    '# Error codes\n',
    'Every code that an answer, a command or a tool can carry, with its HTTP status. What a problem document looks like is in',
    '[HTTP API](http-api.md#errors). Written by `npm run docs:gen`.\n',
    '| code | status | says |',
    '|---|---|---|',
    ...sorted.map(({ code, status, message }) => `| \`${code}\` | ${status} | ${cell(message)} |`),
    '',
  ].join('\n')
}

/** The errors that a file defines: the lists it exports, made once each to see what they say. */
async function readErrors(file: string): Promise<RobbieError[]> {
  const exported = (await import(new URL(file, root).href)) as Record<string, unknown>
  return Object.values(exported)
    .filter((list) => typeof list === 'object' && list !== null)
    .flatMap((list) => Object.values(list as object))
    .filter((make) => typeof make === 'function')
    .map((make) => (make as () => unknown)())
    .filter((error) => error instanceof RobbieError)
}
