import { sql } from 'kysely'
import { z } from 'zod'

import type { Ctx } from '../../db/operation.ts'
import { timeOutput, timeZoneInput } from '../../kernel/input.ts'
import { defineResource, resourceErrors } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { listPersonalities } from './calendar.queries.ts'
import { recurrenceInput } from './formats.ts'

const healthOutput = z
  .object({
    score: z.int().describe('0 (poor) to 100 (nothing to mend).'),
    status: z.enum(['healthy', 'fair', 'poor']),
    hasAgenda: z.boolean(),
    durationMinutes: z.int(),
    attendeeCount: z.int(),
    issues: z.array(z.string()),
    recommendations: z.array(z.string()),
  })
  .nullable()
  .describe('How good the meeting is planned; null where nobody is asked or it takes whole days.')

export const calendarEvents = defineResource({
  table: 'calendar_events',
  id: 'agenda.calendar',
  thing: 'calendar_event',
  things: 'calendar_events',
  path: '/v1/calendar-events',
  fields: [
    'title',
    'description',
    'kind',
    'starts_at',
    'ends_at',
    'is_all_day',
    'is_busy',
    'time_zone',
    'location',
    'owner_id',
    'organizer',
    'attendees',
    'attendee_ids',
    'meeting_url',
    'agenda',
    'preparation_notes',
    'recurrence_rule',
    'status',
    'visibility',
    'source',
    'calendar',
    'synced_at',
    'personality_ids',
    'tags',
    'metadata',
    'external_id',
  ],
  derived: {
    health: {
      sql: sql`(select jsonb_build_object('score', h.health_score, 'status', h.health_status, 'hasAgenda', h.has_agenda,
          'durationMinutes', h.duration_minutes, 'attendeeCount', h.attendee_count, 'issues', h.issues,
          'recommendations', h.recommendations)
        from meeting_health h where h.town_id = r.town_id and h.id = r.id)`,
      output: healthOutput,
    },
  },
  filters: ['owner_id', 'kind', 'status', 'source', 'external_id'],
  range: 'starts_at',
  sorts: ['starts_at', '-created_at'],
  privacy: 'team',
  people: ['owner_id', 'attendee_ids'],
  formats: { time_zone: timeZoneInput, recurrence_rule: recurrenceInput },
  indexed: (row) => ({
    title: row.title,
    person: row.attendees.length > 0 ? row.attendees.slice(0, 20).join(', ').slice(0, 200) : null,
    content: [
      row.title,
      row.location,
      row.tags.join(' '),
      row.description,
      row.agenda,
      row.preparation_notes,
    ],
    at: row.starts_at,
  }),
  check: refuseUnknownPersonalities,
  violations: { calendar_events_period_check: agendaErrors.AGENDA_PERIOD },
})

/** A list of ids has no foreign key: what it names must be there all the same. */
async function refuseUnknownPersonalities(ctx: Ctx, rows: { personality_ids?: string[] }[]): Promise<void> {
  const ids = [...new Set(rows.flatMap((row) => row.personality_ids ?? []))]
  const known = await listPersonalities(ctx.tx, ctx.town, ids)
  const missing = ids.filter((id) => !known.includes(id))
  if (missing.length === 0) return
  throw resourceErrors.REFERENCE_NOT_FOUND({
    data: { field: 'personalityIds', ids: missing.slice(0, 10) },
    fields: [
      { path: 'personalityIds', message: 'names something that is not there, or that you may not see' },
    ],
  })
}

export const calendarReminders = defineResource({
  table: 'ai_calendar_reminders',
  id: 'agenda.calendar_reminders',
  thing: 'calendar_reminder',
  things: 'calendar_reminders',
  path: '/v1/calendar-reminders',
  fields: [
    'calendar_event_id',
    'personality_id',
    'minutes_before',
    'sent_at',
    'interfaces',
    'response',
    'external_id',
  ],
  derived: {
    remindAt: {
      sql: sql`(select e.starts_at - make_interval(mins => r.minutes_before) from calendar_events e
        where e.town_id = r.town_id and e.id = r.calendar_event_id)`,
      output: timeOutput.describe('When to remind, as the event now stands.'),
    },
  },
  filters: ['calendar_event_id', 'personality_id', 'external_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  parent: 'calendar_event_id',
})

export const focusBlocks = defineResource({
  table: 'focus_blocks',
  id: 'agenda.focus_blocks',
  thing: 'focus_block',
  things: 'focus_blocks',
  path: '/v1/focus-blocks',
  fields: [
    'person_id',
    'calendar_event_id',
    'kind',
    'starts_at',
    'ends_at',
    'energy_level',
    'productivity',
    'notes',
    'external_id',
  ],
  filters: ['person_id', 'calendar_event_id', 'kind', 'external_id'],
  range: 'starts_at',
  sorts: ['-created_at', 'starts_at'],
  privacy: 'team',
  people: ['person_id'],
  violations: { focus_blocks_period_check: agendaErrors.AGENDA_PERIOD },
})
