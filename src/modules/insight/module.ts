import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { modelUsage } from './model-usage.ts'
import { reportOperations } from './reports.operations.ts'

const resources = [modelUsage]

/** What the town's numbers say. */
export const insightModule: Module = {
  name: 'insight',
  dependsOn: ['identity', 'journal', 'search', 'crm', 'agenda'],
  tables: [{ name: 'ai_model_usage', kind: 'tenant', distribution: 'distributed' }],
  resources,
  get operations() {
    return [...operationsOf(resources), ...reportOperations]
  },
  sql: new URL('./sql/', import.meta.url),
}
