import type { ParsableText } from './parse-pieces.ts'

/** What the parser's thread is asked. */
export type ParseRequest = { id: number; pieces: ParsableText[] }
/**
 * Answers in the order of the pieces, some at a time, so that little is lost when one of them ends the thread. `parsed` is
 * the JSON of `Parsed[]`, which crosses threads in half the time of the objects.
 */
export type ParseReply = { id: number; parsed: string; isLast: boolean }

/** Answers are sent together up to this many: a message costs more than a small statement. */
export const TOGETHER = 64
