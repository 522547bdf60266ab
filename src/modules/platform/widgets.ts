import { sql } from 'kysely'
import { z } from 'zod'

import { jsonInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { platformErrors } from './platform.errors.ts'

const MOST_PARAMETERS_BYTES = 65_536

const parametersInput = z
  .array(z.record(z.string(), z.unknown()))
  .max(100)
  .refine(
    (list) => jsonInput(MOST_PARAMETERS_BYTES).safeParse({ list }).success,
    'must be at most 64 KiB of storable JSON',
  )

/** Parts that web sites are built of. */
export const widgets = defineResource({
  table: 'widgets',
  id: 'platform.widgets',
  thing: 'widget',
  things: 'widgets',
  path: '/v1/widgets',
  fields: [
    'name',
    'description',
    'category',
    'site',
    'inputs',
    'outputs',
    'demo_url',
    'code_snippet',
    'price_tier',
    'metadata',
    'external_id',
  ],
  filters: ['category', 'site', 'external_id'],
  sorts: ['-created_at', 'name'],
  privacy: 'team',
  formats: { inputs: parametersInput, outputs: parametersInput },
  derived: {
    usageCount: {
      sql: sql`(
        select coalesce(sum(u.usage_count), 0)::bigint from widget_usage u
        where u.town_id = r.town_id and u.widget_id = r.id
      )`,
      output: z.int().describe('How often all sites together used it.'),
    },
  },
  indexed: (row) => ({
    title: row.name,
    content: [row.name, row.category, row.site, row.description],
  }),
})

/** How often which site used which widget. */
export const widgetUsage = defineResource({
  table: 'widget_usage',
  id: 'platform.widget_usage',
  thing: 'widget_usage',
  things: 'widget_usages',
  path: '/v1/widget-usage',
  fields: ['widget_id', 'site_name', 'usage_count', 'last_used_at'],
  filters: ['widget_id', 'site_name'],
  sorts: ['-created_at'],
  privacy: 'team',
  parent: 'widget_id',
  violations: {
    widget_usage_site_key: () => platformErrors.WIDGET_USAGE_TAKEN(),
    widget_usage_usage_count_check: () => platformErrors.WIDGET_USAGE_FULL(),
  },
})
