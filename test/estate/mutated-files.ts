import fc from 'fast-check'

/** Files with what derails a lexer: of PostgreSQL, MySQL, SQL Server, Oracle and SQLite, and templates. */
const FILES = [
  `-- +goose Up
create table if not exists notes (id uuid primary key default gen_random_uuid(), body text default 'it''s; so');
create function f() returns trigger language plpgsql as $body$ begin new.body := $$a;b$$; return new; end $body$;
create function g() returns int begin atomic select case when true then 1 end; select 2; end;
create rule r as on insert to notes do also (insert into log values (';'); select 1);
/* a /* nested ; */ comment */ select E'a\\'b', U&'\\0061', "qu""oted", a[1:2], b::text, :var, :'str' \\gexec
copy notes (id, body) from stdin;
1\tit's
\\N\t;
\\.
-- +goose Down
drop table notes;
`,
  `DELIMITER $$
CREATE PROCEDURE \`p\`() BEGIN IF 1 THEN SELECT 'it\\'s'; END IF; END$$
DELIMITER ;
/*!40101 SET NAMES utf8 */;
# comment with 'quote
INSERT INTO \`t\` VALUES (1,'a\\\\','b"c'),(2,NULL,"d'e");
`,
  `CREATE TABLE [dbo].[it's] ([id] INT IDENTITY(1,1))
GO
create or replace procedure q is v number; begin select 1 into v from dual; end q;
/
PRAGMA foreign_keys = on;
CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = datetime('now'); END;
`,
  `{% if x %}
create table {{ schema }}.a_\${env} (b int, c text default '%(d)s');
{% endif %}
insert into a values (%s, %(name)s, @tok@, $1, <%= erb %>, #{ruby}, {cs});
\\if :x
\\i other.sql
\\else
\\copy a from 'x' csv
\\endif
`,
]
/** Texts that mean something where they stand, to be put where they mean nothing. */
export const SCRAPS = [
  "'", "''", "E'", '"', '`', '$', '$$', '$a$', '/*', '*/', '--', '(', ')', '[', ']', ';', '\\', '\\.', '\n', '\r',
  '{{', '}}', '{%', '%}', ':', '::', '<%=', '%(', '@a', '#{', 'begin atomic ', 'end ', 'case ', 'GO\n', '/\n', '\0',
  'DELIMITER //\n', 'create rule ', 'create procedure p as x ', 'copy a from stdin;\n', '\ncreate table ', '\uFEFF', 'é',
] // prettier-ignore

const at = fc.double({ min: 0, max: 1, noNaN: true })
const mutation = fc.oneof(
  fc.tuple(fc.constant('cut' as const), at, at),
  fc.tuple(fc.constant('end' as const), at, at),
  fc.tuple(fc.constant('copy' as const), at, at),
  fc.tuple(fc.constant('insert' as const), at, fc.constantFrom(...SCRAPS)),
  fc.tuple(fc.constant('nest' as const), at, fc.constantFrom(...SCRAPS)),
  fc.tuple(fc.constant('bytes' as const), at, fc.uint8Array({ maxLength: 12 })),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Buffer, [how, where, what]: Mutation): Buffer {
  const place = Math.floor(where * bytes.length)
  const before = bytes.subarray(0, place)
  const after = bytes.subarray(place)
  const other = typeof what === 'number' ? Math.floor(what * after.length) : 0
  if (how === 'end') return before
  if (how === 'cut') return Buffer.concat([before, after.subarray(other)])
  if (how === 'copy') return Buffer.concat([before, after.subarray(0, other), before.subarray(-200), after])
  const inserted =
    typeof what === 'string'
      ? Buffer.from(how === 'nest' ? what.repeat(300) : what)
      : Buffer.from(what as Uint8Array)
  return Buffer.concat([before, inserted, after])
}

/** Files that were cut, spliced, nested and filled with bytes of any kind. */
export const mutated = fc
  .tuple(
    fc.constantFrom(...FILES),
    fc.array(mutation, { maxLength: 6 }),
    fc.constantFrom('utf8' as const, 'utf8' as const, 'utf16le' as const, 'latin1' as const),
  )
  .map(([file, mutations, encoding]) => mutations.reduce(mutate, Buffer.from(file, encoding)))
