import { beforeAll, describe, expect, it } from 'vitest'

import { sourceOf } from '../../../../test/support/estate-source.ts'
import { loadParser } from '../inventory/parse-pieces.ts'
import { simulate } from '../simulate/simulate.ts'
import type { Execution, Failed } from './execute.ts'
import { rootsOf } from './roots.ts'
import { wantedOf } from './sql-failure.ts'

beforeAll(() => loadParser())

/** Statements with what the server said of them; `+` before it where they work when they are tried again. */
function roots(...statements: [string, string?][]): string[] {
  return rootsKnowing([], statements)
}

/** The same where files make what is `known` but could not be tried. */
function rootsKnowing(known: string[], statements: [string, string?][]): string[] {
  const source = sourceOf(...statements.map(([sql]) => sql))
  const failed = statements.flatMap(([, said], at): Failed[] => {
    if (said === undefined) return []
    const failure = { code: '', message: said.replace(/^\+/, ''), detail: null }
    const { path, statements: own } = source.files[at]!
    const place = { source: source.name, file: path, line: 1 }
    return [
      { at, place, statement: own[0]!, failure, wanted: wantedOf(failure), worksLater: said.startsWith('+') },
    ]
  })
  const execution: Execution = {
    source: source.name,
    executed: failed.length,
    failed,
    healed: [],
    notRun: [],
  }
  const isKnown = ({ name }: { name: string }) => known.includes(name)
  return rootsOf(execution, simulate(source), isKnown).map(({ kind, object, direct, consequences }) => {
    const at = (some: Failed[]) => some.map((one) => one.at + 1).join(' ')
    return `${kind} ${object.kind} ${object.name}: ${at(direct)} / ${at(consequences)}`
  })
}

const missing = (name: string) => `relation "${name}" does not exist`

describe('why statements fail', () => {
  it('is the first of a chain, whoever is asked', () => {
    expect(
      roots(
        ['create table a (id integer, x_id integer references x (id));', missing('x')],
        ['create table b (id integer, a_id integer references a (id));', missing('a')],
        ['create view c as select * from b;', missing('b')],
        ['insert into c values (1);', missing('c')],
      ),
    ).toEqual(['unresolved table x: 1 / 2 3 4'])
  })

  it('is told once for all that want the same, and apart for what differs', () => {
    expect(
      roots(
        ['create view a as select * from x;', missing('x')],
        ['create view b as select * from x;', missing('x')],
        ['create view c as select f(1);', 'function f(integer) does not exist'],
      ),
    ).toEqual(['unresolved table x: 1 2 / ', 'unresolved function f: 3 / '])
  })

  it('is not told where somebody makes what is missing', () => {
    const statements: [string, string][] = [
      ['create view a as select * from x;', missing('x')],
      ['create view b as select * from a;', missing('a')],
      ['create view c as select * from y;', missing('y')],
    ]
    expect(rootsKnowing(['x'], statements)).toEqual(['unresolved table y: 3 / '])
  })

  it('is the order where it works later', () => {
    expect(
      roots(
        ['create view v as select * from t;', `+${missing('t')}`],
        ['create table t (a integer);'],
        ['create view w as select * from v;', `+${missing('v')}`],
      ),
    ).toEqual(['order table t: 1 / 3'])
  })

  it('is a circle of those that wait for each other, told by the first', () => {
    expect(
      roots(
        ['create table a (b_id integer references b (id));', missing('b')],
        ['create table b (c_id integer references c (id));', missing('c')],
        ['create table c (a_id integer references a (id));', missing('a')],
        ['create index on a (b_id);', missing('a')],
      ),
    ).toEqual(['cycle table a: 1 2 3 / 4'])
  })

  it('is a key that does not fit, by the table it refers to', () => {
    const said = (name: string) => `foreign key constraint "${name}" cannot be implemented`
    expect(
      roots(
        ['create table t (id integer primary key);'],
        ['create table a (x uuid references u (id), t_id uuid references t (id));', said('a_t_id_fkey')],
        ['create table b (t_id uuid references t (id));', said('b_t_id_fkey')],
        ['insert into a values (null);', missing('a')],
      ),
    ).toEqual(['key table t: 2 3 / 4'])
  })

  it('is what a statement says itself, each for itself', () => {
    expect(
      roots(
        ['create view v as select 1 / 0 as a;', 'division by zero'],
        ['select * from v;', missing('v')],
        ['create view w as select 1 / 0 as a;', 'division by zero'],
      ),
    ).toEqual(['invalid view v: 1 / 2', 'invalid view w: 3 / '])
  })

  it('is the shape of a table, where a skipped definition has the column', () => {
    expect(
      roots(
        ['create table t (a integer);'],
        ['create table if not exists t (a integer, b text);'],
        ['insert into t (b) values (1);', 'column "b" of relation "t" does not exist'],
        ['create index on t (b);', 'column "b" does not exist'],
      ),
    ).toEqual(['shape table t: 3 4 / '])
  })

  it('is a column that a failed statement would have added', () => {
    expect(
      roots(
        ['create table t (a integer);'],
        ['alter table t add b nothing;', 'type "nothing" does not exist'],
        ['insert into t (b) values (1);', 'column "b" of relation "t" does not exist'],
      ),
    ).toEqual(['unresolved type nothing: 2 / 3'])
  })
})
