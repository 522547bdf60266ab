import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { configOperations } from './config.operations.ts'
import { healthOperations } from './health.operations.ts'
import { probes } from './health.ts'
import { platformOperations } from './platform.operations.ts'
import { secretOperations } from './secrets.operations.ts'
import { syncRegistry } from './sync-registry.ts'
import { makeTrainingOperations } from './training.operations.ts'
import { trainingJobs } from './training.ts'
import { makeWidgetOperations } from './widgets.operations.ts'
import { widgets, widgetUsage } from './widgets.ts'

const resources = [probes, widgets, widgetUsage, trainingJobs, syncRegistry]

/** The installation itself, and the founding of towns, which needs every module beneath it. */
export const platformModule: Module = {
  name: 'platform',
  dependsOn: ['town', 'identity', 'journal', 'search', 'persona', 'memory', 'crm', 'simulation'],
  tables: [
    { name: 'system_config', kind: 'tenant', distribution: 'distributed' },
    { name: 'system_config_history', kind: 'tenant', distribution: 'distributed' },
    { name: 'secrets', kind: 'tenant', distribution: 'distributed' },
    { name: 'service_health', kind: 'tenant', distribution: 'distributed' },
    { name: 'widgets', kind: 'tenant', distribution: 'distributed' },
    { name: 'widget_usage', kind: 'tenant', distribution: 'distributed' },
    { name: 'training_jobs', kind: 'tenant', distribution: 'distributed' },
    { name: 'sync_registry', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [
      ...platformOperations,
      ...configOperations,
      ...secretOperations,
      ...healthOperations,
      ...operationsOf(resources),
      ...makeWidgetOperations(),
      ...makeTrainingOperations(),
    ]
  },
  sql: new URL('./sql/', import.meta.url),
}
