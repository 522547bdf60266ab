import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { onTestFinished } from 'vitest'

import type { Module } from '../../src/db/module.ts'

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** Every schema that a fixture module makes. */
export const FIXTURE_SCHEMAS = ['atlas', 'harbour']

/** Two modules in files of their own, as this version of a product would ship them. */
export function currentModules(): Module[] {
  return [
    copyOf('atlas', { tables: [PLACES, VISITS] }),
    copyOf('harbour', { dependsOn: ['atlas'], tables: [SHIPS] }),
  ]
}

/** The version before: the first migration of `atlas`, its older objects, and no `harbour`. */
export function earlierModules(): Module[] {
  return [copyOf('atlas', { tables: [PLACES], migrations: 1, objects: 'objects-before' })]
}

/** A module from texts: migrations by slug in their order, objects by file name. */
export function moduleOf(
  name: string,
  sql: { migrations?: Record<string, string>; objects?: Record<string, string> },
): Module {
  const folder = makeFolder()
  const migrations = Object.entries(sql.migrations ?? {}).map(([slug, text], index) => [
    `migrations/${String(index + 1).padStart(4, '0')}_${slug}.sql`,
    text,
  ])
  const objects = Object.entries(sql.objects ?? {}).map(([file, text]) => [`objects/${file}`, text])
  for (const kind of ['migrations', 'objects']) mkdirSync(join(folder, kind))
  for (const [file, text] of [...migrations, ...objects]) writeFileSync(join(folder, file!), text!)
  return { name, dependsOn: [], tables: [], operations: [], sql: pathToFileURL(`${folder}/`) }
}

/** Rewrites one file of a module in place; null removes it. `file` is as in `migrations/0001_places.sql`. */
export function editFile(module: Module, file: string, edit: (text: string) => string | null): void {
  const path = fileURLToPath(new URL(file, module.sql))
  const text = edit(readFileSync(path, 'utf8'))
  if (text === null) rmSync(path)
  else writeFileSync(path, text)
}

const PLACES = { name: 'places', kind: 'tenant', distribution: 'distributed' } as const
const VISITS = { name: 'visits', kind: 'tenant', distribution: 'distributed' } as const
const SHIPS = { name: 'ships', kind: 'global', distribution: 'reference' } as const

type Part = { tables: Module['tables']; dependsOn?: string[]; migrations?: number; objects?: string }

function copyOf(name: string, part: Part): Module {
  const folder = makeFolder()
  cpSync(join(fixtures, name, part.objects ?? 'objects'), join(folder, 'objects'), { recursive: true })
  mkdirSync(join(folder, 'migrations'))
  for (const file of readdirSync(join(fixtures, name, 'migrations'))
    .toSorted()
    .slice(0, part.migrations)) {
    cpSync(join(fixtures, name, 'migrations', file), join(folder, 'migrations', file))
  }
  const { tables, dependsOn = [] } = part
  return { name, dependsOn, tables, operations: [], sql: pathToFileURL(`${folder}/`) }
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-fixture-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
