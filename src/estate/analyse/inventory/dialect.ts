import { FOREIGN_SYNTAX, OWN_SYNTAX } from './foreign-syntax.ts'
import { lineCounter } from './lex.ts'
import { maskSql } from './mask.ts'
import type { Dialect } from './statement.ts'

/** A token that PostgreSQL does not have, where it stands, and what to write instead. */
export type Foreign = {
  /** Whose it is; `invented` is what no database has, though it reads as if PostgreSQL had it. */
  dialect: Dialect | 'invented'
  also: Dialect[]
  /** As the text has it, spaces folded. */
  token: string
  /** 1-based, within the text given. */
  line: number
  instead: string
}

export type DialectOfFile = {
  dialect: Dialect
  /** What tells so, in the order of the text: none for PostgreSQL. */
  evidence: Foreign[]
}

const DISPLAY = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  sqlite: 'SQLite',
  'sql-server': 'SQL Server',
  oracle: 'Oracle',
  invented: 'invented syntax',
} as const

/** The dialect's name as people write it. */
export const dialectName = (dialect: Dialect | 'invented'): string => DISPLAY[dialect]

/** A text is looked at so far; what tells the dialect stands early, and each pattern reads all of it. */
const LONGEST = 100_000

/** What in the statement, which PostgreSQL refused or could not run, is of another database or of none, in its order. */
export function foreignIn(statement: string): Foreign[] {
  return foundIn(statement, maskSql(statement.slice(0, LONGEST)))
}

function foundIn(text: string, masked: string): Foreign[] {
  const hits = FOREIGN_SYNTAX.flatMap((syntax) => {
    const match = syntax.pattern.exec(masked)
    return match ? [{ syntax, ...placed(match) }] : []
  }).toSorted((a, b) => a.start - b.start || b.end - a.end)
  const lineOf = lineCounter(text)
  return hits.map(({ syntax, start, end }) => ({
    dialect: syntax.dialect,
    also: syntax.also ?? [],
    token: display(text.slice(start, Math.min(end, start + 60))),
    line: lineOf(start),
    instead: syntax.instead,
  }))
}

/** The token without the bracket or quote that only had to follow it. */
const display = (found: string): string =>
  found
    .replace(/\s+/g, ' ')
    .replace(/ ?\([^)]*$/, '')
    .replace(/[ ']+$/, '')

/** Where the match begins without the bracket, the comma and the blanks that only show that it may stand there. */
function placed({ 0: found, index }: RegExpExecArray): { start: number; end: number } {
  const before = /^[(),\s]*/.exec(found)![0].length
  return { start: index + before, end: index + found.length }
}

/**
 * Which database a text is written for. Some foreign words in what is otherwise PostgreSQL's do not make it another's:
 * its own words are weighed against theirs.
 */
export function dialectOf(text: string): DialectOfFile {
  const masked = maskSql(text.slice(0, LONGEST))
  const found = foundIn(text, masked).filter((foreign) => foreign.dialect !== 'invented')
  if (found.length === 0) return { dialect: 'postgresql', evidence: [] }
  const own = OWN_SYNTAX.filter((pattern) => pattern.test(masked)).length
  const best = scoresOf(found)[0]!
  // One shared word is no proof, and neither is less than what speaks for PostgreSQL.
  if (best.score < 2 || best.score <= own * 2) return { dialect: 'postgresql', evidence: [] }
  return { dialect: best.dialect, evidence: found.filter((foreign) => weight(foreign, best.dialect) > 0) }
}

/** The one dialect that most of what was found in a statement belongs to; null where nothing was found. */
export function leaningOf(found: readonly Foreign[]): Dialect | 'invented' | null {
  const best = scoresOf(found)[0]!
  if (best.score > 0) return best.dialect
  return found.length > 0 ? 'invented' : null
}

function scoresOf(found: readonly Foreign[]) {
  return (['mysql', 'sqlite', 'sql-server', 'oracle'] as const)
    .map((dialect) => ({
      dialect,
      score: found.reduce((sum, foreign) => sum + weight(foreign, dialect), 0),
    }))
    .toSorted((a, b) => b.score - a.score)
}

function weight(foreign: Foreign, dialect: Dialect): number {
  // What looks invented may be another database's own, which is no proof of it where PostgreSQL is meant.
  if (foreign.dialect === 'invented') return 0
  if (foreign.dialect === dialect) return foreign.also.length > 0 ? 1.5 : 2
  return foreign.also.includes(dialect) ? 1 : 0
}
