import { createHash } from 'node:crypto'

import { kernelErrors } from './errors.ts'
import { isUuid } from './ids.ts'

/**
 * A place in a list ordered by (time, id). The id breaks ties: paging on the time alone loses the rows that share one.
 * `at` keeps microseconds as text, because a JavaScript Date would round them and skip rows.
 */
export type Keyset = { at: string; id: string }

/** How PostgreSQL writes a timestamptz in UTC. */
const TIMESTAMP = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/

/** An opaque cursor for `keyset`. */
export function encodeCursor(keyset: Keyset): string {
  return Buffer.from(`${keyset.at}|${keyset.id}`).toString('base64url')
}

/** The keyset in a cursor, undefined when none is given. Throws INVALID_CURSOR. */
export function decodeCursor(cursor: string | undefined): Keyset | undefined {
  if (cursor === undefined) return undefined
  const [at, id, ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split('|')
  const [, day, time] = TIMESTAMP.exec(at ?? '') ?? []
  if (!at || !id || !isUuid(id) || rest.length > 0 || !day || !time || !isInstant(day, time)) {
    throw kernelErrors.INVALID_CURSOR()
  }
  return { at, id }
}

/** Whether day and time exist: JavaScript reads 30 February as 2 March, and PostgreSQL has no year 0. */
function isInstant(day: string, time: string): boolean {
  const seconds = `${day}T${time.slice(0, 8)}`
  const read = new Date(`${seconds}Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(seconds) && !day.startsWith('0000')
}

/** What a cursor begins with that belongs to this list. */
const MARK_LENGTH = 11

function markOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, MARK_LENGTH)
}

/** The cursor as it is given out by `list`, any name of it: what another list gave out is no place in this one. */
export function bindCursor(list: string, cursor: string): string {
  return markOf(list) + cursor
}

/** The cursor that `list` gave out. Throws INVALID_CURSOR for any other. */
export function unbindCursor(list: string, cursor: string): string {
  if (!cursor.startsWith(markOf(list))) throw kernelErrors.INVALID_CURSOR()
  return cursor.slice(MARK_LENGTH)
}

/** Cuts a result that was read with one row too many into a page. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  each: { item: (row: Row) => Item; keyset: (row: Row) => Keyset },
): { items: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(each.item),
    nextCursor: rows.length > limit && last ? encodeCursor(each.keyset(last)) : null,
  }
}
