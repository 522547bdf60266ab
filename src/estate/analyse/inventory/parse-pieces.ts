import { loadModule, parseSync } from 'libpg-query'

import type { Fact } from './facts.ts'
import { readFacts } from './read-facts.ts'
import type { Piece } from './statement.ts'
import { lineCounter, type Node } from './tree.ts'

/** What became of a piece: facts of each statement in it with its line, or the parser's words. */
export type Parsed = {
  statements: { facts: Fact[]; line: number }[]
  error: { message: string; line: number } | null
}

/** Makes the parser ready; call it once before `parsePiece`. */
export const loadParser = loadModule

/** Parses a piece with the server's own parser. Never throws for what a user wrote. */
export function parsePiece({ parsable, line }: Pick<Piece, 'parsable' | 'line'>): Parsed {
  if (parsable.trim() === '') return { statements: [], error: null }
  const lineOf = lineCounter(parsable, line)
  try {
    const tree = parseSync(parsable) as { stmts?: { stmt: Node; stmt_location?: number }[] }
    const statements = (tree.stmts ?? []).map(({ stmt, stmt_location: start }) => ({
      facts: readFacts(stmt, lineOf),
      line: start === undefined ? line : lineOf(firstByte(parsable, start)),
    }))
    return { statements, error: null }
  } catch (error) {
    const { message, at } = wordsOf(error)
    return { statements: [], error: { message, line: at > 0 ? lineAt(parsable, line, at) : line } }
  }
}

/** Where the statement itself begins: the parser counts the spaces before a second one as its own. */
function firstByte(text: string, start: number): number {
  const rest = Buffer.from(text).subarray(start).toString()
  return start + Buffer.byteLength(rest.slice(0, rest.length - rest.trimStart().length))
}

function wordsOf(error: unknown): { message: string; at: number } {
  const details = (error as { sqlDetails?: { message?: string; cursorPosition?: number } }).sqlDetails
  const message = details?.message ?? (error instanceof Error ? error.message : String(error))
  return { message, at: details?.cursorPosition ?? 0 }
}

/** The line of a character, counted from 1. */
function lineAt(text: string, first: number, at: number): number {
  return first + (text.slice(0, at).match(/\r\n|\r|\n/g)?.length ?? 0)
}
