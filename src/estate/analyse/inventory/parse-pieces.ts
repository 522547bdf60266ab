import { loadModule, parseSync } from 'libpg-query'

import type { Fact } from './facts.ts'
import { lineAtMark, lineFinder, type LineMark } from '../services/line-marks.ts'
import { readFacts } from './read-facts.ts'
import { lineCounter, type LineOf, type Node } from './tree.ts'

/** A text for the parser. `line` is that of its first character, `marks` where its lines do not follow one another. */
export type ParsableText = { parsable: string; line: number; marks?: LineMark[] }

/** What became of a piece: facts of each statement in it with its line, or the parser's words. */
export type Parsed = {
  statements: { facts: Fact[]; line: number }[]
  error: { message: string; line: number } | null
}

/** Makes the parser ready; call it once before `parsePiece`. */
export const loadParser = loadModule

/** Parses a piece with the server's own parser. Never throws for what a user wrote. */
export function parsePiece({ parsable, line, marks }: ParsableText): Parsed {
  if (parsable.trim() === '') return { statements: [], error: null }
  const lineOf = marks ? markedLines(parsable, marks) : lineCounter(parsable, line)
  try {
    const tree = parseSync(parsable) as { stmts?: { stmt: Node; stmt_location?: number }[] }
    const statements = (tree.stmts ?? []).map(({ stmt, stmt_location: start }) => ({
      facts: readFacts(stmt, lineOf),
      line: start === undefined ? line : lineOf(firstByte(parsable, start)),
    }))
    return { statements, error: null }
  } catch (error) {
    const { message, at } = wordsOf(error)
    if (at === 0) return { statements: [], error: { message, line } }
    const failedAt = marks ? lineAtMark(marks, at - 1) : lineAt(parsable, line, at)
    return { statements: [], error: { message, line: failedAt } }
  }
}

function markedLines(text: string, marks: LineMark[]): LineOf {
  const find = lineFinder(text, marks)
  // The tree leaves out an offset of 0.
  return (offset) => find(offset ?? 0)
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
