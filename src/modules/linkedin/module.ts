import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { linkedinOperations } from './linkedin.operations.ts'
import { linkedinMessages, posts } from './messages.ts'
import { activity, profiles, syncStatus } from './profiles.ts'

const resources = [profiles, posts, linkedinMessages, activity, syncStatus]

/** What is mirrored from LinkedIn. */
export const linkedinModule: Module = {
  name: 'linkedin',
  dependsOn: ['identity', 'journal', 'search', 'crm'],
  tables: resources.map(({ table }) => ({ name: table, kind: 'tenant', distribution: 'distributed' })),
  resources,
  get operations() {
    return [...operationsOf(resources), ...linkedinOperations()]
  },
  sql: new URL('./sql/', import.meta.url),
}
