import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, timeInput, timeOutput } from '../../kernel/input.ts'
import type { Engagement, Period } from './calendar.queries.ts'
import { freeBusy, listConflicts, toRange } from './calendar.service.ts'

const rangeInput = {
  from: timeInput.describe('Beginning of the range, ISO 8601 with an offset.'),
  to: timeInput.describe('End of the range, at most 92 days later.'),
}

const eventOutput = z.object({
  id: z.uuid(),
  title: z.string(),
  startsAt: timeOutput,
  endsAt: timeOutput,
})
const periodOutput = z.object({ startsAt: timeOutput, endsAt: timeOutput })

const toEvent = ({ id, title, startsAt, endsAt }: Engagement) => ({ id, title, startsAt, endsAt })

const conflicts = defineOperation({
  id: 'agenda.calendar.conflicts',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists pairs of events of a person that overlap within a range, of those you see.',
  http: 'GET /v1/calendar-events/conflicts',
  input: z.strictObject({
    ...rangeInput,
    personId: idInput.optional().describe('Whose events; yours when left out.'),
    limit: z.int().min(1).max(500).default(100).describe('How many pairs at most, 1-500.'),
  }),
  output: z.object({
    items: z.array(z.object({ first: eventOutput, second: eventOutput, overlap: periodOutput })),
    isComplete: z.boolean().describe('Whether these are all.'),
    nextCursor: z.null(),
  }),
  run: async (ctx, { personId, limit, ...range }) => {
    const person = personId ?? ctx.actor.userId
    const { pairs, isComplete } = await listConflicts(ctx, { person, range: toRange(range), limit })
    const items = pairs.map(([first, second]) => ({
      first: toEvent(first),
      second: toEvent(second),
      overlap: common(first, second),
    }))
    return { items, isComplete, nextCursor: null }
  },
})

function common(first: Period, second: Period): Period {
  return {
    startsAt: first.startsAt > second.startsAt ? first.startsAt : second.startsAt,
    endsAt: first.endsAt < second.endsAt ? first.endsAt : second.endsAt,
  }
}

const freeBusyOperation = defineOperation({
  id: 'agenda.calendar.free_busy',
  kind: 'query',
  access: 'readonly',
  summary:
    'Says when people are busy within a range, and when all of them are free, by what you see of them.',
  http: 'GET /v1/calendar-events/free-busy',
  input: z.strictObject({
    ...rangeInput,
    personIds: z.array(idInput).min(1).max(20).optional().describe('Whose time; yours when left out.'),
  }),
  output: z.object({
    people: z.array(
      z.object({
        personId: z.uuid(),
        busy: z.array(periodOutput).describe('Joined where they touch.'),
      }),
    ),
    free: z.array(periodOutput).describe('When none of them is busy.'),
    isComplete: z
      .boolean()
      .describe(
        'Whether all their events were read. Where not, nothing after those that were is called free.',
      ),
  }),
  run: (ctx, { personIds, ...range }) => {
    const people = [...new Set(personIds ?? [ctx.actor.userId])]
    return freeBusy(ctx, { people, range: toRange(range) })
  },
})

export const calendarOperations: readonly AnyOperation[] = [conflicts, freeBusyOperation]
