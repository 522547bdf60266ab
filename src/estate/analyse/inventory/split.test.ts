import fc from 'fast-check'
import { loadModule, parseSync, scanSync } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'

import { splitSql } from './split.ts'

const raw = String.raw
const texts = (sql: string) => splitSql(sql).map((piece) => piece.text)
const kinds = (sql: string) => splitSql(sql).map((piece) => `${piece.kind}: ${piece.text}`)

beforeAll(loadModule)

/** First and last offset of each statement's tokens, as the server's own lexer and parser see them. */
function asTheServer(sql: string): { start: number; text: string }[] {
  const bytes = Buffer.from(sql)
  const tokens = scanSync(sql).tokens.filter((token) => !/^(?:SQL|C)_COMMENT$/.test(token.tokenName))
  return (parseSync(sql).stmts ?? []).map(({ stmt_location: from = 0, stmt_len: length }) => {
    const to = length ? from + length : bytes.length
    const own = tokens.filter((token) => token.start >= from && token.end <= to && token.text !== ';')
    const inside = tokens.filter((token) => token.start >= from && token.end <= to)
    const start = own[0]!.start
    const last = inside.findLast((token, at) => token.text !== ';' || at < inside.indexOf(own.at(-1)!))!
    const before = bytes.subarray(0, start).toString()
    return { start: before.length, text: bytes.subarray(start, last.end).toString() }
  })
}

const hostile = fc
  .array(
    fc.constantFrom(
      'a',
      "'",
      "''",
      ';',
      '"',
      '$',
      '$$',
      '$t$',
      '\\',
      '--',
      '/*',
      '*/',
      '\n',
      '\r\n',
      ' ',
      '(',
      ')',
      'ä',
      '🙂',
      ':x',
      '{{ a }}',
      'begin',
      'GO\n',
      '/\n',
      '`',
      '#',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const quoted = hostile
  .map((text) => `'${text.replaceAll("'", "''")}'`)
  .filter((text) => !text.endsWith("\\'"))
const escaped = hostile.map((text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", raw`\'`)}'`)
const dollars = fc
  .tuple(fc.constantFrom('$$', '$a$', '$body_1$', '$ä$'), hostile)
  .filter(([tag, text]) => !`${text}$`.includes(tag) && !text.endsWith('$'))
  .map(([tag, text]) => `${tag}${text}${tag}`)
const name = fc.oneof(
  fc.constantFrom('a', 'b1', 'tab$le', 'größe', 'begin', 'go', '_x'),
  hostile.filter((text) => text !== '').map((text) => `"${text.replaceAll('"', '""')}"`),
)
const comment = fc.oneof(
  hostile.map((text) => `--${text.replaceAll(/[\r\n]/g, ' ')}\n`),
  fc.constantFrom('/* a ; */', "/* ' /* ; */ $$ */", '/***/', '/* -- */'),
)
const gap = fc
  .array(fc.oneof(fc.constantFrom(' ', '\n', '\t', '\r\n', '\r'), comment), { maxLength: 3 })
  .map((parts) => ` ${parts.join('')} `)
const value = fc.oneof(
  quoted,
  escaped,
  dollars,
  fc.constantFrom(
    '1',
    '1.5e3',
    '0x1f',
    "B'01'",
    "x'1f'",
    "N'a'",
    raw`U&'\0061;'`,
    'a[1:2]',
    'a[:b]',
    'a::text[]',
    '$1',
    '(select 1)',
    "'a' <% 'b'",
    "a %> 'b' and a <<% 'c'",
    'a - -1',
    'a #>> b',
    'case when true then 1 end',
    'f(a => 1, b := 2)',
    "json_object('a':b)",
    "E'a'\n 'b;\\'c'",
    '10 % (a)',
    '@ a',
    "date '2020-01-01'",
    raw`a like 'x' escape '\'`,
  ),
)
const statement = fc.oneof(
  fc
    .tuple(fc.array(value, { minLength: 1, maxLength: 4 }), gap)
    .map(([values, space]) => `select${space}${values.join(`${space},`)}`),
  fc.tuple(name, value).map(([table, item]) => `insert into ${table} values (${item}, ${item})`),
  fc
    .tuple(name, dollars)
    .map(([routine, body]) => `create function ${routine}(a int) returns int language sql as ${body}`),
  fc
    .tuple(name, value)
    .map(
      ([routine, item]) =>
        `create or replace function ${routine}() returns int begin atomic select case when true then ${item} end as end; select 1; end`,
    ),
  fc
    .tuple(name, name)
    .map(
      ([rule, table]) =>
        `create rule ${rule} as on insert to ${table} do also (select 1; insert into b values (';'))`,
    ),
  fc
    .tuple(name, name)
    .map(
      ([trigger, table]) =>
        `create trigger ${trigger} after insert on ${table} referencing new table as begin for each statement execute function f()`,
    ),
  dollars.map((body) => `do ${body}`),
  fc.tuple(name, gap).map(([table, space]) => `create table${space}${table} (a int${space},b text)`),
  fc.constantFrom(
    'begin',
    'commit',
    'create procedure p() language sql begin atomic end',
    'alter table a add b int',
  ),
)
const file = fc
  .array(fc.tuple(gap, statement, gap), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map((part) => part.join('')).join(';'))

describe('splitSql', () => {
  it('cuts valid SQL where the server does', () => {
    fc.assert(
      fc.property(file, (sql) => {
        const ours = splitSql(sql).map(({ start, text }) => ({ start, text }))
        expect(ours).toEqual(asTheServer(sql))
      }),
      { numRuns: 3000 },
    )
  })

  it('counts lines with LF, CR LF and a lone CR', () => {
    expect(splitSql('select 1;\nselect 2;\r\nselect 3;\rselect 4').map((piece) => piece.line)).toEqual([
      1, 2, 3, 4,
    ])
  })

  it('leaves comments and spaces before a statement out, and those inside of it in', () => {
    expect(texts('-- a\n/* b */ select /* c */ 1 -- d\n;\n-- e')).toEqual(['select /* c */ 1'])
  })

  it('hands lines for psql over as they are, and ends a statement that one sends', () => {
    expect(kinds('\\set a 1\nselect 1 \\gexec\n\\i b.sql\nselect 2\\; select 3;\n\\restrict x')).toEqual([
      'psql: \\set a 1',
      'sql: select 1',
      'psql: \\gexec',
      'psql: \\i b.sql',
      'sql: select 2',
      'sql: select 3',
      'psql: \\restrict x',
    ])
  })

  it('keeps a statement together that conditions of psql stand in', () => {
    const [piece, ...others] = splitSql('create table a (\n\\if :x\n b int\n\\endif\n);')
    expect(others).toEqual([])
    expect(parseSync(piece!.parsable).stmts).toHaveLength(1)
  })

  it('takes the rows after `copy ... from stdin` as data', () => {
    const sql = "copy public.a (b) from stdin;\nit's;\n\\N\n\\.\n\n\\copy a from stdin\n1;\n\\.\nselect 1;"
    expect(kinds(sql)).toEqual([
      'sql: copy public.a (b) from stdin',
      "data: it's;\n\\N\n",
      'psql: \\copy a from stdin',
      'data: 1;\n',
      'sql: select 1',
    ])
  })

  it('goes on at the next statement when the rows never end', () => {
    const [, data, last] = splitSql('copy a from stdin;\n1\n2\ncreate table b (c int);')
    expect(data).toMatchObject({ kind: 'data', text: '1\n2\n', isUnfinished: true })
    expect(last).toMatchObject({ text: 'create table b (c int)', isUnfinished: false })
  })

  it.each([
    ["insert into a values ('b);\ninsert into a values ('c');\ninsert into a values ('d');", 3],
    ["insert into a values ('b);\ninsert into a values ('c;\ninsert into a values ('d');", 3],
    ['create function f() as $$ begin\n  x := 1;\nend;\ncreate table a (b int);\nselect 1;', 3],
    ['/* never closed\ncreate table a (b int);\nselect 1;', 3],
    ['create table "a (b int);\ncreate table c (d int);', 2],
    ['create rule r as on insert to a do (select 1;\nselect 2;', 2],
    ['create function f() returns int begin atomic\n select 1;\ncreate table a (b int);\nselect 2;', 3],
  ])('does not let an open end swallow the rest of %j', (sql, count) => {
    const pieces = splitSql(sql)
    expect(pieces).toHaveLength(count)
    expect(pieces[0]!.isUnfinished).toBe(true)
    expect(pieces.at(-1)!.isUnfinished).toBe(false)
  })

  it('ends a statement whose parenthesis is missing at its semicolon', () => {
    expect(texts('create table a (b int;\ncreate table c (d int);')).toEqual([
      'create table a (b int',
      'create table c (d int)',
    ])
  })

  it.each([
    ["insert into a values ('it\\'s; so');\nselect 1;", ["insert into a values ('it\\'s; so')", 'select 1']],
    [
      "insert into `a;b` values ('\\';');\n# it's\nselect 1;",
      ["insert into `a;b` values ('\\';')", 'select 1'],
    ],
    [
      'DELIMITER //\ncreate procedure p() begin select 1; end//\nDELIMITER ;\nselect 2;',
      ['DELIMITER //', 'create procedure p() begin select 1; end', 'DELIMITER ;', 'select 2'],
    ],
    [
      'create trigger t after insert on a begin update b set c = 1; select 2; end;\nselect 3;',
      ['create trigger t after insert on a begin update b set c = 1; select 2; end', 'select 3'],
    ],
    [
      "create table [it's] (a int)\nGO\nselect 1\ngo\n",
      ["create table [it's] (a int)", 'GO', 'select 1', 'go'],
    ],
    [
      'create procedure p as\nbegin\n if 1 = 1 begin select 1; end\nend\nGO\nselect 2',
      ['create procedure p as\nbegin\n if 1 = 1 begin select 1; end\nend', 'GO', 'select 2'],
    ],
    [
      'create or replace procedure p is v number; begin if v = 1 then v := 2; end if; end p;\n/\nselect 3 from dual;',
      [
        'create or replace procedure p is v number; begin if v = 1 then v := 2; end if; end p',
        '/',
        'select 3 from dual',
      ],
    ],
    [
      'alter procedure p as begin try select 1; end try begin catch rollback tran; end catch\nGO\nselect 2',
      [
        'alter procedure p as begin try select 1; end try begin catch rollback tran; end catch',
        'GO',
        'select 2',
      ],
    ],
  ])('keeps what other databases write apart: %j', (sql, expected) => {
    expect(texts(sql)).toEqual(expected)
  })

  it.each([
    [
      "REM it's a remark\nset define off\nselect 1 from dual;",
      ["REM it's a remark", 'set define off', 'select 1 from dual'],
    ],
    [".mode csv\n.read it's.sql\nselect 1;", ['.mode csv', ".read it's.sql", 'select 1']],
    ['set search_path to a;\nset echo.on = 1;', ['set search_path to a', 'set echo.on = 1']],
  ])('knows lines for the clients of other databases: %j', (sql, expected) => {
    expect(texts(sql)).toEqual(expected)
  })

  it('falls back to semicolons when a delimiter never comes', () => {
    expect(texts('DELIMITER //\nselect 1;\nselect 2;')).toEqual(['DELIMITER //', 'select 1', 'select 2'])
  })

  it('names template tokens in quoted names, and leaves them', () => {
    const [piece] = splitSql('select * from "${schema}"."a"')
    expect(piece).toMatchObject({ templates: ['"${schema}"'], parsable: piece!.text })
  })

  it('does not take a division for a line of Oracle, nor an alias for one of SQL Server', () => {
    expect(texts('select a\n/\nb;')).toEqual(['select a\n/\nb'])
  })

  it('gives the parser something of the same length for variables and template tokens', () => {
    const sql =
      "select :a, :'b', :\"c\", '{{ kept }}', {{ d }}, %(e)s, ${f}, @g@ from {{ schema }}.h_{{ env }}\n{% if x %}where :{?i} and j in (%s, %s){% endif %} limit :k"
    const [piece] = splitSql(sql)
    expect(piece!.templates).toEqual(
      raw`:a|:'b'|:"c"|{{ d }}|%(e)s|${'${f}'}|@g@|{{ schema }}|{{ env }}|{% if x %}|:{?i}|%s|%s|{% endif %}|:k`.split(
        '|',
      ),
    )
    expect(piece!.parsable).toHaveLength(piece!.text.length)
    expect(parseSync(piece!.parsable).stmts).toHaveLength(1)
  })

  it('names markers that some build replaces, and leaves them', () => {
    expect(splitSql('select * from __SCHEMA__.a')[0]).toMatchObject({
      templates: ['__SCHEMA__'],
      parsable: 'select * from __SCHEMA__.a',
    })
  })
})
