import { createHash } from 'node:crypto'
import { posix } from 'node:path'

import { isRelease } from '../grouping.ts'
import { decode } from './decode.ts'
import { dialectOf } from './dialect.ts'
import type { EstateFile, FileRole } from './estate-file.ts'
import { metaCommand } from './meta-command.ts'
import type { Parsed } from './parse-pieces.ts'
import { LONGEST_PARSED, type Parser } from './parser.ts'
import { roleOf, withoutDown } from './sections.ts'
import { splitSql } from './split.ts'
import type { Encoding, Piece, SqlStatement } from './statement.ts'

/** A file's bytes, and its path as the report names it. */
export type FileBytes = { path: string; bytes: Uint8Array }

/** Reads files of SQL and says what each of their statements says. Many at once spare the way to the parser's thread. */
export async function readFiles(parser: Parser, files: FileBytes[]): Promise<EstateFile[]> {
  const cut = files.map(cutFile)
  const short = cut.flatMap(({ sql }) => sql.filter(({ parsable }) => parsable.length <= LONGEST_PARSED))
  const parsed = new Map((await parser.parse(short)).map((item, at) => [short[at]!, item]))
  return cut.map((file) => fileOf(file, parsed))
}

type CutFile = FileBytes & {
  text: string
  encoding: Encoding
  down: string | null
  pieces: Piece[]
  sql: Piece[]
}

function cutFile({ path, bytes }: FileBytes): CutFile {
  const decoded = decode(bytes)
  const { text, down } = withoutDown(decoded.text)
  const pieces = splitSql(text)
  const sql = pieces.filter(({ kind }) => kind === 'sql')
  return { path, bytes, text, encoding: decoded.encoding, down: down?.marker ?? null, pieces, sql }
}

function fileOf(
  { path, bytes, text, encoding, down, pieces, sql }: CutFile,
  parsed: Map<Piece, Parsed>,
): EstateFile {
  const role = roleOf(path, text)
  const isRefused = sql.some((piece) => (parsed.get(piece)?.error ?? null) !== null)
  return {
    path,
    encoding,
    // What the server's parser takes altogether is written for it, whatever words are in it.
    dialect: isRefused ? dialectOf(text).dialect : 'postgresql',
    role: ROLES[role] ?? 'schema',
    isSnapshot: role === 'snapshot' || isRelease(path),
    statements: sql.flatMap((piece) => statementsOf(path, piece, parsed.get(piece))),
    includes: pieces.flatMap((piece) => includeOf(path, piece)),
    connects: pieces.flatMap(connectOf),
    tool: down,
    bytes: bytes.length,
    hash: createHash('sha256').update(bytes).digest('hex'),
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

function connectOf({ kind, text, line }: Piece): EstateFile['connects'] {
  const command = kind === 'psql' ? metaCommand(text) : null
  const [database] = command?.args ?? []
  const isConnect = command?.name === 'c' || command?.name === 'connect'
  return isConnect && database !== undefined && database !== '-' ? [{ database, line }] : []
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
