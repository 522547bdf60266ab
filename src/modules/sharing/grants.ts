import { defineResource } from '../kit/index.ts'

/** What this town gave to others; made and changed by grant and revoke alone. */
export const grants = defineResource({
  table: 'share_grants',
  id: 'sharing.grants',
  thing: 'share_grant',
  things: 'share_grants',
  path: '/v1/share-grants',
  fields: [],
  computed: [
    'object_kind',
    'object_id',
    'target_town_id',
    'target_town',
    'fields',
    'source_version',
    'note',
    'expires_at',
    'revoked_at',
    'revoked_by',
  ],
  filters: ['object_kind', 'object_id', 'target_town_id'],
  sorts: ['-created_at'],
  privacy: 'team',
  verbs: ['get', 'list'],
})
