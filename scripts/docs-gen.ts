import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import type { AnyOperation } from '../src/db/operation.ts'
import { inputJsonSchema } from '../src/doors/catalogue.ts'
import { RobbieError } from '../src/kernel/errors.ts'
import { splitBinding, toolName } from '../src/kernel/operation.ts'
import { modules } from '../src/modules/index.ts'

// Writes the reference pages that the code decides: every operation with its input, every error code.
// With --check nothing is written, and a stale page is an error.

type Field = {
  type?: string
  format?: string
  enum?: unknown[]
  anyOf?: Field[]
  items?: Field
  minimum?: number
  maximum?: number
  default?: unknown
  description?: string
}

const root = new URL('../', import.meta.url)
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const pages = { 'docs/operations.gen.md': operationsPage(), 'docs/errors.gen.md': await errorsPage() }
const stale = Object.entries(pages).filter(([path, text]) => read(path) !== text)
if (values.check && stale.length > 0) {
  console.error(
    `stale: ${stale.map(([path]) => path).join(', ')}. Run npm run docs:gen and commit the result.`,
  )
  process.exitCode = 1
} else if (!values.check) {
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

function operationsPage(): string {
  const intro = `# Operations

Every operation with its input, the same over HTTP, as an MCP tool and on the command line. What all of them share is in
[HTTP API](http-api.md). Written by \`npm run docs:gen\`; what is marked * must be given.
`
  const described = modules.filter((module) => module.operations.length > 0)
  return [
    intro,
    ...described.map((module) =>
      [`## ${module.name}\n`, ...module.operations.map(describeOperation)].join('\n'),
    ),
  ].join('\n')
}

function describeOperation(operation: AnyOperation): string {
  const { method, path } = splitBinding(operation.http)
  const command = operation.id.replaceAll('.', ' ').replaceAll('_', '-')
  const schema = inputJsonSchema(operation) as { properties?: Record<string, Field>; required?: string[] }
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const mark = schema.required?.includes(name) ? '*' : ''
    return `| \`${name}\`${mark} | ${typeOf(field)} | ${cell(describe(field))} |`
  })
  return [
    `### ${operation.id}\n`,
    `${operation.summary}\n`,
    `\`${method} ${path}\` · \`robbieverse ${command}\` · tool \`${toolName(operation.id)}\` · least role ${operation.access}\n`,
    ...(fields.length === 0 ? [] : ['| input | type | means |', '|---|---|---|', ...fields, '']),
  ].join('\n')
}

function typeOf(field: Field): string {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ')
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}`
  return field.format === 'uuid' ? 'id' : field.format === 'date-time' ? 'instant' : (field.type ?? 'any')
}

function describe(field: Field): string {
  const isRange = field.minimum !== undefined && field.maximum !== undefined
  const known = field.description?.includes(`${field.minimum}-${field.maximum}`) === true
  const isSafe = Math.abs(field.maximum ?? 0) < Number.MAX_SAFE_INTEGER
  const range = isRange && isSafe && !known ? `${field.minimum} to ${field.maximum}.` : ''
  const otherwise = field.default === undefined ? '' : `Left out: ${JSON.stringify(field.default)}.`
  return [field.description ?? '', range, otherwise].filter((text) => text !== '').join(' ')
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

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
