import type { Module } from '../../db/module.ts'
import { identityOperations } from './identity.operations.ts'

/** People, rights and sign-in. */
export const identityModule: Module = {
  name: 'identity',
  dependsOn: ['town', 'journal'],
  tables: [
    { name: 'users', kind: 'global', distribution: 'reference' },
    { name: 'organization_members', kind: 'sealed', distribution: 'reference' },
    { name: 'town_members', kind: 'sealed', distribution: 'reference' },
    { name: 'former_members', kind: 'sealed', distribution: 'reference' },
    { name: 'api_keys', kind: 'sealed', distribution: 'reference' },
    { name: 'sessions', kind: 'sealed', distribution: 'reference' },
    { name: 'accounts', kind: 'sealed', distribution: 'reference' },
    { name: 'verifications', kind: 'sealed', distribution: 'reference' },
    { name: 'invitations', kind: 'sealed', distribution: 'reference' },
  ],
  operations: identityOperations,
  sql: new URL('./sql/', import.meta.url),
}
