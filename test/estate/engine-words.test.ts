import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Database, Session } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/open.ts'
import { loadParser, parsePiece } from '../../src/estate/analyse/inventory/parse-pieces.ts'
import { ScratchRunner } from '../../src/estate/analyse/scratch/scratch.ts'
import { wantedOf, type Wanted } from '../../src/estate/analyse/scratch/sql-failure.ts'

// What the analysis takes from the words of the server is held against a real one.

let database: Database

beforeAll(async () => {
  await loadParser()
  database = openEmbedded({
    dataDir: null,
    withContrib: true,
    schemas: ['public'],
    limits: { sessionMs: 60_000 },
  })
})
afterAll(() => database.close())

const undone = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
  database.session(async (session) => {
    await session.exec('begin')
    try {
      return await work(session)
    } finally {
      await session.exec('rollback')
    }
  })

const TYPES = [
  'int, integer, int2, int4, int8, smallint, bigint, pg_catalog.int4',
  'serial, bigserial, smallserial, serial2, serial4, serial8',
  'real, float, float(24), float(53), float4, float8, double precision',
  'numeric, numeric(10), numeric(10, 2), numeric(5, -2), decimal(12, 4), dec',
  'text, varchar, varchar(50), character varying(9), char, char(3), character(3), bpchar, "char", name, citext',
  'national character varying(7), pg_catalog.varchar(5)',
  'bool, boolean, bytea, uuid, json, jsonb, xml, money, inet, cidr, macaddr, macaddr8, oid, regclass',
  'bit, bit(3), bit varying, bit varying(8), varbit, varbit(4)',
  'date, time, time(3), timetz, time with time zone, time(2) with time zone',
  'timestamp, timestamp(3), timestamptz, timestamptz(3), timestamp with time zone, timestamp(0) without time zone',
  'interval, tsvector, tsquery, point, box, int4range, tstzmultirange, vector, vector(3), halfvec(4)',
  'int[], text[][], varchar(5)[], numeric(10, 2)[], integer array, int[3], timestamptz(3)[], vector(3)[]',
].flatMap((line) => line.split(/, (?![^(]*\))/))

it('writes types as the server does', async () => {
  const read = (type: string) => {
    const { statements, error } = parsePiece({ parsable: `create table t (a ${type})`, line: 1 })
    const [fact] = statements[0]?.facts ?? []
    return fact?.fact === 'table' ? fact.columns[0]!.type : String(error?.message)
  }
  const columns = TYPES.map((type, at) => `c${at} ${type}`).join(', ')
  const shown = await undone(async (session) => {
    await session.exec('create extension vector; create extension citext')
    await session.exec(`create table t (${columns})`)
    const rows = await session.query<{ type: string }>(
      `select format_type(atttypid, atttypmod) as type from pg_attribute
        where attrelid = 't'::regclass and attnum > 0 order by attnum`,
      [],
    )
    return rows.map(({ type }) => type)
  })
  const pairs = (types: string[]) => Object.fromEntries(TYPES.map((type, at) => [type, types[at]]))
  expect(pairs(TYPES.map(read))).toEqual(pairs(shown))
})

const MADE = `create table t (a integer primary key, b text); create table "T ""2""" ("x y" integer);
  create type mood as enum ('calm'); create table other (b text); create role keeper; create schema taken;
  create policy p on t; create function f() returns integer language sql as 'select 1'`

const WANTED: [string, Wanted | null][] = [
  ['select * from nothing', { kind: 'relation', name: 'nothing' }],
  ['select * from s.nothing', { kind: 'relation', name: 's.nothing' }],
  ['alter table nothing add c date', { kind: 'relation', name: 'nothing' }],
  ['drop table nothing', { kind: 'relation', name: 'nothing' }],
  ['drop view nothing', { kind: 'relation', name: 'nothing' }],
  ['drop index nothing', { kind: 'relation', name: 'nothing' }],
  ['drop sequence nothing', { kind: 'relation', name: 'nothing' }],
  ['drop materialized view nothing', { kind: 'relation', name: 'nothing' }],
  ["select nextval('nothing')", { kind: 'relation', name: 'nothing' }],
  ['create table u (a integer references nothing (a))', { kind: 'relation', name: 'nothing' }],
  ['select * from "no ""thing"""', { kind: 'relation', name: 'no "thing"' }],
  ['create table u (a nothing)', { kind: 'type', name: 'nothing' }],
  ['create table u (a vector(3))', { kind: 'type', name: 'vector' }],
  [
    'create function g(nothing) returns integer language sql as $$ select 1 $$',
    { kind: 'type', name: 'nothing' },
  ],
  ["select 'x'::nothing[]", { kind: 'type', name: 'nothing' }],
  ['create table nowhere.u (a integer)', { kind: 'schema', name: 'nowhere' }],
  ['grant select on t to nobody_here', { kind: 'role', name: 'nobody_here' }],
  ['alter table t owner to nobody_here', { kind: 'role', name: 'nobody_here' }],
  ['create extension nothing', { kind: 'extension', name: 'nothing' }],
  ['drop extension nothing', { kind: 'extension', name: 'nothing' }],
  ['create index on t using nothing (a)', { kind: 'operator', name: 'nothing' }],
  ['create index on t (a nothing_ops)', { kind: 'operator', name: 'nothing_ops' }],
  ["select to_tsvector('nothing', 'x')", { kind: 'operator', name: 'nothing' }],
  ['create table u (a text collate "nothing")', { kind: 'operator', name: 'nothing' }],
  ['create function g() returns integer language nothing as $$ $$', { kind: 'operator', name: 'nothing' }],
  ["select nothing(1, 'x')", { kind: 'function', name: 'nothing' }],
  ['select s.nothing(a) from t', { kind: 'schema', name: 's' }],
  ['select public.nothing(a) from t', { kind: 'function', name: 'public.nothing' }],
  [
    'create trigger g after insert on t for each row execute function nothing()',
    { kind: 'function', name: 'nothing' },
  ],
  ['select c from t', { kind: 'column', name: 'c', table: null }],
  ['select t.c from t', { kind: 'column', name: 'c', table: 't' }],
  ['select x.c from t x', { kind: 'column', name: 'c', table: 'x' }],
  ['insert into t (c) values (1)', { kind: 'column', name: 'c', table: 't' }],
  ['alter table t drop column c', { kind: 'column', name: 'c', table: 't' }],
  ['create index on t (c)', { kind: 'column', name: 'c', table: null }],
  ['alter table t add foreign key (c) references t (a)', { kind: 'column', name: 'c', table: null }],
  ['alter table other add c integer references t (d)', { kind: 'column', name: 'd', table: null }],
  ['create table u (a integer, unique (c))', { kind: 'column', name: 'c', table: null }],
  ['comment on column t.c is null', { kind: 'column', name: 'c', table: 't' }],
  ['alter table other add foreign key (b) references t (a)', { kind: 'key', table: null }],
  ['create table u (a text references t (a))', { kind: 'key', table: null }],
  ['alter table other add foreign key (b) references t (b)', { kind: 'key', table: 't' }],
  ['alter table t add foreign key (b) references other', { kind: 'key', table: 'other' }],
  ['create table t (a integer)', { kind: 'taken', name: 't' }],
  ["create type mood as enum ('x')", { kind: 'taken', name: 'mood' }],
  ['create schema taken', { kind: 'taken', name: 'taken' }],
  ['create role keeper', { kind: 'taken', name: 'keeper' }],
  ['create policy p on t', { kind: 'taken', name: 'p' }],
  ['alter table t add b text', { kind: 'taken', name: 'b' }],
  ["create function f() returns integer language sql as 'select 1'", { kind: 'taken', name: 'f' }],
  ['select 1 / 0', null],
  ['select * from t where b = 1', null],
]

describe('what a statement wanted', () => {
  it('is told by the words of the server', async () => {
    const told = await undone(async (session) => {
      await session.exec(MADE)
      const runner = await ScratchRunner.begin(session, () => undefined)
      const all: [string, unknown][] = []
      for (const [sql] of WANTED) {
        const failure = await runner.run(sql)
        all.push([sql, failure === null ? 'it worked' : (wantedOf(failure) ?? null)])
      }
      return all
    })
    expect(told).toEqual(WANTED)
  })
})
