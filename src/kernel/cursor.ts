import { createHash } from 'node:crypto'

import { kernelErrors } from './errors.ts'
import { isUuid } from './ids.ts'

/**
 * A place in a list ordered by (value, id). The id breaks ties: paging on the value alone loses the rows that share one.
 * The value is PostgreSQL's text of it: a JavaScript Date would round microseconds and skip rows. Null is the last place.
 */
export type Keyset = { value: string | null; id: string }

/** What a list is ordered by. */
export type KeysetType = 'time' | 'day' | 'text' | 'integer' | 'number'

/** How PostgreSQL writes a timestamptz in UTC. */
const TIMESTAMP = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/

/** An opaque cursor for `keyset`. */
export function encodeCursor({ value, id }: Keyset): string {
  return Buffer.from(JSON.stringify([id, value])).toString('base64url')
}

/** The keyset in a cursor of a list that is ordered by `type`, undefined when none is given. Throws INVALID_CURSOR. */
export function decodeCursor(cursor: string | undefined, type: KeysetType = 'time'): Keyset | undefined {
  if (cursor === undefined) return undefined
  const [id, value, ...rest] = parseList(Buffer.from(cursor, 'base64url').toString('utf8'))
  const isPlace = value === null || (typeof value === 'string' && IS_VALUE[type](value))
  if (typeof id !== 'string' || !isUuid(id) || !isPlace || rest.length > 0)
    throw kernelErrors.INVALID_CURSOR()
  return { value, id }
}

function parseList(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

const IS_VALUE: Record<KeysetType, (value: string) => boolean> = {
  time: (value) => {
    const [, day, time] = TIMESTAMP.exec(value) ?? []
    return day !== undefined && time !== undefined && isInstant(day, time)
  },
  day: (value) => /^\d{4}-\d\d-\d\d$/.test(value) && isInstant(value, '00:00:00'),
  text: (value) => !value.includes('\u0000') && value.isWellFormed(),
  integer: (value) => /^-?\d{1,15}$/.test(value),
  number: (value) =>
    /^-?\d{1,300}(\.\d{1,300})?(e[+-]\d{1,3})?$/.test(value) && Number.isFinite(Number(value)),
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
