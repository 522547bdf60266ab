import { createHash } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import type { EstateFile } from '../../src/estate/analyse/inventory/estate-file.ts'
import { ledgerFilesOf, type LedgerFiles } from '../../src/estate/analyse/live/ledger-files.ts'
import { readLive } from '../../src/estate/analyse/live/read-live.ts'
import { groupIntoSources } from '../../src/estate/analyse/sources.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'

const never = new AbortController().signal
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** Each tool's own table, as the tool makes it, with what it notes of three files: the third is not applied. */
type Case = {
  tool: string
  schema?: string
  table: string
  files: string[]
  notes: string
  failed?: string[]
  withoutFile?: string[]
  notApplied?: string[]
  applied?: number
  isElsewhere?: boolean
}

const CASES: Case[] = [
  {
    tool: 'flyway',
    table: `flyway_schema_history (installed_rank integer primary key, version varchar(50),
      description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum integer,
      installed_by varchar(100) not null, installed_on timestamp not null default now(),
      execution_time integer not null, success boolean not null)`,
    files: ['V1__one.sql', 'V2__two.sql', 'V2.1__three.sql', 'V10__ten.sql'],
    notes: `(1, '1', 'base', 'BASELINE', '<< Flyway Baseline >>', null, 'x', now(), 0, true),
      (2, '2', 'two', 'SQL', 'V2__two.sql', 1, 'x', now(), 3, true),
      (3, '2.1', 'three', 'SQL', 'V2.1__three.sql', 1, 'x', now(), 3, false),
      (4, '3', 'gone', 'SQL', 'V3__gone.sql', 1, 'x', now(), 3, true),
      (5, '4', 'java', 'JDBC', 'db.migration.V4__java', 1, 'x', now(), 3, true)`,
    applied: 4,
    failed: ['V2.1__three.sql'],
    withoutFile: ['V3__gone.sql'],
    notApplied: ['V10__ten.sql'],
  },
  {
    tool: 'liquibase',
    table: `databasechangelog (id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null,
      dateexecuted timestamp not null, orderexecuted integer not null, exectype varchar(10) not null)`,
    files: ['001-one.sql', '002-two.sql', '003-three.sql'],
    notes: `('1', 'ann', 'liquibase/001-one.sql', now(), 1, 'EXECUTED'), ('2', 'ann', 'liquibase/001-one.sql', now(), 2, 'RERAN'),
      ('1', 'ann', 'liquibase/002-two.sql', now(), 3, 'EXECUTED'), ('1', 'ann', 'liquibase/other.xml', now(), 4, 'EXECUTED')`,
    applied: 3,
    notApplied: ['003-three.sql'],
  },
  {
    tool: 'prisma',
    table: `_prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0)`,
    files: [
      '20240101000000_one/migration.sql',
      '20240102000000_two/migration.sql',
      '20240103000000_three/migration.sql',
    ],
    notes: `('a', 'x', now(), '20240101000000_one', null, null, now(), 1), ('b', 'x', null, '20240102000000_two', 'no', null, now(), 0),
      ('c', 'x', null, '20240103000000_three', 'no', now(), now(), 0)`,
    applied: 1,
    failed: ['20240102000000_two'],
    notApplied: ['20240103000000_three/migration.sql'],
  },
  {
    tool: 'drizzle',
    table: '__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    files: ['0000_one.sql', '0001_two.sql', '0002_three.sql'],
    notes: `(1, '${hashOf('drizzle/0000_one.sql')}', 1), (2, '${hashOf('drizzle/0001_two.sql')}', 2), (3, 'ffff', 3)`,
    applied: 3,
    withoutFile: ['ffff'],
    notApplied: ['0002_three.sql'],
  },
  {
    tool: 'alembic',
    table: 'alembic_version (version_num varchar(32) primary key)',
    files: [],
    notes: `('ae1027a6acf')`,
    applied: 1,
    isElsewhere: true,
  },
  {
    tool: 'django',
    table:
      'django_migrations (id bigserial primary key, app varchar(255), name varchar(255), applied timestamptz)',
    files: [],
    notes: `(1, 'auth', '0001_initial', now()), (2, 'shop', '0001_initial', now())`,
    applied: 2,
    isElsewhere: true,
  },
  {
    tool: 'knex',
    table:
      'knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz)',
    files: ['20240101_one.sql', '20240102_two.sql'],
    notes: `(1, '20240101_one.sql', 1, now()), (2, '20240101_scripted.js', 1, now())`,
    applied: 2,
    notApplied: ['20240102_two.sql'],
  },
  {
    tool: 'node-pg-migrate',
    table: 'pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
    files: ['1700000000001_one.sql', '1700000000002_two.sql'],
    notes: `(1, '1700000000001_one', now())`,
    notApplied: ['1700000000002_two.sql'],
  },
  {
    tool: 'supabase',
    schema: 'supabase_migrations',
    table: 'schema_migrations (version text primary key, statements text[], name text)',
    files: ['20250101000000_one.sql', '20250102000000_two.sql'],
    notes: `('20250101000000', '{}', 'one'), ('20250101000001', '{}', 'gone')`,
    applied: 2,
    withoutFile: ['20250101000001'],
    notApplied: ['20250102000000_two.sql'],
  },
  {
    tool: 'golang-migrate',
    table: 'schema_migrations (version bigint primary key, dirty boolean not null)',
    files: ['000101_one.up.sql', '000102_two.up.sql', '000103_three.up.sql'],
    notes: '(102, true)',
    applied: 0,
    failed: ['102'],
    notApplied: ['000103_three.up.sql'],
  },
  {
    tool: 'dbmate, rails or the like',
    table: 'schema_migrations (version varchar(128) primary key)',
    files: ['20260101_one.sql', '20260102_two.sql', '20260103_three.sql'],
    notes: `('20260101'), ('20260102')`,
    applied: 2,
    notApplied: ['20260103_three.sql'],
  },
  {
    tool: 'goose',
    table:
      'goose_db_version (id integer primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp)',
    files: ['00201_one.sql', '00202_two.sql', '00203_three.sql'],
    notes: '(1, 0, true, now()), (2, 201, true, now()), (3, 202, true, now())',
    applied: 2,
    notApplied: ['00203_three.sql'],
  },
  {
    tool: 'sqitch',
    table: `changes (change_id text primary key, script_hash text, change text not null, project text not null, note text,
      committed_at timestamptz, planned_at timestamptz)`,
    files: ['deploy/first.sql', 'deploy/second.sql'],
    notes: `('a', 'x', 'first', 'p', '', now(), now()), ('b', 'x', 'lost', 'p', '', now(), now())`,
    applied: 2,
    withoutFile: ['lost'],
  },
  {
    tool: 'own',
    table: 'db_migrations (filename text primary key, applied_at timestamptz)',
    files: ['301_one.sql', '302_two.sql'],
    notes: `('301_one.sql', now())`,
    notApplied: ['302_two.sql'],
  },
]

const schemaOf = ({ schema, tool }: Case) => schema ?? folderOf(tool)
const folderOf = (tool: string) => tool.replaceAll(/[^a-z]/g, '_')

onBackend('server', (backend) => {
  let live: TestDatabase
  let ledgers: LedgerFiles[]

  beforeAll(async () => {
    live = await emptyDatabase(backend, { schemas: ['public'] })
    for (const one of CASES) {
      const name = `${schemaOf(one)}.${one.table}`
      await live.query(`create schema ${schemaOf(one)}`)
      await live.query(`create table ${name}`)
      await live.query(`insert into ${name.split(' ')[0]!} values ${one.notes}`)
    }
    await live.query('create table migrations (bird text, country text)')
    const files = CASES.flatMap(({ tool, files: names }) =>
      names.map((name) => fileOf(`${folderOf(tool)}/${name}`)),
    )
    ledgers = ledgerFilesOf((await readLive(live.url!, never)).ledgers, groupIntoSources(files))
  })
  afterAll(() => live.drop())

  it('knows no ledger where there is none', () => {
    expect(ledgers.map(({ ledger }) => ledger.tool).toSorted()).toEqual(
      CASES.map(({ tool }) => tool).toSorted(),
    )
  })

  it.each(CASES)('compares what $tool noted with its files', (one) => {
    const { tool, applied = 1, failed = [], withoutFile = [], notApplied = [], isElsewhere = false } = one
    const found = ledgers.find(({ ledger }) => ledger.schema === schemaOf(one))!
    expect(found.ledger.tool).toBe(tool)
    expect(found.ledger.claims.filter(({ state }) => state === 'applied')).toHaveLength(applied)
    expect(found).toMatchObject({
      failed,
      withoutFile,
      notApplied: notApplied.map((name) => `${folderOf(tool)}/${name}`),
    })
    const inFolder = (source: string) => source.startsWith(folderOf(tool))
    expect(found.sources.length > 0 && found.sources.every(inFolder)).toBe(!isElsewhere)
  })
})

/** A file whose text is its path. */
function fileOf(path: string): EstateFile {
  return {
    path,
    encoding: 'utf-8',
    dialect: 'postgresql',
    role: 'schema',
    isSnapshot: false,
    statements: [],
    includes: [],
    connects: [],
    tool: null,
    bytes: path.length,
    hash: hashOf(path),
  }
}
