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
  violations: { simulation_executions_scenario_fkey: () => simulationErrors.SCENARIO_OF_ANOTHER() },
})
