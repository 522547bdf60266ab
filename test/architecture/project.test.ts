import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { root, sourceFiles } from './source-files.ts'

type Package = { dependencies: Record<string, string>; devDependencies: Record<string, string> }

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as Package
const src = sourceFiles('src')
const all = ['src', 'test', 'scripts', 'bench'].flatMap((folder) => sourceFiles(folder, { withTests: true }))

describe('dependencies', () => {
  it('are pinned to exact versions, which are the ones in the lock file', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version?: string }> }
    const wrong = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([name, version]) =>
        !/^\d+\.\d+\.\d+$/.test(version) || lock.packages[`node_modules/${name}`]?.version !== version,
    )
    expect(wrong).toEqual([])
  })

  it('that src uses are the runtime ones, and all of those are used', () => {
    const used = new Set(src.flatMap((file) => file.theirs).filter((name) => !name.startsWith('node:')))
    expect([...used].filter((name) => !(name in manifest.dependencies))).toEqual([])
    expect(Object.keys(manifest.dependencies).filter((name) => !used.has(name))).toEqual([])
  })

  it('each have their line in docs/dependencies.md', () => {
    expect(existsSync(join(root, 'docs/dependencies.md'))).toBe(true)
    const text = read('docs/dependencies.md')
    expect(Object.keys(manifest.dependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('files', () => {
  it('are named in kebab case after what they are about', () => {
    const wrong = all.filter(({ path }) => {
      const name = basename(path, '.ts')
      return (
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(name) || /^(utils?|types|helpers?|constants)$/.test(name)
      )
    })
    expect(wrong.map((file) => file.path)).toEqual([])
  })

  it('stay below 400 lines, tests and generated ones aside', () => {
    const long = src.filter((file) => !file.path.includes('.gen.') && file.text.split('\n').length > 400)
    expect(long.map((file) => file.path)).toEqual([])
  })

  it('are written so that Node can run them as they are', () => {
    // Type stripping knows no enums, namespaces or parameter properties; imports name the file.
    const wrong = all.filter(({ text, ours }) => {
      const hasEmittingSyntax = /^\s*(export )?(const )?(enum|namespace) \w+ *\{/m.test(text)
      return hasEmittingSyntax || ours.some((target) => !/\.(ts|json|mjs)$/.test(target))
    })
    expect(wrong.map((file) => file.path)).toEqual([])
  })
})

describe('unfinished work', () => {
  // This file speaks of the words it looks for.
  const others = all.filter((file) => file.path !== 'test/architecture/project.test.ts')

  it('is named with its issue', () => {
    const marker = /(\/\/|\*|--).*\bTODO\b(?! ?\(#\d+\))/
    expect(others.filter((file) => marker.test(file.text)).map((file) => file.path)).toEqual([])
  })

  it('is not left out of a test run by hand', () => {
    const marker = /\b(it|describe|test)\.only\(/
    expect(others.filter((file) => marker.test(file.text)).map((file) => file.path)).toEqual([])
  })
})
