import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { root } from './source-files.ts'

/** A copy of the checkout, in which a new module can be written. */
let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'robbieverse-copy-'))
  for (const name of readdirSync(root)) {
    if (name !== '.git' && name !== 'node_modules')
      cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function run(...args: string[]): { status: number | null; output: string } {
  const env = { ...process.env, ROBBIEVERSE_TEST_BACKENDS: 'embedded' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const passes = { status: 0, output: expect.any(String) }
const bin = (name: string, path: string) => join('node_modules', name, path)

// It runs every check of the tree, one after the other.
vi.setConfig({ testTimeout: 900_000 })

describe('npm run new:module', () => {
  it('refuses what would not work, and writes nothing', () => {
    const before = readFileSync(join(copy, 'src/modules/index.ts'), 'utf8')
    for (const [given, reason] of [
      [['garden', 'plants'], /plural/],
      [['garden', 'task'], /there is a table tasks/],
      [['crm', 'plant'], /there is a module crm/],
      [['order', 'plant'], /reserved word/],
      [['Garden', 'plant'], /lower-case/],
      [[], /lower-case/],
    ] as const) {
      const { status, output } = run('scripts/new-module.ts', ...given)
      expect([status, output]).toEqual([2, expect.stringMatching(reason)])
    }
    expect(readFileSync(join(copy, 'src/modules/index.ts'), 'utf8')).toBe(before)
  })

  it('writes a module that passes every check and works', () => {
    expect(run('scripts/new-module.ts', 'garden', 'plant_pot')).toEqual(passes)
    expect(run(bin('typescript', 'bin/tsc'), '--noEmit')).toEqual(passes)
    expect(run(bin('oxlint', 'bin/oxlint'), '--type-aware', 'src/modules')).toEqual(passes)
    expect(run(bin('oxfmt', 'bin/oxfmt'), '--check', 'src/modules')).toEqual(passes)
    expect(run('scripts/db-gen.ts', '--check')).toEqual(passes)
    expect(run('scripts/docs-gen.ts', '--check')).toEqual(passes)
    const tests = run(
      'scripts/test.ts',
      '--embedded',
      'src/modules/kit/kit.test.ts',
      '-t',
      'garden.plant_pots',
    )
    expect(tests).toEqual(passes)
    expect(tests.output).toMatch(/Tests .*1\d passed/)
    expect(
      run('scripts/test.ts', '--embedded', 'test/architecture/operations', 'test/isolation/catalogue'),
    ).toEqual(passes)
  })
})
