import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { analysisSchema } from '../../src/estate/analyse/report/analysis-schema.ts'
import { sarifSchema } from '../support/sarif-schema.ts'
import { startHere } from './run-here.ts'

let folder: string
const file = (path: string) => join(folder, path)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'robbieverse-analyze-'))
  for (const name of ['crm', 'tenants', 'calm', 'minor', 'empty']) mkdirSync(file(name))
  writeFileSync(
    file('crm/companies.sql'),
    'create table if not exists companies (id integer primary key, name text);\n' +
      'create table contacts (id integer primary key, company_id uuid references companies (id));\n' +
      'create table deals (id integer primary key, contact_id integer references contacts (id));\n',
  )
  writeFileSync(
    file('tenants/companies.sql'),
    'create table if not exists companies (id uuid primary key, name text not null);\n',
  )
  writeFileSync(file('calm/notes.sql'), 'create table notes (id bigint primary key, body text not null);\n')
  writeFileSync(
    file('minor/notes.sql'),
    'create table tasks (id bigint primary key, parent_id bigint references tasks (id));\n',
  )
  writeFileSync(file('empty/readme.txt'), 'nothing\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The home does not exist and must not come to exist: the command needs none. */
const analyze = (args: string[], options: { isTerminal?: boolean; env?: Record<string, string> } = {}) =>
  startHere(['analyze', ...args], { ROBBIEVERSE_HOME: '/nonexistent/home', ...options.env }, '', {
    isTerminal: options.isTerminal ?? false,
  }).done

describe('robbieverse analyze', () => {
  it('says what contradicts what, what fails for it, and ends with 1', async () => {
    const { code, stdout, stderr } = await analyze([folder])
    expect(code).toBe(1)
    expect(stderr).toBe('')
    expect(stdout).toContain('What to do first\n  1. Decide on one definition of table public.companies.')
    expect(stdout.match(/^CRITICAL {2}table public\.companies$/gm)).toHaveLength(1)
    expect(stdout).toContain('competing-definition (critical)')
    expect(stdout).toContain('crm/companies.sql:3 relation "contacts" does not exist')
    expect(stdout).not.toContain('\u001b')
  })

  it('prints JSON in the documented form, whatever is found', async () => {
    const { code, stdout } = await analyze([folder, '--json', '--fail-on', 'never'])
    expect(code).toBe(0)
    const analysis = analysisSchema.parse(JSON.parse(stdout))
    expect(analysis.matrix.rows.map(({ object }) => object.name)).toEqual(['companies'])
    expect(analysis.plan[0]!.objects).toEqual([{ kind: 'table', schema: 'public', name: 'companies' }])
  })

  it('writes a file in the format that its name asks for, and accepts findings', async () => {
    const accepted = file('baseline.json')
    const written = await analyze([folder, '--out', file('r.sarif'), '--write-baseline', accepted])
    expect(written.code).toBe(0)
    expect(written.stdout).toMatch(/^Wrote .*r\.sarif: \d+ critical, \d+ warnings?, \d+ info\.\n$/)
    expect(written.stderr).toMatch(/^Accepted \d+ findings in /)
    const { runs } = sarifSchema.parse(JSON.parse(readFileSync(file('r.sarif'), 'utf8')))
    expect(runs[0]!.results.map(({ ruleId }) => ruleId)).toContain('competing-definition')

    const quiet = await analyze([folder, '--baseline', accepted, '--fail-on', 'info'])
    expect(quiet.code).toBe(0)
    expect(quiet.stdout).toMatch(/Nothing was found\. The baseline hides \d+ accepted findings\./)
    const fewer = await analyze([file('calm'), '--baseline', accepted])
    expect(fewer.code).toBe(0)
    expect(fewer.stdout).toContain('Accepted in the baseline, and no longer found')
  })

  it('fails for what --fail-on names, and is coloured on a terminal', async () => {
    const { code, stdout } = await analyze([file('minor'), '--fail-on', 'info'], { isTerminal: true })
    expect(code).toBe(1)
    expect(stdout).toContain('\u001b[')
    expect(stripVTControlCharacters(stdout)).toContain('INFO  table public.tasks')
    const plain = await analyze([file('minor')], { isTerminal: true, env: { NO_COLOR: '1' } })
    expect(plain.code).toBe(0)
    expect(plain.stdout).not.toContain('\u001b')
  })

  it.each([
    [['/no/such/path'], 'PATH_NOT_FOUND'],
    [['.', '--baseline', '/no/such/file'], 'BASELINE_NOT_FOUND'],
    [[], 'USAGE'],
    [['.', '--format', 'pdf'], 'USAGE'],
    [['.', '--fail-on', 'error'], 'USAGE'],
    [['.', '--json', '--format', 'html'], 'USAGE'],
    [['.', '--database', 'mysql://x'], 'USAGE'],
  ])('refuses %j in one line and ends with 2', async (args, expected) => {
    const { code, stdout, stderr } = await analyze(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(expected)
  })

  it('does not repeat the address of a database that it refuses', async () => {
    const { stderr } = await analyze(['.', '--database', 'http://me:hunter2@db'])
    expect(stderr).toContain('(USAGE)')
    expect(stderr).not.toContain('hunter2')
  })

  it('says that there is no SQL, and ends with 2', async () => {
    const { code, stderr } = await analyze([file('empty')])
    expect(code).toBe(2)
    expect(stderr).toContain('(NO_SQL_FOUND)')
  })

  it('reports on the paths that are there when another one is not, and ends with 2', async () => {
    const { code, stdout, stderr } = await analyze([file('calm'), file('gone')])
    expect(code).toBe(2)
    expect(stdout).toContain('Looked at 1 file')
    expect(stderr).toContain('(PATH_NOT_FOUND)')
  })

  it('fails in one line where it cannot write', async () => {
    const { code, stderr } = await analyze([file('calm'), '--out', file('no/such/folder/r.html')])
    expect(code).toBe(1)
    expect(stderr).toContain('(REPORT_NOT_WRITTEN)')
  })

  it('refuses a baseline that nobody wrote', async () => {
    const { code, stderr } = await analyze([file('calm'), '--baseline', file('calm/notes.sql')])
    expect(code).toBe(1)
    expect(stderr).toContain('(BASELINE_INVALID)')
  })
})
