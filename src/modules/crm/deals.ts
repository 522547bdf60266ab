import { sql } from 'kysely'
import { z } from 'zod'

import { lastActivityOutput } from './formats.ts'
import { defineResource } from '../kit/index.ts'
import { crmErrors } from './crm.errors.ts'
import { completeDeals, followDeals } from './deals.service.ts'
import { currencyInput } from '../../kernel/input.ts'

/** How likely the deal `r` is to be won, in percent: its own estimate while it is open, else its stage's. */
const likelihood = sql`(select case when r.status = 'won' then 100 when r.status = 'lost' then 0
  else coalesce(r.probability, s.probability) end
  from pipeline_stages s where s.town_id = r.town_id and s.id = r.stage_id)`

export const deals = defineResource({
  table: 'deals',
  id: 'crm.deals',
  thing: 'deal',
  things: 'deals',
  path: '/v1/deals',
  fields: [
    'name',
    'stage_id',
    'company_id',
    'primary_contact_id',
    'owner_id',
    'amount_cents',
    'currency',
    'probability',
    'forecast_category',
    'begun_on',
    'expected_close_on',
    'predicted_close_on',
    'closed_at',
    'closed_reason',
    'deal_type',
    'next_step',
    'risks',
    'opportunities',
    'score',
    'velocity',
    'recommended_stage_id',
    'insights',
    'analysis',
    'analysed_at',
    'notes',
    'tags',
    'details',
    'external_id',
  ],
  computed: ['pipeline_id', 'status'],
  derived: {
    stageName: {
      sql: sql`(select s.name from pipeline_stages s where s.town_id = r.town_id and s.id = r.stage_id)`,
      output: z.string().nullable().describe('Name of its stage; null if you may not see that.'),
    },
    likelihood: {
      sql: likelihood,
      output: z
        .int()
        .nullable()
        .describe('How likely it is to be won, in percent: its own estimate or its stage’s.'),
    },
    lastActivityAt: {
      sql: sql`(select greatest(
        (select max(i.occurred_at) from interactions i
          where i.town_id = r.town_id and i.deal_id = r.id and i.occurred_at <= (select town.acting_time())),
        (select max(a.happened_at) from deal_activities a
          where a.town_id = r.town_id and a.deal_id = r.id and a.happened_at <= (select town.acting_time()))))`,
      output: lastActivityOutput,
    },
  },
  filters: [
    'status',
    'pipeline_id',
    'stage_id',
    'company_id',
    'primary_contact_id',
    'owner_id',
    'external_id',
  ],
  range: 'expected_close_on',
  sorts: ['-created_at', '-begun_on', 'expected_close_on', '-amount_cents'],
  privacy: 'team',
  people: ['owner_id'],
  formats: { currency: currencyInput },
  indexed: (row) => ({
    title: row.name,
    content: [
      row.name,
      row.next_step,
      row.risks.join('\n'),
      row.opportunities.join('\n'),
      row.insights,
      row.tags.join(' '),
      row.notes,
      row.closed_reason,
    ],
    importance: row.status === 'open' ? 7 : 5,
  }),
  complete: completeDeals,
  onChange: followDeals,
})

export const dealContacts = defineResource({
  table: 'deal_contacts',
  id: 'crm.deal_contacts',
  thing: 'deal_contact',
  things: 'deal_contacts',
  path: '/v1/deal-contacts',
  fields: ['deal_id', 'contact_id', 'role'],
  filters: ['deal_id', 'contact_id'],
  privacy: 'team',
  parent: 'deal_id',
  violations: { deal_contacts_contact_key: crmErrors.DEAL_CONTACT_TAKEN },
})

export const dealActivities = defineResource({
  table: 'deal_activities',
  id: 'crm.deal_activities',
  thing: 'deal_activity',
  things: 'deal_activities',
  path: '/v1/deal-activities',
  fields: ['deal_id', 'activity_type', 'description', 'user_id', 'happened_at', 'details', 'external_id'],
  filters: ['deal_id', 'user_id'],
  range: 'happened_at',
  sorts: ['-happened_at'],
  privacy: 'team',
  parent: 'deal_id',
  people: ['user_id'],
})
