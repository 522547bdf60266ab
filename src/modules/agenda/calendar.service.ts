import type { Ctx } from '../../db/operation.ts'
import { resourceErrors } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { listBusyEvents, listFocus, listPeople, type Engagement, type Period } from './calendar.queries.ts'
import { findConflicts, gapsBetween, joinPeriods } from './periods.ts'

const DAY_MS = 86_400_000
const LONGEST_RANGE_DAYS = 92
/** More than this in three months is no calendar that anybody keeps. */
const MOST_EVENTS = 5_000

/** A range of time as callers give it. Throws AGENDA_RANGE. */
export function toRange({ from, to }: { from: string; to: string }): Period {
  const range = { startsAt: new Date(from), endsAt: new Date(to) }
  const length = range.endsAt.getTime() - range.startsAt.getTime()
  if (length <= 0 || length > LONGEST_RANGE_DAYS * DAY_MS) throw agendaErrors.AGENDA_RANGE()
  return range
}

/** Pairs of events of a person that overlap within a range. Throws REFERENCE_NOT_FOUND for an unknown person. */
export async function listConflicts(
  ctx: Ctx,
  { person, range, limit }: { person: string; range: Period; limit: number },
): Promise<{ pairs: [Engagement, Engagement][]; isComplete: boolean }> {
  await requirePeople(ctx, 'personId', [person])
  const events = await listBusyEvents(ctx.tx, ctx.town, { ...queryOf(range), people: [person] })
  const pairs = findConflicts(events, limit + 1)
  return {
    pairs: pairs.slice(0, limit),
    isComplete: pairs.length <= limit && events.length < MOST_EVENTS,
  }
}

export type FreeBusy = { people: { personId: string; busy: Period[] }[]; free: Period[]; isComplete: boolean }

/**
 * When each of some people is busy within a range, and when all of them are free. Where not all events of one could be
 * read, nothing is called free from there on. Throws REFERENCE_NOT_FOUND.
 */
export async function freeBusy(
  ctx: Ctx,
  { people, range }: { people: string[]; range: Period },
): Promise<FreeBusy> {
  await requirePeople(ctx, 'personIds', people)
  const asked = { ...queryOf(range), people }
  // One after another: a transaction is one connection.
  const events = Map.groupBy(await listBusyEvents(ctx.tx, ctx.town, asked), ({ personId }) => personId)
  const focus = Map.groupBy(await listFocus(ctx.tx, ctx.town, asked), ({ personId }) => personId)
  const read = people.map((personId) => [events.get(personId) ?? [], focus.get(personId) ?? []])
  const answers = people.map((personId, index) => ({
    personId,
    busy: joinPeriods(read[index]!.flat(), range),
  }))
  const knownUntil = read.flat().map(endOfRead).reduce<Date>(earlier, range.endsAt)
  const known = { startsAt: range.startsAt, endsAt: knownUntil }
  const all = joinPeriods(
    answers.flatMap(({ busy }) => busy),
    known,
  )
  return { people: answers, free: gapsBetween(all, known), isComplete: knownUntil === range.endsAt }
}

/** Up to when all that was asked for is among what was read, by beginning; null when it all is. */
function endOfRead(read: Engagement[]): Date | null {
  return read.length < MOST_EVENTS ? null : read.at(-1)!.startsAt
}

function earlier(one: Date, other: Date | null): Date {
  return other !== null && other < one ? other : one
}

function queryOf({ startsAt, endsAt }: Period) {
  return { from: startsAt, to: endsAt, limit: MOST_EVENTS }
}

async function requirePeople(ctx: Ctx, field: string, ids: string[]): Promise<void> {
  const known = await listPeople(ctx.tx, ids)
  const missing = ids.filter((id) => !known.includes(id))
  if (missing.length > 0) throw resourceErrors.REFERENCE_NOT_FOUND({ data: { field, ids: missing } })
}
