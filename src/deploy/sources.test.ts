import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Module } from '../db/module.ts'
import { hashSql, loadBootstrap, loadSources } from './sources.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'robbieverse-sources-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function moduleWith(files: Record<string, string>, tables: Module['tables'] = []): Module {
  for (const kind of ['migrations', 'objects']) mkdirSync(join(folder, kind), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return { name: 'atlas', dependsOn: [], tables, operations: [], sql: pathToFileURL(`${folder}/`) }
}
const load = (files: Record<string, string>, tables?: Module['tables']) =>
  loadSources([moduleWith(files, tables)])[0]!

describe('the SQL of a module', () => {
  it('is its migrations in order and its objects by name', () => {
    const source = load({
      'migrations/0002_second.sql': 'select 2',
      'migrations/0001_first.sql': 'select 1',
      'migrations/notes.md': 'not SQL',
      'objects/views.sql': 'select 4',
      'objects/functions.sql': 'select 3',
    })
    expect(source.migrations.map(({ id, slug, sql }) => ({ id, slug, sql }))).toEqual([
      { id: 'atlas/1', slug: 'first', sql: 'select 1' },
      { id: 'atlas/2', slug: 'second', sql: 'select 2' },
    ])
    expect(source.objects.map((object) => object.name)).toEqual(['functions.sql', 'views.sql'])
  })

  it('may be missing', () => {
    const module = { ...moduleWith({}), sql: pathToFileURL(`${folder}/nowhere/`) }
    expect(loadSources([module])).toEqual([{ module: 'atlas', migrations: [], objects: [] }])
  })

  it.each([
    ['a gap', ['0001_a.sql', '0003_b.sql']],
    ['a double', ['0001_a.sql', '0001_b.sql']],
    ['a wrong start', ['0002_a.sql']],
    ['another form of name', ['0001-a.sql']],
    ['capitals', ['0001_A.sql']],
  ])('is refused with %s in its sequence', (_, files) => {
    const texts = Object.fromEntries(files.map((file) => [`migrations/${file}`, 'select 1']))
    expect(() => load(texts)).toThrow(expect.objectContaining({ code: 'DEPLOY_SEQUENCE_BROKEN' }))
  })

  it('is hashed alike with either line end, and otherwise by every character', () => {
    expect(hashSql('a;\r\nb;\r\n')).toBe(hashSql('a;\nb;\n'))
    expect(hashSql('a;\nb;')).not.toBe(hashSql('a;\nb;\n'))
    expect(hashSql('a; b;')).not.toBe(hashSql('a;  b;'))
  })

  it('is transactional unless its head says otherwise', () => {
    const { migrations } = load({
      'migrations/0001_a.sql': 'select 1; -- robbieverse: no-transaction',
      'migrations/0002_b.sql': '-- robbieverse: no-transaction\nvacuum',
      'migrations/0003_c.sql': '-- Why.\r\n-- robbieverse: no-transaction\r\nvacuum',
    })
    expect(migrations.map((item) => item.isTransactional)).toEqual([true, false, false])
  })
})

describe('the protection of a module’s tables', () => {
  const protection = (tables: Module['tables']) => load({}, tables).objects[0]!

  it('is one object for all of them, with names quoted', () => {
    const { name, sql } = protection([
      { name: 'places', kind: 'tenant', distribution: 'distributed' },
      { name: 'secrets', kind: 'sealed', distribution: 'distributed' },
      { name: 'moods', kind: 'global', distribution: 'reference' },
    ])
    expect(name).toBe('protection')
    expect(sql).toContain('alter table "atlas"."places" force row level security')
    expect(sql).toContain('grant select, insert, update, delete on "atlas"."places" to robbieverse_app')
    expect(sql).not.toContain('grant select on "atlas"."secrets"')
    expect(sql).toContain('grant select on "atlas"."moods" to robbieverse_app')
    expect(sql).not.toMatch(/:table|:grants/)
  })

  it('gives only the rights that the declaration names', () => {
    const { sql } = protection([
      { name: 'events', kind: 'tenant', distribution: 'distributed', grants: ['select'] },
    ])
    expect(sql).toContain('grant select on "atlas"."events" to robbieverse_app')
  })
})

describe('the bootstrap', () => {
  it('can be read, and has a hash', () => {
    expect(loadBootstrap()).toMatchObject({
      module: 'deploy',
      name: 'bootstrap',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })
})
