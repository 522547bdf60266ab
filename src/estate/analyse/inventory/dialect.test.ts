import { describe, expect, it } from 'vitest'

import { dialectName, dialectOf, foreignIn, leaningOf } from './dialect.ts'

const tokens = (sql: string) => foreignIn(sql).map((foreign) => `${foreign.dialect}: ${foreign.token}`)

describe('foreignIn', () => {
  it.each([
    [
      'CREATE TABLE `a` (id INT UNSIGNED AUTO_INCREMENT, at DATETIME ON UPDATE CURRENT_TIMESTAMP, INDEX i (at)) ENGINE=InnoDB',
      [
        '`a`',
        'UNSIGNED',
        'AUTO_INCREMENT',
        'DATETIME',
        'ON UPDATE CURRENT_TIMESTAMP',
        'INDEX i',
        'ENGINE=InnoDB',
      ],
      'mysql',
    ],
    [
      "create table a (id integer primary key autoincrement, at text default (datetime('now')))",
      ['autoincrement', 'datetime'],
      'sqlite',
    ],
    ["insert or replace into a values (strftime('%s'))", ['insert or replace', 'strftime'], 'sqlite'],
    ['PRAGMA foreign_keys = on', ['PRAGMA foreign_keys'], 'sqlite'],
    [
      'CREATE TABLE [dbo].[a] ([id] INT IDENTITY(1,1), b NVARCHAR(10), c datetime2 default GETDATE())',
      ['[dbo].[a]', '[id]', 'IDENTITY(1,1)', 'NVARCHAR', 'datetime2', 'GETDATE'],
      'sql-server',
    ],
    [
      'create table a (b VARCHAR2(10), c NUMBER(10), d date default SYSDATE)',
      ['VARCHAR2', 'NUMBER', 'SYSDATE'],
      'oracle',
    ],
    ['create policy if not exists p on a using (true)', ['create policy if not exists'], 'invented'],
    ['alter table a add constraint if not exists b unique (c)', ['add constraint if not exists'], 'invented'],
    [
      'create trigger if not exists t before update on a execute function f()',
      ['create trigger if not exists'],
      'invented',
    ],
    ["create type if not exists t as enum ('a')", ['create type if not exists'], 'invented'],
    ['create database if not exists d', ['create database if not exists'], 'invented'],
    ['create user if not exists u', ['create user if not exists'], 'invented'],
    ['create table a (b int, unique (lower(b)))', ['unique (lower(b)'], 'invented'],
  ])('names what PostgreSQL has not in %j', (sql, found, dialect) => {
    expect(tokens(sql)).toEqual(
      found.map((token) => (token === 'DATETIME' ? `mysql: ${token}` : `${dialect}: ${token}`)),
    )
    expect(foreignIn(sql).every((foreign) => foreign.instead !== '')).toBe(true)
  })

  it('says in which line', () => {
    expect(foreignIn('create table a (\n  b int,\n  c int auto_increment\n)')[0]).toMatchObject({ line: 3 })
  })

  it.each([
    "create type mood as enum ('a', 'b')",
    'create table a (key varchar(20), index numeric(10, 2), "unsigned" int, comment text, number int4)',
    "select 'auto_increment', $$ engine=x $$ -- `b`\n/* pragma x */",
    'select a[1], array[[b], [c]], b[c] from d',
    'create trigger t after insert on a referencing new table as b for each statement execute function f()',
    'insert into a values (1) on conflict (b) do update set c = 1',
    'create unique index if not exists a on b (lower(c)) where d',
    "comment on table a is 'b'",
    'create table a (b double precision generated always as identity, c bigserial, unique (b, c))',
    "select interval '1 day', date('2020-01-01'), current_date",
    'create index concurrently if not exists a on b (c)',
  ])('finds nothing in %j', (sql) => {
    expect(tokens(sql)).toEqual([])
  })
})

describe('leaningOf', () => {
  it.each([
    ['sqlite', 'create table a (id integer primary key autoincrement, at datetime, b blob)'],
    ['mysql', 'create table a (id int auto_increment, at datetime)'],
    ['invented', 'create policy if not exists p on a using (true)'],
    [null, 'create table a (b int)'],
  ])('is %s for %j', (dialect, sql) => {
    expect(leaningOf(foreignIn(sql))).toBe(dialect)
  })
})

describe('dialectOf', () => {
  it.each([
    ['mysql', 'CREATE TABLE a (id int auto_increment) ENGINE=InnoDB;'],
    ['sqlite', "PRAGMA foreign_keys = on; create table a (at text default (datetime('now')));"],
    ['sql-server', 'SET NOCOUNT ON\nGO\nselect top 10 * from dbo.a'],
    ['oracle', 'create table a (b varchar2(10)); select sysdate from dual;'],
    ['postgresql', 'create table a (b datetime);'],
    ['postgresql', 'create table a (b jsonb, c timestamptz, d int auto_increment, primary key (d));'],
    ['postgresql', ''],
  ])('takes it for %s: %j', (dialect, sql) => {
    const found = dialectOf(sql)
    expect(found.dialect).toBe(dialect)
    expect(found.evidence.length > 0).toBe(dialect !== 'postgresql')
    expect(dialectName(found.dialect)).not.toBe('')
  })
})
