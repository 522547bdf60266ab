import { sql } from 'kysely'
import { z } from 'zod'

import type { Ctx } from '../../db/operation.ts'
import { RUN_STATUSES } from '../../kernel/reported-run.ts'
import { defineResource } from '../kit/index.ts'
import { findParameterProblems, type Parameter } from './parameters.ts'
import { simulationErrors } from './simulation.errors.ts'

const ofNewest = (column: string) => sql`(
  select ${sql.ref(`e.${column}`)} from simulation_executions e
  where e.town_id = r.town_id and e.simulation_id = r.id
  order by e.created_at desc, e.id desc limit 1
)`

/** Questions that are simulated; how one stands is how its newest execution does. */
export const simulations = defineResource({
  table: 'testpilot_simulations',
  id: 'simulation.simulations',
  thing: 'simulation',
  things: 'simulations',
  path: '/v1/simulations',
  fields: [
    'name',
    'description',
    'kind',
    'template_id',
    'parameters',
    'deal_id',
    'owner_id',
    'tags',
    'is_active',
    'estimated_completion_at',
    'external_id',
  ],
  filters: ['kind', 'template_id', 'deal_id', 'owner_id', 'is_active', 'external_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  people: ['owner_id'],
  derived: {
    status: {
      sql: ofNewest('status'),
      output: z.enum(RUN_STATUSES).nullable().describe('Of its newest execution; null before the first.'),
    },
    progress: {
      sql: ofNewest('progress'),
      output: z.number().nullable().describe('Of its newest execution, 0-1.'),
    },
    confidence: {
      sql: ofNewest('confidence'),
      output: z.number().nullable().describe('How sure the results of its newest execution are, 0-1.'),
    },
    executionCount: {
      sql: sql`(
        select count(*) from simulation_executions e where e.town_id = r.town_id and e.simulation_id = r.id
      )`,
      output: z.int().describe('How often it was played.'),
    },
  },
  check: refuseUnfit,
  indexed: (row) => ({
    title: row.name,
    content: [row.name, row.kind, row.tags.join(' '), row.description],
  }),
})

type Checked = { template_id?: string | null; parameters?: unknown }

/** What the templates require must be given. Those that are not there are refused as references. */
async function refuseUnfit(ctx: Ctx, rows: Checked[]): Promise<void> {
  const ids = [...new Set(rows.flatMap((row) => row.template_id ?? []))]
  if (ids.length === 0) return
  const found = await ctx.tx
    .selectFrom('simulation_templates')
    .select(['id', 'required_parameters', 'optional_parameters'])
    .where('town_id', '=', ctx.town)
    .where('id', 'in', ids)
    .execute()
  const fields = rows.flatMap((row) => {
    const template = found.find((each) => each.id === row.template_id)
    if (!template) return []
    return findParameterProblems((row.parameters ?? {}) as Record<string, unknown>, {
      required: template.required_parameters as Parameter[],
      optional: template.optional_parameters as Parameter[],
    })
  })
  if (fields.length > 0) throw simulationErrors.SIMULATION_PARAMETERS({ fields: fields.slice(0, 100) })
}
