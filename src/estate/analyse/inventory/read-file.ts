import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

import { isRelease } from '../grouping.ts'
import { decode } from './decode.ts'
import { dialectOf } from './dialect.ts'
import type { EstateFile, FileRole } from './estate-file.ts'
import type { Parsed } from './parse-pieces.ts'
import { LONGEST_PARSED, type Parser } from './parser.ts'
import { roleOf, withoutDown } from './sections.ts'
import { splitSql } from './split.ts'
import type { Piece, SqlStatement } from './statement.ts'

/** Reads a file of SQL and says what each of its statements says. */
export async function readFile(
  parser: Parser,
  { path, absolute }: { path: string; absolute: string },
): Promise<EstateFile> {
  const bytes = readFileSync(absolute)
  const decoded = decode(bytes)
  const { text, down } = withoutDown(decoded.text)
  const role = roleOf(path, text)
  const pieces = splitSql(text)
  const sql = pieces.filter(({ kind }) => kind === 'sql')
  const short = sql.filter(({ parsable }) => parsable.length <= LONGEST_PARSED)
  const parsed = new Map((await parser.parse(short)).map((item, at) => [short[at]!, item]))
  return {
    path,
    encoding: decoded.encoding,
    // What the server's parser takes altogether is written for it, whatever words are in it.
    dialect: [...parsed.values()].some(({ error }) => error !== null)
      ? dialectOf(text).dialect
      : 'postgresql',
    role: ROLES[role] ?? 'schema',
    isSnapshot: role === 'snapshot' || isRelease(path),
    statements: sql.flatMap((piece) => statementsOf(path, piece, parsed.get(piece))),
    includes: pieces.flatMap((piece) => includeOf(path, piece)),
    tool: down ? down.marker : null,
    bytes: bytes.length,
  }
}

const ROLES: Partial<Record<ReturnType<typeof roleOf>, FileRole>> = {
  down: 'down',
  check: 'test',
  test: 'test',
  upgrade: 'upgrade',
}

/** A file that psql would read here: `\i` from where it runs, which is taken for the same folder, as `\ir` says. */
function includeOf(file: string, { kind, text, line }: Piece): EstateFile['includes'] {
  const given =
    kind === 'psql' ? /^\\(?:i|ir|include|include_relative)\s+'?([^'\s]+)'?/.exec(text)?.[1] : undefined
  return given === undefined ? [] : [{ path: posix.normalize(posix.join(posix.dirname(file), given)), line }]
}

function statementsOf(file: string, piece: Piece, parsed: Parsed | undefined): SqlStatement[] {
  const whole = {
    file,
    line: piece.line,
    text: piece.text,
    runnable: piece.parsable,
    templates: piece.templates,
  }
  if (!parsed) return [{ ...whole, facts: [], error: null, isTooLong: true }]
  const { statements, error } = parsed
  if (statements.length < 2) return [{ ...whole, facts: statements[0]?.facts ?? [], error, isTooLong: false }]
  // What our lexer kept together, such as the statements that a psql variable hides, runs together.
  return [{ ...whole, facts: statements.flatMap(({ facts }) => facts), error, isTooLong: false }]
}
