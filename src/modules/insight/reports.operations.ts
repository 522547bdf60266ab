import { z } from 'zod'

import { textInput } from '../../kernel/input.ts'
import type { AnyOperation } from '../../db/operation.ts'
import { defineReport } from './report.ts'

const id = z.uuid()
const day = z.iso.date()
const count = z.int()
const cents = z.number().describe('In hundredths of the currency.')
const weighted = z
  .number()
  .describe('In hundredths of the currency, each deal by how likely it is to be won.')
const currency = z.string()

/** A query operation for each view. */
export const reportOperations: readonly AnyOperation[] = [
  defineReport({
    id: 'insight.pipeline_by_stage',
    view: 'pipeline_by_stage',
    summary: 'Shows how many deals of what worth stand in each stage, for each currency.',
    columns: {
      pipeline_id: id,
      pipeline_name: z.string(),
      stage_id: id,
      stage_name: z.string(),
      display_order: count,
      outcome: z.enum(['open', 'won', 'lost']),
      currency: currency.nullable(),
      deal_count: count,
      amount_cents: cents,
      weighted_amount_cents: weighted,
    },
    filters: ['pipeline_id'],
    order: ['pipeline_name', 'pipeline_id', 'display_order', 'stage_id', 'currency'],
  }),
  defineReport({
    id: 'insight.deal_forecast',
    view: 'deal_forecast',
    summary: 'Shows what open deals are expected to bring, by month, currency and category.',
    columns: {
      month: day,
      currency,
      forecast_category: z.enum(['pipeline', 'best_case', 'commit', 'omitted']),
      deal_count: count,
      amount_cents: cents,
      weighted_amount_cents: weighted,
    },
    filters: ['forecast_category'],
    range: 'month',
    order: ['month', 'currency', 'forecast_category'],
  }),
  defineReport({
    id: 'insight.win_rates',
    view: 'win_rates',
    summary: 'Shows how many deals were won and lost each month, and how long they took.',
    columns: {
      month: day,
      currency,
      won_count: count,
      lost_count: count,
      won_amount_cents: cents,
      lost_amount_cents: cents,
      win_rate: z.number().describe('Share of the deals that was won, 0-1.'),
      average_days: z.number().nullable().describe('Days from the day they began to that of their closing.'),
    },
    range: 'month',
    order: ['-month', 'currency'],
  }),
  defineReport({
    id: 'insight.activity_by_day',
    view: 'activity_by_day',
    summary: 'Shows how many interactions there were each day, by kind and direction.',
    columns: {
      day,
      kind: textInput(100),
      direction: z.string(),
      interaction_count: count,
      contact_count: count,
      company_count: count,
      time_spent_seconds: z.number(),
    },
    filters: ['kind'],
    range: 'day',
    order: ['-day', 'kind', 'direction'],
  }),
  defineReport({
    id: 'insight.workload_by_person',
    view: 'workload_by_person',
    summary: 'Shows what each person of the town looks after.',
    columns: {
      user_id: id,
      user_name: z.string().nullable(),
      company_count: count,
      contact_count: count,
      open_deal_count: count,
      open_task_count: count,
      interaction_count: count,
    },
    filters: ['user_id'],
    order: ['-open_deal_count', 'user_id'],
  }),
  defineReport({
    id: 'insight.ai_costs',
    view: 'ai_costs',
    summary: 'Shows what models used and cost each day.',
    columns: {
      day,
      model_name: textInput(200),
      model_provider: z.string(),
      request_count: count,
      failed_count: count,
      input_tokens: count,
      output_tokens: count,
      cost_micros: z.number().describe('In millionths of a US dollar.'),
      average_latency_ms: z.number().nullable(),
    },
    filters: ['model_name'],
    range: 'day',
    order: ['-day', 'model_name', 'model_provider'],
  }),
  defineReport({
    id: 'insight.communication_analytics',
    view: 'communication_analytics',
    summary: 'Shows mail, Slack and prepared messages of each person by day.',
    columns: {
      user_id: id,
      day,
      emails_sent_count: count,
      emails_received_count: count,
      emails_answered_count: count,
      average_response_hours: z.number().nullable(),
      slack_sent_count: count,
      slack_received_count: count,
      touches_completed_count: count,
    },
    filters: ['user_id'],
    range: 'day',
    order: ['-day', 'user_id'],
  }),
]
