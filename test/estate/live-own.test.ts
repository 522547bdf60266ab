import { afterAll, beforeAll, expect, it } from 'vitest'

import type { Analysis } from '../../src/estate/analyse/finding.ts'
import { analyse } from '../../src/estate/analyse/index.ts'
import { onBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

onBackend('server', (backend) => {
  let live: TestDatabase
  let report: Analysis

  beforeAll(async () => {
    live = await testDatabase(backend)
    await live.query('create table crm.made_by_hand (id integer)')
    await live.query('alter table town.towns add column made_by_hand text')
    await live.query('drop table insight.ai_model_usage cascade')
    report = await analyse({
      paths: [new URL('../../src/modules', import.meta.url).pathname],
      services: [],
      database: live.url!,
      signal: new AbortController().signal,
    })
  })
  afterAll(() => live.drop())

  const found = (rule: string) =>
    report.findings
      .filter((finding) => finding.rule === rule && finding.object.kind === 'table')
      .map(({ object, details }) => ({ name: `${object.schema}.${object.name}`, details }))

  it('explains all of our own deployed schema by our own files, but for what was done by hand', () => {
    expect(found('live-only')).toEqual([{ name: 'crm.made_by_hand', details: ['columns: id integer'] }])
    expect(found('drifted')).toEqual([
      {
        name: 'town.towns',
        details: [
          'made_by_hand text: only in the database',
          // Deploy puts it there, for every table alike.
          'row security: enabled in the database, in no file',
        ],
      },
    ])
    expect(found('never-deployed')).toEqual([
      {
        name: 'insight.ai_model_usage',
        details: [
          expect.stringMatching(/^migrations of robbieverse notes insight\/sql\/migrations\/.* as run$/),
        ],
      },
    ])
    expect(report.live!.tables.length).toBeGreaterThan(100)
    expect(report.live!.tables.filter(({ rows }) => rows === null)).toEqual([])
  })

  it('knows our own ledger, and finds its files', () => {
    const [ledger, ...others] = report.live!.ledgers
    expect(others).toEqual([])
    expect(ledger).toMatchObject({ tool: 'robbieverse', failed: [], withoutFile: [], notApplied: [] })
    expect(ledger!.applied).toBeGreaterThan(20)
    expect(report.findings.filter(({ rule }) => rule === 'no-migration-tracking')).toEqual([])
  })
})
