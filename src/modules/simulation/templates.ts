import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { parameterListInput } from './parameters.ts'

/** Kinds of simulations that can be set up again and again. */
export const templates = defineResource({
  table: 'simulation_templates',
  id: 'simulation.templates',
  thing: 'simulation_template',
  things: 'simulation_templates',
  path: '/v1/simulation-templates',
  fields: [
    'name',
    'description',
    'category',
    'config',
    'required_parameters',
    'optional_parameters',
    'template_version',
    'is_active',
    'external_id',
  ],
  filters: ['category', 'is_active', 'external_id'],
  sorts: ['-created_at', 'name'],
  privacy: 'team',
  formats: { required_parameters: parameterListInput, optional_parameters: parameterListInput },
  derived: {
    usageCount: {
      sql: sql`(
        select count(*) from testpilot_simulations s where s.town_id = r.town_id and s.template_id = r.id
      )`,
      output: z.int().describe('How many simulations follow it, of those you see.'),
    },
    successRate: {
      sql: sql`(
        select avg((e.status = 'completed')::int)::double precision
        from testpilot_simulations s
        join simulation_executions e on e.town_id = s.town_id and e.simulation_id = s.id
        where s.town_id = r.town_id and s.template_id = r.id and e.status in ('completed', 'failed')
      )`,
      output: z.number().nullable().describe('Part of its runs that were completed and did not fail, 0-1.'),
    },
    averageSeconds: {
      sql: sql`(
        select avg(extract(epoch from e.completed_at - e.started_at))::double precision
        from testpilot_simulations s
        join simulation_executions e on e.town_id = s.town_id and e.simulation_id = s.id
        where s.town_id = r.town_id and s.template_id = r.id and e.status = 'completed'
      )`,
      output: z.number().nullable().describe('How long a completed run of it takes on average.'),
    },
  },
})
