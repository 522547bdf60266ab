import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { modules } from '../../src/modules/index.ts'
import { findCircle, root, sourceFiles } from './source-files.ts'

const files = sourceFiles('src')

/** What each folder of src may import besides itself. Whoever adds a folder decides here where it stands. */
const ALLOWED: Record<string, string[]> = {
  kernel: [],
  db: ['kernel'],
  catalog: ['kernel', 'db'],
  deploy: ['kernel', 'db', 'catalog'],
  estate: ['kernel', 'db', 'catalog', 'deploy'],
  llm: ['kernel'],
  demo: ['kernel'],
  modules: ['kernel', 'db', 'llm'],
  connectors: ['kernel', 'db', 'llm', 'modules'],
  doors: ['kernel', 'db', 'modules'],
  mcp: ['kernel', 'db', 'modules', 'doors'],
  http: ['kernel', 'db', 'modules', 'doors', 'mcp'],
  cli: ['kernel', 'db', 'catalog', 'deploy', 'estate', 'modules', 'doors', 'mcp', 'demo'],
  jobs: ['kernel', 'db', 'modules', 'doors'],
}

/** The entry of the command line hands the composition root to its commands. */
const ENTRIES = ['src/cli/main.ts']

const folderOf = (path: string) => path.split('/')[1]!
const moduleOf = (path: string) => /^src\/modules\/([^/]+)\//.exec(path)?.[1]

/** What the modules that stand on it are built with: it has no schema, and so is no module. */
const KIT = { name: 'kit', dependsOn: ['identity', 'journal', 'search'] }

describe('imports', () => {
  it('are found at all', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(files.find((file) => file.path === 'src/db/open.ts')).toMatchObject({
      ours: expect.arrayContaining(['src/db/tx.ts', 'src/db/database.ts']),
      theirs: ['pg'],
    })
    expect(files.find((file) => file.path === 'src/db/pglite.ts')?.ours).toContain('src/db/pglite.worker.ts')
  })

  it('go one way between the folders of src', () => {
    const wrong = files.flatMap(({ path, ours }) => {
      const folder = folderOf(path)
      // The composition root, and nothing else, stands in src itself.
      if (path === 'src/app.ts' || ENTRIES.includes(path)) return []
      const allowed = ALLOWED[folder]
      if (!allowed) return [`${path} stands in a folder that the rules do not know`]
      return ours
        .filter((target) => target.startsWith('src/'))
        .filter((target) => folderOf(target) !== folder && !allowed.includes(folderOf(target)))
        .map((target) => `${path} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('do not reach from src into tests, scripts or benchmarks', () => {
    const wrong = files.flatMap(({ path, ours }) =>
      ours
        .filter((target) => /^(test|bench|scripts)\//.test(target))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('of one module from another go through its index, and only where dependsOn names it', () => {
    const dependsOn = new Map(
      [...modules, KIT].map((module) => [module.name, module.dependsOn] as [string, readonly string[]]),
    )
    const wrong = files.flatMap(({ path, ours }) => {
      const from = moduleOf(path)
      if (from === undefined) return []
      return ours.flatMap((target) => {
        const to = moduleOf(target)
        if (to === undefined || to === from) return []
        if (target !== `src/modules/${to}/index.ts`) return [`${path} imports ${target}, not its index`]
        // What the kit does, its users do.
        const needed = to === KIT.name ? KIT.dependsOn : [to]
        return needed.every((name) => dependsOn.get(from)?.includes(name))
          ? []
          : [`${path} imports ${to}, which ${from} does not depend on`]
      })
    })
    expect(wrong).toEqual([])
  })

  it('make no circle, types included', () => {
    expect(findCircle(files)).toBeUndefined()
    const circle = [
      { path: 'a', ours: ['b'] },
      { path: 'b', ours: ['c'] },
      { path: 'c', ours: ['b'] },
    ]
    expect(findCircle(circle)).toEqual(['b', 'c', 'b'])
  })

  it('name a database driver only in src/db', () => {
    const isDriver = (name: string) => /^(pg|pg-pool|pg-native|@electric-sql\/.*)$/.test(name)
    const naming = files.filter(({ theirs }) => theirs.some(isDriver)).map((file) => folderOf(file.path))
    expect(new Set(naming)).toEqual(new Set(['db']))
  })
})

describe('a module', () => {
  const folders = readdirSync(join(root, 'src/modules'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => name !== KIT.name)

  it('is one folder, and one line of the list', () => {
    expect(modules.map((module) => module.name).toSorted()).toEqual(folders.toSorted())
  })

  it('has its SQL in its own folder', () => {
    const wrong = modules.filter(
      (module) => !module.sql.pathname.endsWith(`/src/modules/${module.name}/sql/`),
    )
    expect(wrong.map((module) => module.name)).toEqual([])
  })

  it('has operations under its own name, each at one address', () => {
    const operations = modules.flatMap((module) => module.operations)
    expect(operations.length).toBeGreaterThan(20)
    const ids = operations.map((operation) => operation.id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const addresses = operations.map((operation) => operation.http.replaceAll(/\{\w+\}/g, '{}'))
    expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([])
    // platform answers for the installation: its town.* make and list towns, which needs the identity above town.
    const known = new Set(modules.map((module) => module.name))
    expect(ids.filter((id) => !known.has(id.split('.')[0]!))).toEqual([])
  })
})
