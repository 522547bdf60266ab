import { defineResource } from '../kit/index.ts'
import { platformErrors } from './platform.errors.ts'

/** Which thing here is which thing in another system. */
export const syncRegistry = defineResource({
  table: 'sync_registry',
  id: 'platform.sync',
  thing: 'sync_entry',
  things: 'sync_entries',
  path: '/v1/sync-registry',
  fields: [
    'kind',
    'local_id',
    'remote_system',
    'remote_id',
    'local_version',
    'remote_version',
    'status',
    'error',
    'synced_at',
  ],
  filters: ['remote_system', 'kind', 'local_id', 'remote_id', 'status'],
  sorts: ['-synced_at', '-created_at'],
  range: 'synced_at',
  privacy: 'team',
  violations: {
    sync_registry_local_id_key: () => platformErrors.SYNC_TAKEN(),
    sync_registry_remote_id_key: () => platformErrors.SYNC_TAKEN(),
  },
})
