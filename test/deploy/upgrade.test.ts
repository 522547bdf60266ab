import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Module } from '../../src/db/module.ts'
import { planReadOnly } from '../../src/deploy/plan.ts'
import { modules as realModules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, deploy, dumpSchema, statusOf, wipe } from './deployed.ts'
import { currentModules, earlierModules, moduleOf } from './fixture-modules.ts'

eachBackend((backend) => {
  it('a database that was upgraded has the catalogue of a fresh one', async () => {
    const test = await emptyDatabase(backend)
    try {
      await deploy(test, earlierModules())
      await deploy(test, currentModules())
      const upgraded = await catalogOf(test, currentModules())
      await wipe(test)
      await deploy(test, currentModules())
      expect(upgraded).toEqual(await catalogOf(test, currentModules()))
      expect(upgraded.tables.map((table) => table.name)).toEqual([
        'atlas.places',
        'atlas.visits',
        'harbour.ships',
      ])
    } finally {
      await test.drop()
    }
  })
})

eachBackend((backend) => {
  describe('a table of another kind than before', () => {
    const KINDS = ['tenant', 'global', 'sealed'] as const
    const POLICY = `drop policy if exists access on harbour.ships;
      create policy access on harbour.ships for select using (true);`
    const of = (kind: (typeof KINDS)[number]): Module[] => [
      {
        ...moduleOf('harbour', {
          migrations: {
            ships: `create table harbour.ships (town_id uuid not null, id uuid not null, privacy text not null,
              created_by uuid not null, constraint ships_pkey primary key (town_id, id));`,
          },
          objects: { 'policies.sql': kind === 'global' ? POLICY : '-- None.' },
        }),
        tables: [{ name: 'ships', kind, distribution: 'local' }],
      },
    ]

    it.each(
      KINDS.flatMap((from) =>
        KINDS.filter((to) => to !== from && from !== 'global').map((to) => ({ from, to })),
      ),
    )('is protected as if it had always been: $from, then $to', async ({ from, to }) => {
      const test = await emptyDatabase(backend)
      try {
        await deploy(test, of(from))
        await deploy(test, of(to))
        const changed = await catalogOf(test, of(to))
        await wipe(test)
        await deploy(test, of(to))
        expect(changed).toEqual(await catalogOf(test, of(to)))
      } finally {
        await test.drop()
      }
    })

    it('keeps the policy of its own that it had as a global table when other tables change', async () => {
      const test = await emptyDatabase(backend)
      try {
        await deploy(test, of('global'))
        const [module] = of('global')
        const more = {
          ...module!,
          tables: [{ ...module!.tables[0]!, grants: ['select', 'insert'] as const }],
        }
        const { plan } = await deploy(test, [more])
        expect(plan.steps.map((step) => step.id)).toEqual(['harbour/protection'])
        expect((await catalogOf(test, [more])).tables[0]!.policies.map((policy) => policy.command)).toEqual([
          'select',
        ])
      } finally {
        await test.drop()
      }
    })

    it('is told in the plan as weaker than before', async () => {
      const test = await emptyDatabase(backend)
      try {
        await deploy(test, of('tenant'))
        const { steps } = await test.database.session((session) => planReadOnly(session, of('sealed')))
        const weaker = steps
          .flatMap((step) => step.statements)
          .filter((item) => item.hazards.includes('weakens-protection'))
        expect(weaker.map((item) => item.sql)).toEqual([
          'alter table "harbour"."ships" no force row level security',
          'drop policy if exists "access" on "harbour"."ships"',
        ])
      } finally {
        await test.drop()
      }
    })
  })
})

eachBackend((backend) => {
  describe('what an objects file made and makes no more', () => {
    const PLACES = 'create table atlas.places (id integer);'
    const of = (functions: string, more = '-- None.'): Module[] => [
      moduleOf('atlas', {
        migrations: { places: PLACES },
        objects: { 'functions.sql': functions, 'more.sql': more },
      }),
    ]
    const BEFORE = `create or replace function atlas.one(a integer, b text[] default '{}') returns integer language sql as 'select 1';
      create or replace function atlas.kept(a int, out b int) language sql as 'select 1';
      create or replace view atlas.ones as select atlas.one(1) as one;
      create policy wide on atlas.places using (true);`
    const AFTER = `create or replace function atlas.one(a bigint) returns integer language sql as 'select 1';
      create or replace function atlas.kept(a integer, out b integer) language sql as 'select 1';`

    it('is dropped at the end, told in the plan, and leaves the catalogue of a fresh database', async () => {
      const test = await emptyDatabase(backend)
      try {
        await deploy(test, of(BEFORE))
        const { plan } = await deploy(test, of(AFTER, 'create view atlas.moved as select 1 as one;'))
        expect(plan.steps.map((step) => step.id)).toEqual([
          'atlas/functions.sql',
          'atlas/more.sql',
          'deploy/removal',
        ])
        const removal = plan.steps.at(-1)!
        expect(removal.statements.map((statement) => statement.sql)).toEqual([
          'drop policy if exists "wide" on "atlas"."places"',
          'drop view if exists "atlas"."ones"',
          'drop function if exists "atlas"."one"("pg_catalog"."int4", "text"[])',
        ])
        const upgraded = await catalogOf(test, of(AFTER))
        expect(upgraded.functions.map((item) => item.signature)).toEqual([
          'atlas.kept(a integer, OUT b integer)',
          'atlas.one(a bigint)',
        ])
        expect(await statusOf(test, of(AFTER, 'create view atlas.moved as select 1 as one;'))).toMatchObject({
          pending: [],
          drift: [],
        })
        await wipe(test)
        await deploy(test, of(AFTER, 'create view atlas.moved as select 1 as one;'))
        expect(upgraded).toEqual(await catalogOf(test, of(AFTER)))
        expect(
          (await deploy(test, of(AFTER, 'create view atlas.moved as select 1 as one;'))).plan.steps,
        ).toEqual([])
      } finally {
        await test.drop()
      }
    })
  })
})

onBackend('server', (backend) => {
  let one: TestDatabase
  let other: TestDatabase

  beforeAll(async () => {
    one = await emptyDatabase(backend)
    other = await emptyDatabase(backend)
  })
  afterAll(async () => {
    await one.drop()
    await other.drop()
  })

  describe('to pg_dump', () => {
    it('an upgraded database and a fresh one look the same', async () => {
      await deploy(one, earlierModules())
      await deploy(one, currentModules())
      await deploy(other, currentModules())
      const dump = await dumpSchema(one)
      expect(dump).toContain('CREATE TABLE atlas.places')
      expect(dump).toContain('CREATE POLICY access ON atlas.visits')
      expect(dump).toBe(await dumpSchema(other))
    })

    it('two fresh databases of the product look the same, however they were made', async () => {
      await wipe(one)
      await deploy(one, realModules)
      const copied = await testDatabase(backend)
      try {
        const dump = await dumpSchema(one)
        expect(dump).toContain('CREATE TABLE memory.ai_memories')
        expect(dump).toBe(await dumpSchema(copied))
      } finally {
        await copied.drop()
      }
    })
  })
})
