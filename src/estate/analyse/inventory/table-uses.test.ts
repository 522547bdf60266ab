import fc from 'fast-check'
import { loadModule, parseSync } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'

import { usesOf } from './table-uses.ts'

beforeAll(() => loadModule())

/** The uses of a text's statements, one a line: `read s.t(a, b)`, with what a conflict wants behind it. */
function uses(sql: string, notColumns: string[] = []): string[] {
  const tree = parseSync(sql) as { stmts: { stmt: unknown }[] }
  return tree.stmts
    .flatMap(({ stmt }) => usesOf(stmt, () => 1, new Set(notColumns)))
    .map(({ table, how, columns, conflict, constraint }) => {
      const name = table.schema === null ? table.name : `${table.schema}.${table.name}`
      const wanted = conflict
        ? ` on (${conflict.join(', ')})`
        : constraint === null
          ? ''
          : ` on ${constraint}`
      return `${how} ${name}(${columns.map((column) => column.name).join(', ')})${wanted}`
    })
}

const CASES: [string, string, string[]][] = [
  ['one table', 'select a, t.b from t where c = 1 order by d', ['read t(a, b, c, d)']],
  ['an alias', 'select x.a, t.b from t as x', ['read t(a)']],
  ['a schema', 'select a, s.t.b, t.c from s.t', ['read s.t(a, b, c)']],
  ['a join', 'select a, t.b, u.c from t join u on t.id = u.t_id', ['read t(b, id)', 'read u(c, t_id)']],
  ['a join with using', 'select 1 from t join u using (k)', ['read t(k)', 'read u(k)']],
  [
    'a join of joins',
    'select 1 from t join u using (k) join v using (l)',
    ['read t(k)', 'read u(k)', 'read v(l)'],
  ],
  ['one schema each', 'select a.t.x, b.t.y, t.z from a.t, b.t', ['read a.t(x)', 'read b.t(y)']],
  ['stars', 'select *, t.* from t', ['read t()']],
  ['the whole row', 'select t, count(x), to_jsonb(x) from t x', ['read t(t)']],
  ['system columns', 'select ctid, tableoid, t.xmin, oid from t', ['read t()']],
  ['names of outputs', 'select a + 1 as b from t group by b order by b, b + c', ['read t(a, b, c)']],
  ['an order by output', 'select count(*) as n from t order by n desc', ['read t()']],
  [
    'a sub-query',
    'select a from t where exists (select b, u.c from u where u.d = t.e)',
    ['read t(a, e)', 'read u(c, d)'],
  ],
  ['a sub-query of its own', 'select x.a from (select b from t) x', ['read t(b)']],
  [
    'a lateral one',
    'select 1 from t, lateral (select c from u where u.a = t.b) x',
    ['read t(b)', 'read u(a)'],
  ],
  ['a function', 'select t.a, x, b from t, unnest(t.tags) as x', ['read t(a, tags)']],
  ['own column names', 'select a, x.b from t as x (a, b)', ['read t()']],
  ['a cte', 'with c as (select a from t) select c.b, d from c', ['read t(a)']],
  ['a cte named like its table', 'with t as (select a from t) select b from t', ['read t(a)']],
  [
    'a recursive cte',
    'with recursive c as (select a from t union all select c.a from c) select a from c',
    ['read t(a)'],
  ],
  ['a later cte', 'with a as (select x from b), b as (select y from a) select 1 from a, b', ['read b(x)']],
  ['a cte in a schema', 'with c as (select 1) select a from s.c', ['read s.c(a)']],
  [
    'a cte that writes',
    'with c as (delete from t where a = 1 returning b) select b from c',
    ['delete t(a, b)'],
  ],
  ['a union', 'select a from t union select b from u order by a', ['read t(a)', 'read u(b)']],
  ['an insert', 'insert into t (a, b) values (1, 2) returning id', ['insert t(a, b, id)']],
  ['an insert of a query', 'insert into t (a) select b from u', ['insert t(a)', 'read u(b)']],
  [
    'a conflict',
    'insert into t as x (a) values (1) on conflict (a, c) where d do update set b = excluded.b, e = x.e + f where x.g',
    ['insert t(a, c, d, b, e, f, g) on (a, c)'],
  ],
  [
    'a conflict on an expression',
    'insert into t (a) values (1) on conflict (lower(a)) do nothing',
    ['insert t(a)'],
  ],
  [
    'a conflict on a constraint',
    'insert into t (a) values (1) on conflict on constraint k do nothing',
    ['insert t(a) on k'],
  ],
  ['a conflict on anything', 'insert into t values (1) on conflict do nothing', ['insert t()']],
  ['an update', 'update t set a = b, c.d = 1 where e returning old.f, new.g', ['update t(a, b, c, e, f, g)']],
  [
    'an update from',
    'update t x set a = u.b, c = d from u where u.id = x.id',
    ['update t(a, c, id)', 'read u(b, id)'],
  ],
  ['many columns at once', 'update t set (a, b) = (select c, d from u)', ['update t(a, b)', 'read u()']],
  ['a delete', 'delete from t using u where t.a = u.b', ['delete t(a)', 'read u(b)']],
  [
    'a merge',
    'merge into t using u on t.a = u.b when matched then update set c = u.d when not matched then insert (e) values (u.f)',
    ['update t(a, c, e)', 'read u(b, d, f)'],
  ],
  ['a copy', 'copy t (a, b) from stdin', ['insert t(a, b)']],
  ['a copy of a query', 'copy (select a from t) to stdout', ['read t(a)']],
  ['a truncate', 'truncate s.t, u', ['delete s.t()', 'delete u()']],
  ['a view', 'create view v as select a from t', ['read t(a)']],
  ['a table of a query', 'create table v as select a from t', ['read t(a)']],
  [
    'a policy',
    'create policy p on t using (a = 1 and b in (select m.c from m)) with check (d)',
    ['read t(a, b, d)', 'read m(c)'],
  ],
  [
    'a body of a function',
    'create function f() returns int begin atomic select a from t; end',
    ['read t(a)'],
  ],
  ['explain', 'explain select a from t', ['read t(a)']],
  ['several', 'select a from t; select b from u', ['read t(a)', 'read u(b)']],
  ['a hole', 'select a, x.b from __hole_1 x; select __hole_2, c from t', ['read t(c)']],
  ['a hole beside a table', 'select a, t.b from t, __hole_1', ['read t(b)']],
  ['a sample', 'select a from t tablesample system (10) where b', ['read t(a, b)']],
  ['a self-join', 'select x.a, y.b from t x join t y on x.id = y.p', ['read t(a, b, id, p)']],
  ['none', 'select 1; begin; set search_path to a', []],
]

describe('the tables that a statement uses', () => {
  it.each(CASES)('are told for %s', (_, sql, expected) => {
    expect(uses(sql)).toEqual(expected)
  })

  it('have no columns that are names of something else there', () => {
    expect(uses('select a from t where b = p_b and c = t.p_b', ['p_b'])).toEqual(['read t(a, b, c, p_b)'])
    expect(uses('select a from t where b = p_b', ['p_b'])).toEqual(['read t(a, b)'])
  })

  it('come with the lines of their columns', () => {
    const sql = 'select a,\n  b\nfrom t\nwhere a = 1'
    const lineAt = (offset: number) => Buffer.from(sql).subarray(0, offset).toString().split('\n').length
    const [{ stmt }] = (parseSync(sql) as { stmts: [{ stmt: unknown }] }).stmts
    expect(usesOf(stmt, lineAt)).toMatchObject([
      {
        line: 3,
        columns: [
          { name: 'a', line: 1 },
          { name: 'b', line: 2 },
        ],
      },
    ])
  })

  it('are gathered without recursion', () => {
    const depth = 200_000
    let tree: unknown = { ColumnRef: { fields: [{ String: { sval: 'a' } }] } }
    for (let level = 0; level < depth; level++) tree = { A_Expr: { lexpr: tree } }
    const select = { SelectStmt: { fromClause: [{ RangeVar: { relname: 't' } }], whereClause: tree } }
    expect(usesOf(select, () => 1)).toMatchObject([{ columns: [{ name: 'a' }] }])
  })

  it('are no reason to fail on an odd tree', () => {
    const names = (
      'SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt TruncateStmt RangeVar ColumnRef fields String ' +
      'sval relname fromClause JoinExpr larg rarg withClause ctes CommonTableExpr ctename targetList ResTarget name ' +
      'relation onConflictClause infer indexElems returningClause alias aliasname constructor __proto__ location'
    ).split(' ')
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom('a', 'b', 1, -1, null, true),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 6 }),
      ),
    })).node
    fc.assert(
      fc.property(tree, (node) => {
        for (const use of usesOf(node, () => 1)) expect(typeof use.table.name).toBe('string')
      }),
      { numRuns: 5000 },
    )
  })
})
