import { BuilderReader, USES_BUILDER, type BuiltQuery } from './builder-calls.ts'
import { HOLE, joinText } from './joined-text.ts'
import { lineAtMark, type LineMark } from './line-marks.ts'
import { makeParsable, type SqlHole } from './parsable-sql.ts'
import { lineCounter } from './source.ts'
import { isForPeople, isObjectQuery, looksLikeSql, mayBeginStatement, statementStart } from './sql-shape.ts'
import { StringJoiner, type SourceString } from './string-joiner.ts'
import { languageOf, scanSource } from './strings.ts'

/** SQL in a service's source: one string of it, which may hold several statements. */
export type ServiceSql = {
  file: string
  /** 1-based line of the statement's first word. */
  line: number
  /** As the program sends it, or the calls of a query builder; with `${code}` where only the program knows what stands there. */
  text: string
  /** What the server's parser takes: parameters are `$n`, names that are not known `__hole_n`. */
  parsable: string
  /** Of kind `table`: what that part of the statement is about cannot be told. */
  holes: SqlHole[]
  /** The parameter as the program writes it, for `$1`, `$2`, ... of `parsable`. */
  parameters: string[]
  /** Lines of `parsable`, for `lineFinder`. */
  lines: LineMark[]
}

/** Sources beyond this are data or bundles that were generated, and nobody's own statements. */
const LONGEST_SOURCE = 16 * 1024 * 1024
/** A first look at a file: without such a word there is no statement in it. */
const ANY_VERB =
  /\b(?:select|insert|upsert|update|delete|where|merge\s+into|create|alter|drop|truncate|copy|refresh|comment|grant|revoke|search_path)\b/i

/** The statements in a source file, in its order; none for a language that is not known. Takes any text. */
export function readServiceFile(path: string, text: string): ServiceSql[] {
  const language = languageOf(path)
  if (!language || text.length > LONGEST_SOURCE || !ANY_VERB.test(text)) return []
  const lineOf = lineCounter(text)
  const isJava = language.name === 'java' || language.name === 'kotlin'
  const found: { at: number; sql: ServiceSql }[] = []
  const take = (string: SourceString) => {
    const sql = readSql(path, string, text, lineOf)
    if (sql && !(isJava && isObjectQuery(sql.text))) found.push({ at: string.at, sql })
  }
  scanSource(language, text, new StringJoiner(language, take))
  if (USES_BUILDER.test(text)) {
    const made = (call: BuiltQuery) => found.push({ at: call.at, sql: { file: path, ...call.sql } })
    scanSource(language, text, new BuilderReader({ text, lineOf, found: made }))
  }
  return found.toSorted((a, b) => a.at - b.at).map(({ sql }) => sql)
}

function readSql(
  file: string,
  string: SourceString,
  source: string,
  lineOf: (offset: number) => number,
): ServiceSql | null {
  const [first] = string.parts
  if (first && !first.isHole && !mayBeginStatement(source, first, string.parts.length > 1)) return null
  if (isForPeople(string.callee)) return null
  const joined = joinText(string, source, lineOf)
  const start = statementStart(joined.text)
  if (start < 0 || !looksLikeSql(joined.text.slice(start))) return null
  const { text, holes, parameters, lines } = makeParsable(joined)
  let next = 0
  return {
    file,
    line: lineAtMark(joined.lines, start),
    text: joined.text.replaceAll(HOLE, () => `\${${joined.holes[next++]?.source ?? ''}}`).trim(),
    parsable: text,
    holes,
    parameters,
    lines,
  }
}
