import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { accounts, domains, rules } from './accounts.ts'
import { googleOperations } from './google.operations.ts'
import { attachments, mails, threads } from './mail.ts'
import { events, files, googleContacts, googleTasks } from './mirrored.ts'
import { jobs, streams } from './sync.ts'

const resources = [
  domains,
  accounts,
  rules,
  streams,
  jobs,
  mails,
  attachments,
  threads,
  events,
  files,
  googleTasks,
  googleContacts,
]

/** What is mirrored from Google, and who may see whose. */
export const googleModule: Module = {
  name: 'google',
  dependsOn: ['identity', 'journal', 'search', 'crm'],
  tables: resources.map(({ table }) => ({ name: table, kind: 'tenant', distribution: 'distributed' })),
  resources,
  get operations() {
    return [...operationsOf(resources), ...googleOperations()]
  },
  sql: new URL('./sql/', import.meta.url),
}
