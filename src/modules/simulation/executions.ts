import type { Ctx } from '../../db/operation.ts'
import { defineResource } from '../kit/index.ts'
import { simulationErrors } from './simulation.errors.ts'

/** Runs of simulations by an engine, which reports how far it is. */
export const executions = defineResource({
  table: 'simulation_executions',
  id: 'simulation.executions',
  thing: 'simulation_execution',
  things: 'simulation_executions',
  path: '/v1/simulation-executions',
  fields: ['simulation_id', 'scenario_id', 'kind', 'engine', 'config', 'seed', 'external_id'],
  computed: [
    'status',
    'progress',
    'started_at',
    'completed_at',
    'results',
    'metrics',
    'analysis',
    'recommendations',
    'confidence',
    'accuracy',
    'data_point_count',
    'gpu_minutes',
    'cpu_minutes',
    'memory_mb',
    'cost_micros',
    'currency',
    'logs',
    'error',
  ],
  filters: ['simulation_id', 'scenario_id', 'status', 'external_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  parent: 'simulation_id',
  check: refuseForeignScenarios,
})

type Checked = { simulation_id?: string; scenario_id?: string | null }

async function refuseForeignScenarios(ctx: Ctx, rows: Checked[]): Promise<void> {
  const ids = [...new Set(rows.flatMap((row) => row.scenario_id ?? []))]
  if (ids.length === 0) return
  const found = await ctx.tx
    .selectFrom('simulation_scenarios')
    .select(['id', 'simulation_id'])
    .where('town_id', '=', ctx.town)
    .where('id', 'in', ids)
    .execute()
  const simulationOf = new Map(found.map((row) => [row.id, row.simulation_id]))
  const foreign = rows.some(
    (row) => row.scenario_id && simulationOf.get(row.scenario_id) !== row.simulation_id,
  )
  if (foreign) throw simulationErrors.SCENARIO_OF_ANOTHER()
}
