import { defineResource } from '../kit/index.ts'
import { simulationErrors } from './simulation.errors.ts'

/** Ways that things may go within a simulation. */
export const scenarios = defineResource({
  table: 'simulation_scenarios',
  id: 'simulation.scenarios',
  thing: 'simulation_scenario',
  things: 'simulation_scenarios',
  path: '/v1/simulation-scenarios',
  fields: [
    'simulation_id',
    'name',
    'description',
    'kind',
    'config',
    'results',
    'metrics',
    'baseline_comparison',
    'best_case_comparison',
    'worst_case_comparison',
    'external_id',
  ],
  filters: ['simulation_id', 'kind', 'external_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  parent: 'simulation_id',
  violations: { simulation_executions_scenario_fkey: () => simulationErrors.SCENARIO_PLAYED() },
})

/** Which simulations say something about which deal. */
export const dealSimulations = defineResource({
  table: 'deal_simulations',
  id: 'simulation.deals',
  thing: 'deal_simulation',
  things: 'deal_simulations',
  path: '/v1/deal-simulations',
  fields: ['deal_id', 'simulation_id', 'association', 'impact', 'recommendation_weight'],
  filters: ['deal_id', 'simulation_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  parent: 'simulation_id',
  violations: { deal_simulations_deal_id_key: () => simulationErrors.DEAL_SIMULATION_TAKEN() },
})
