import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Module } from '../../src/db/module.ts'
import type { DeployOptions } from '../../src/deploy/apply.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { deploy, refusal, statusOf, wipe } from './deployed.ts'
import { moduleOf } from './fixture-modules.ts'

const INDEXES = `-- robbieverse: no-transaction
create index concurrently places_one_idx on atlas.places (one);
create unique index concurrently places_two_idx on atlas.places (two);
create index concurrently places_three_idx on atlas.places (three);`

const placesWith = (indexes: string, rows = '') =>
  moduleOf('atlas', {
    migrations: {
      places: `create table atlas.places (one integer, two integer, three integer); ${rows}`,
      indexes,
    },
  })

const textOf = (module: Module, file: string) => readFileSync(new URL(file, module.sql), 'utf8')

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  const indexes = async () => {
    const rows = await test.query<{ name: string; is_valid: boolean }>(
      `select c.relname as name, i.indisvalid as is_valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = 'atlas.places'::regclass order by 1`,
    )
    return Object.fromEntries(rows.map((row) => [row.name, row.is_valid]))
  }
  const ALL = { places_one_idx: true, places_three_idx: true, places_two_idx: true }

  describe('a no-transaction migration that stopped half way', () => {
    it('is recorded with its place, and resumed there once the cause is mended', async () => {
      const module = placesWith(INDEXES, 'insert into atlas.places values (1, 5), (2, 5);')
      const error = await refusal(deploy(test, [module]))
      expect(error).toMatchObject({
        code: 'DEPLOY_STATEMENT_FAILED',
        data: { step: 'atlas/2', sqlstate: '23505' },
      })
      const [row] = await test.query(
        `select state, statements_done, applied_at from robbieverse.migrations where number = 2`,
      )
      expect(row).toEqual({ state: 'running', statements_done: 1, applied_at: null })
      expect((await statusOf(test, [module])).pending).toContain('atlas/2')

      await test.query('delete from atlas.places where one = 2')
      const ran: string[] = []
      const { plan } = await deploy(test, [module], {
        onStatement: (step, index) => ran.push(`${step.id} ${index}`),
      })
      expect(plan.steps[0]).toMatchObject({ id: 'atlas/2', resumeAfter: 1 })
      expect(ran).toEqual(['atlas/2 1', 'atlas/2 2'])
      expect(await indexes()).toEqual(ALL)
      expect(await statusOf(test, [module])).toMatchObject({ pending: [], drift: [] })
    })

    it('does not stumble over an index that was built but not recorded', async () => {
      const module = placesWith(INDEXES, 'insert into atlas.places values (1, 5), (2, 5);')
      await refusal(deploy(test, [module]))
      await test.query('delete from atlas.places where one = 2')
      // What a kill right after the second statement leaves.
      await test.query('drop index if exists atlas.places_two_idx')
      await test.query('create unique index places_two_idx on atlas.places (two)')
      await deploy(test, [module])
      expect(await indexes()).toEqual(ALL)
    })

    it('may be mended where it failed and after, not before', async () => {
      const rows = 'insert into atlas.places values (1, 5), (2, 5);'
      const failed = placesWith(INDEXES, rows)
      const error = await refusal(deploy(test, [failed]))
      expect(error.message).toContain('What came before it in this file is done and stays')
      expect(error.message).not.toContain('rolled back')

      const earlier = placesWith(INDEXES.replace('(one)', '(three)'), rows)
      expect(await refusal(deploy(test, [earlier]))).toMatchObject({
        code: 'DEPLOY_FILE_CHANGED',
        data: { files: ['atlas/2 indexes'] },
      })
      const mended = placesWith(
        INDEXES.replace('unique index concurrently places_two_idx', 'index concurrently places_both_idx'),
        rows,
      )
      expect((await statusOf(test, [mended])).pending).toContain('atlas/2')
      const { plan } = await deploy(test, [mended])
      expect(plan.steps[0]).toMatchObject({ id: 'atlas/2', resumeAfter: 1 })
      expect(await indexes()).toEqual({ places_both_idx: true, places_one_idx: true, places_three_idx: true })
      expect(await statusOf(test, [mended])).toMatchObject({ pending: [], drift: [] })
      expect((await deploy(test, [mended])).plan.steps).toEqual([])
      expect(await refusal(deploy(test, [failed]))).toMatchObject({ code: 'DEPLOY_FILE_CHANGED' })
    })

    it('may become a transaction when its first statement failed', async () => {
      const rows = 'insert into atlas.places values (1, 5), (1, 5);'
      const unique = (text: string) => placesWith(text, rows)
      await refusal(
        deploy(test, [
          unique(
            '-- robbieverse: no-transaction\ncreate unique index concurrently places_one_idx on atlas.places (one);',
          ),
        ]),
      )
      const mended = unique(
        'delete from atlas.places; create unique index places_one_idx on atlas.places (one);',
      )
      await deploy(test, [mended])
      expect(await indexes()).toEqual({ places_one_idx: true })
      expect(await statusOf(test, [mended])).toMatchObject({ pending: [], drift: [] })
    })

    it('on a later deploy is no drift, and what else was changed is', async () => {
      const module = placesWith(INDEXES, 'insert into atlas.places values (1, 5), (2, 5);')
      await deploy(test, [
        moduleOf('atlas', { migrations: { places: textOf(module, 'migrations/0001_places.sql') } }),
      ])
      await refusal(deploy(test, [module]))
      // What a kill right after the second statement leaves.
      await test.query('drop index if exists atlas.places_two_idx')
      await test.query('create index places_two_idx on atlas.places (two)')
      expect((await statusOf(test, [module])).drift).toEqual([])
      await test.query('drop index atlas.places_one_idx')
      expect(await refusal(deploy(test, [module]))).toMatchObject({
        code: 'DEPLOY_DRIFT',
        data: { first: ['missing table atlas.places / index places_one_idx'] },
      })
    })

    it('leaves an index of the same name on another table alone', async () => {
      await test.query(
        'create table public.other (id integer); create index places_one_idx on public.other (id)',
      )
      try {
        await deploy(test, [placesWith(INDEXES)])
        expect(await test.query(`select to_regclass('public.places_one_idx') is not null as there`)).toEqual([
          { there: true },
        ])
      } finally {
        await test.query('drop table public.other')
      }
    })
  })
})

onBackend('server', (backend) => {
  it('an index that a killed build left invalid is built anew', async () => {
    const test = await emptyDatabase(backend)
    try {
      const module = placesWith(INDEXES, 'insert into atlas.places values (1, 5), (2, 5);')
      await refusal(deploy(test, [module]))
      const invalid = await test.query(`select 1 from pg_index where not indisvalid`)
      expect(invalid).toHaveLength(1)
      await test.query('delete from atlas.places where one = 2')
      await deploy(test, [module])
      expect(await test.query(`select 1 from pg_index where not indisvalid`)).toEqual([])
      expect((await statusOf(test, [module])).drift).toEqual([])
    } finally {
      await test.drop()
    }
  })

  it('the copy that a killed reindex left is dropped, and so is an index whose name is quoted or in capitals', async () => {
    const test = await emptyDatabase(backend)
    try {
      const module = placesWith(
        `-- robbieverse: no-transaction
create index concurrently PLACES_ONE_IDX on atlas.places (one);
create unique index concurrently "Places_Two" on atlas.places (two);
reindex table concurrently atlas.places;`,
        'insert into atlas.places values (1, 5), (2, 5);',
      )
      await refusal(deploy(test, [module]))
      await test.query('delete from atlas.places where one = 2')
      await refusalOf(deploy(test, [module], { onStatement: stopBefore('atlas/2', 2) }))
      // What a kill in the middle of the reindex leaves, beside an index of somebody's that is valid.
      await test.query('create index places_one_idx_ccnew on atlas.places (one)')
      await test.query('create index places_two_ccnew on atlas.places (two)')
      await test.query(
        `update pg_index set indisvalid = false where indexrelid = 'atlas.places_one_idx_ccnew'::regclass`,
      )
      expect((await statusOf(test, [module])).drift).toEqual([])
      await deploy(test, [module])
      const left = await test.query(
        `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
         where i.indrelid = 'atlas.places'::regclass and i.indisvalid order by 1`,
      )
      expect(left.map((row) => row['name'])).toEqual(['Places_Two', 'places_one_idx', 'places_two_ccnew'])
      expect(await test.query('select 1 from pg_index where not indisvalid')).toEqual([])
    } finally {
      await test.drop()
    }
  })

  /** Ends a deploy before one statement, as a kill would. */
  function stopBefore(id: string, index: number): NonNullable<DeployOptions['onStatement']> {
    return (step, at) => {
      if (step.id === id && at === index) throw new Error('stopped')
    }
  }

  const refusalOf = (work: Promise<unknown>) => expect(work).rejects.toThrow('stopped')
})
