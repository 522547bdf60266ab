import { sql } from 'kysely'
import { z } from 'zod'

import { timeOutput, timeZoneInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { recurrenceInput } from './formats.ts'

export const commitments = defineResource({
  table: 'ai_commitments',
  id: 'agenda.commitments',
  thing: 'commitment',
  things: 'commitments',
  path: '/v1/commitments',
  fields: [
    'promise',
    'promised_by',
    'committed_to',
    'contact_id',
    'deadline_at',
    'time_zone',
    'priority',
    'completed_at',
    'cancelled_at',
    'personality_id',
    'message_id',
    'quote',
    'tags',
    'metadata',
    'external_id',
  ],
  computed: ['is_open'],
  derived: {
    status: {
      sql: sql`case when r.completed_at is not null then 'completed' when r.cancelled_at is not null then 'cancelled'
        when r.deadline_at <= (select town.acting_time()) then 'overdue' else 'active' end`,
      output: z
        .enum(['active', 'completed', 'cancelled', 'overdue'])
        .describe('active; overdue from its deadline on, by itself; completed; or cancelled.'),
    },
    progressNotes: {
      sql: sql`(select coalesce(jsonb_agg(jsonb_build_object('note', p.note, 'notedAt',
          to_char(p.noted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by p.noted_at, p.id), '[]')
        from ai_commitment_progress p where p.town_id = r.town_id and p.commitment_id = r.id)`,
      output: z
        .array(z.object({ note: z.string(), notedAt: timeOutput }))
        .describe('How it gets on, oldest first.'),
    },
  },
  filters: ['is_open', 'personality_id', 'promised_by', 'contact_id', 'message_id', 'external_id'],
  range: 'deadline_at',
  sorts: ['-created_at', 'deadline_at', '-priority'],
  privacy: 'team',
  people: ['promised_by'],
  formats: { time_zone: timeZoneInput },
  indexed: (row) => ({
    title: row.promise.slice(0, 200),
    person: row.committed_to,
    content: [row.promise, row.committed_to, row.tags.join(' '), row.quote],
    importance: row.priority,
  }),
})

export const commitmentProgress = defineResource({
  table: 'ai_commitment_progress',
  id: 'agenda.commitment_progress',
  thing: 'commitment_note',
  things: 'commitment_notes',
  path: '/v1/commitment-progress',
  fields: ['commitment_id', 'note', 'noted_at', 'external_id'],
  filters: ['commitment_id', 'external_id'],
  sorts: ['noted_at', '-created_at'],
  privacy: 'team',
  parent: 'commitment_id',
})

export const commitmentReminders = defineResource({
  table: 'ai_commitment_reminders',
  id: 'agenda.commitment_reminders',
  thing: 'commitment_reminder',
  things: 'commitment_reminders',
  path: '/v1/commitment-reminders',
  fields: [
    'commitment_id',
    'kind',
    'remind_at',
    'sent_at',
    'interfaces',
    'recurrence_rule',
    'time_zone',
    'external_id',
  ],
  filters: ['commitment_id', 'kind', 'external_id'],
  range: 'remind_at',
  sorts: ['remind_at', '-created_at'],
  privacy: 'team',
  parent: 'commitment_id',
  formats: { recurrence_rule: recurrenceInput, time_zone: timeZoneInput },
})
