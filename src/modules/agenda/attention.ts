import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'

export const attentionItems = defineResource({
  table: 'attention_items',
  id: 'agenda.attention',
  thing: 'attention_item',
  things: 'attention_items',
  path: '/v1/attention',
  fields: [
    'title',
    'summary',
    'content',
    'kind',
    'source',
    'tier',
    'importance_score',
    'urgency_score',
    'person_id',
    'sender',
    'related_to',
    'contact_id',
    'company_id',
    'deal_id',
    'interaction_id',
    'related_kind',
    'related_id',
    'is_action_required',
    'action_kind',
    'deadline_at',
    'reasons',
    'suggested_action',
    'seen_at',
    'snoozed_until',
    'done_at',
    'dismissed_at',
    'tags',
    'raw',
    'external_id',
  ],
  computed: ['is_open'],
  derived: {
    status: {
      sql: sql`case when r.dismissed_at is not null then 'dismissed' when r.done_at is not null then 'done'
        when r.snoozed_until > (select town.acting_time()) then 'snoozed' when r.seen_at is not null then 'seen' else 'new' end`,
      output: z
        .enum(['new', 'seen', 'snoozed', 'done', 'dismissed'])
        .describe('What follows from its times, as of now.'),
    },
  },
  filters: [
    'is_open',
    'kind',
    'tier',
    'source',
    'person_id',
    'contact_id',
    'company_id',
    'deal_id',
    'external_id',
  ],
  range: 'deadline_at',
  sorts: ['-created_at', '-importance_score', '-urgency_score', 'deadline_at'],
  privacy: 'team',
  people: ['person_id'],
  indexed: (row) => ({
    title: row.title,
    person: row.sender,
    content: [row.title, row.sender, row.related_to, row.tags.join(' '), row.summary, cut(row.content)],
    importance: Math.min(10, Math.max(1, Math.round(row.importance_score / 10))),
  }),
  violations: { attention_items_related_check: agendaErrors.AGENDA_RELATED_KIND },
})

export const touches = defineResource({
  table: 'touch_ready_queue',
  id: 'agenda.touches',
  thing: 'touch',
  things: 'touches',
  path: '/v1/touches',
  fields: [
    'contact_id',
    'person_id',
    'kind',
    'priority',
    'suggested_message',
    'confidence',
    'reason',
    'context',
    'scheduled_at',
    'sent_at',
    'dismissed_at',
    'external_id',
  ],
  computed: ['status'],
  filters: ['status', 'contact_id', 'person_id', 'external_id'],
  sorts: ['-created_at', '-priority', 'scheduled_at'],
  privacy: 'team',
  people: ['person_id'],
  indexed: (row) => ({
    title: null,
    content: [row.suggested_message, row.reason],
    importance: row.priority,
  }),
})

/** A mail can be huge: what is found by its words is its beginning. */
const MOST_INDEXED = 20_000

function cut(content: string | null): string | null {
  return content && content.slice(0, MOST_INDEXED)
}
