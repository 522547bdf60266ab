import { readFileSync } from 'node:fs'

import { decode } from './decode.ts'
import type { EstateFile } from './estate-file.ts'
import type { Parsed } from './parse-pieces.ts'
import { LONGEST_PARSED, type Parser } from './parser.ts'
import { splitSql } from './split.ts'
import type { Piece, SqlStatement } from './statement.ts'

/** Reads a file of SQL and says what each of its statements says. */
export async function readFile(
  parser: Parser,
  { path, absolute }: { path: string; absolute: string },
): Promise<EstateFile> {
  const bytes = readFileSync(absolute)
  const { text, encoding } = decode(bytes)
  const pieces = splitSql(text)
  const sql = pieces.filter(({ kind }) => kind === 'sql')
  const short = sql.filter(({ parsable }) => parsable.length <= LONGEST_PARSED)
  const parsed = new Map((await parser.parse(short)).map((item, at) => [short[at]!, item]))
  return {
    path,
    encoding,
    dialect: 'postgresql',
    role: 'schema',
    statements: sql.flatMap((piece) => statementsOf(path, piece, parsed.get(piece))),
    includes: [],
    tool: null,
    bytes: bytes.length,
  }
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
