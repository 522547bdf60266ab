import { beforeAll, describe, expect, it } from 'vitest'

import { sourceOf } from '../../../../test/support/estate-source.ts'
import { loadParser } from '../inventory/parse-pieces.ts'
import { simulate } from './simulate.ts'

beforeAll(() => loadParser())

/** Each table that is left, as `schema.name(column type, ...)`. */
function tables(...texts: string[]): string[] {
  return [...simulate(sourceOf(...texts)).tables.values()].map(({ schema, name, columns }) => {
    const parts = [...columns.values()].map((column) => `${column.name} ${column.type}`)
    return `${schema}.${name}(${parts.join(', ')})`
  })
}

const only = (...texts: string[]) => [...simulate(sourceOf(...texts)).tables.values()][0]!
const T = 'create table t (a integer primary key, b text);'

describe('what a source comes to', () => {
  it.each<[string, string[], string[]]>([
    ['create', [T], ['public.t(a integer, b text)']],
    ['create temp', ['create temp table t (a integer);'], []],
    ['drop', [T, 'drop table t;'], []],
    ['drop and create', [T, 'drop table if exists t;', 'create table t (c uuid);'], ['public.t(c uuid)']],
    ['drop schema', ['create schema s; create table s.t (a integer); drop schema s cascade;'], []],
    ['add column', [T, 'alter table t add c date;'], ['public.t(a integer, b text, c date)']],
    ['drop column', [T, 'alter table t drop column b;'], ['public.t(a integer)']],
    [
      'set type',
      [T, 'alter table t alter b type varchar(9);'],
      ['public.t(a integer, b character varying(9))'],
    ],
    ['rename column', [T, 'alter table t rename a to z;'], ['public.t(z integer, b text)']],
    ['rename', [T, 'alter table t rename to u;'], ['public.u(a integer, b text)']],
    ['set schema', [T, 'create schema s;', 'alter table t set schema s;'], ['s.t(a integer, b text)']],
    [
      'rename schema',
      ['create schema s; create table s.t (a integer); alter schema s rename to r;'],
      ['r.t(a integer)'],
    ],
    [
      'like',
      [T, 'create table u (like t, c date);'],
      ['public.t(a integer, b text)', 'public.u(a integer, b text, c date)'],
    ],
    [
      'inherits',
      [T, 'create table u (c date) inherits (t);'],
      ['public.t(a integer, b text)', 'public.u(a integer, b text, c date)'],
    ],
    [
      'partition of',
      ['create table t (a integer) partition by list (a); create table u partition of t for values in (1);'],
      ['public.t(a integer)', 'public.u(a integer)'],
    ],
    ['a change of a table that is not there', ['alter table t add c date;'], []],
  ])('after %s', (_, texts, expected) => {
    expect(tables(...texts)).toEqual(expected)
  })

  it('follows the search path, to the end of its file', () => {
    expect(
      tables(
        'create schema s; set search_path to s, public; create table t (a integer);',
        'create table t (b text); set search_path to "$user", public; create table u (c date);',
      ),
    ).toEqual(['s.t(a integer)', 'public.t(b text)', 'public.u(c date)'])
    expect(tables("select set_config('search_path', '', false); create table public.t (a integer);")).toEqual(
      ['public.t(a integer)'],
    )
  })

  it('gives views their new name', () => {
    const { views } = simulate(sourceOf('create view v as select 1 as a; alter view v rename to w;'))
    expect([...views].map(([key, { name }]) => [key, name.name])).toEqual([['public.w', 'w']])
  })

  it('finds by the search path what an earlier statement made', () => {
    const sql =
      'create schema s; create table s.t (a integer); set search_path to s; alter table t add b text;'
    expect(tables(sql)).toEqual(['s.t(a integer, b text)'])
  })

  it('keeps row security, policies and indexes, also after a rename', () => {
    const table = only(
      T,
      'alter table t enable row level security; alter table t force row level security;',
      'create policy p on t using (true); create index i on t (b); alter table t rename to u;',
      'alter table u no force row level security; alter table u rename b to z;',
    )
    expect(table.rowSecurity).toMatchObject({ isEnabled: true, isForced: false })
    expect(table.policies.map(({ name }) => name)).toEqual(['p'])
    expect(table.indexes.map(({ columns }) => columns)).toEqual([['z']])
  })

  it('takes away policies and indexes that are dropped, whatever the schema', () => {
    const made =
      'create schema s; create table s.t (a integer); create index i on s.t (a); create policy p on s.t;'
    expect(only(made, 'drop policy p on s.t; drop index s.i;')).toMatchObject({ policies: [], indexes: [] })
  })

  it('lets keys follow the table they refer to, and go with their column', () => {
    const made = `${T} create table u (t_id integer references t (a), x text unique);`
    const keys = (sql: string) =>
      simulate(sourceOf(made, sql))
        .tables.get('public.u')!
        .keys.map(({ kind, target }) => `${kind} ${target ?? ''}`)
    expect(keys('alter table t rename to w;')).toEqual(['foreign public.w', 'unique '])
    expect(keys('alter table u drop constraint u_t_id_fkey;')).toEqual(['unique '])
    expect(keys('alter table u drop column x;')).toEqual(['foreign public.t'])
  })

  it('takes a primary key for not null', () => {
    const columns = only('create table t (a integer, b text, primary key (a, b));').columns
    expect([...columns.values()].map(({ isNotNull }) => isNotNull)).toEqual([true, true])
  })

  it('is not sure of columns that a query or an unknown parent decides', () => {
    expect(only('create table t as select 1 as a;').isOpen).toBe(true)
    expect(only('create table t (b text) inherits (elsewhere);').isOpen).toBe(true)
    expect(only(T).isOpen).toBe(false)
  })

  it('knows whether rows were put in', () => {
    expect(only(T).hasRows).toBe(false)
    expect(only(T, "insert into t values (1, 'x');").hasRows).toBe(true)
    expect(only(T, 'select * from t;').hasRows).toBe(false)
  })
})

describe('what is skipped', () => {
  const skips = (...texts: string[]) =>
    simulate(sourceOf(...texts)).skips.map(({ kind, name, differences, isSilent }) => ({
      said: `${kind} ${name}${isSilent ? '' : ', aloud'}`,
      differences,
    }))

  it('is a table that is there, with what is different', () => {
    expect(skips(T, 'create table if not exists t (a integer primary key, c date);')).toEqual([
      { said: 'table t', differences: ['b text: only in the first', 'c date: only in this one'] },
    ])
    expect(skips(T, 'create table t (a integer primary key, b text);')).toEqual([
      { said: 'table t, aloud', differences: [] },
    ])
  })

  it('is a column that is there, with its other type', () => {
    expect(skips(T, 'alter table t add column if not exists b varchar(9);')).toEqual([
      { said: 'column b', differences: ['b stays text, not varchar(9)'] },
    ])
  })

  it('is an index of the same name on something else', () => {
    expect(skips(T, 'create index i on t (a);', 'create index if not exists i on t (b);')).toEqual([
      { said: 'index i', differences: ['on t (a), not on t (b)'] },
    ])
  })

  it('is nothing after a drop, nor in another schema', () => {
    expect(skips(T, 'drop table t;', 'create table if not exists t (c date);')).toEqual([])
    expect(skips(T, 'create schema s; create table if not exists s.t (c date);')).toEqual([])
  })
})

describe('what is said of tables of other sources', () => {
  const strays = (...texts: string[]) =>
    simulate(sourceOf(...texts)).strays.map(({ key, fact }) => `${fact.fact} ${key}`)

  it('is kept with the name it means', () => {
    expect(
      strays(
        'set search_path to s; alter table t add c date; create index on t (c); create policy p on public.u;',
      ),
    ).toEqual(['alter-table s.t', 'index s.t', 'policy public.u'])
  })

  it('is forgotten when a policy is dropped again', () => {
    expect(strays('create policy p on t; create policy q on t; drop policy p on t;')).toEqual([
      'policy public.t',
    ])
  })
})
