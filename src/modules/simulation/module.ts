import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { makeExecutionOperations } from './executions.operations.ts'
import { executions } from './executions.ts'
import { dealSimulations, scenarios } from './scenarios.ts'
import { simulations } from './simulations.ts'
import { templates } from './templates.ts'

const resources = [templates, simulations, scenarios, executions, dealSimulations]

/** TestPilot: what would happen, played through many times. */
export const simulationModule: Module = {
  name: 'simulation',
  dependsOn: ['identity', 'journal', 'search', 'crm'],
  tables: [
    { name: 'simulation_templates', kind: 'tenant', distribution: 'distributed' },
    { name: 'testpilot_simulations', kind: 'tenant', distribution: 'distributed' },
    { name: 'simulation_scenarios', kind: 'tenant', distribution: 'distributed' },
    { name: 'simulation_executions', kind: 'tenant', distribution: 'distributed' },
    { name: 'deal_simulations', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...operationsOf(resources), ...makeExecutionOperations()]
  },
  sql: new URL('./sql/', import.meta.url),
}
