import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { grants } from './grants.ts'
import { sharedOperations } from './shared.operations.ts'
import { makeGrantOperations, townOperations } from './sharing.operations.ts'

const resources = [grants]

/** The only way across towns. */
export const sharingModule: Module = {
  name: 'sharing',
  dependsOn: [
    'town',
    'identity',
    'journal',
    'search',
    'persona',
    'presence',
    'conversation',
    'memory',
    'knowledge',
    'crm',
    'agenda',
    'simulation',
    'platform',
  ],
  tables: [
    { name: 'share_grants', kind: 'tenant', distribution: 'distributed' },
    { name: 'shared_knowledge_base', kind: 'tenant', distribution: 'distributed' },
    { name: 'shared_enriched_records', kind: 'tenant', distribution: 'distributed' },
    { name: 'shared_market_intelligence', kind: 'tenant', distribution: 'distributed' },
    { name: 'shared_personality_state', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...operationsOf(resources), ...makeGrantOperations(), ...sharedOperations, ...townOperations]
  },
  sql: new URL('./sql/', import.meta.url),
}
