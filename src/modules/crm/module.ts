import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { companies } from './companies.ts'
import { contacts } from './contacts.ts'

const resources = [companies, contacts]

/** Whom the town does business with. */
export const crmModule: Module = {
  name: 'crm',
  dependsOn: ['identity', 'journal', 'search'],
  tables: [
    { name: 'companies', kind: 'tenant', distribution: 'distributed' },
    { name: 'contacts', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return operationsOf(resources)
  },
  sql: new URL('./sql/', import.meta.url),
}
