import type { Ctx } from '../../db/operation.ts'
import { emailInput } from '../../kernel/input.ts'
import { identityErrors } from '../identity/index.ts'
import { defineResource, type RowChange, type RowOf } from '../kit/index.ts'
import { googleErrors } from './google.errors.ts'

export const domains = defineResource({
  table: 'google_workspace_domains',
  id: 'google.domains',
  thing: 'google_domain',
  things: 'google_domains',
  path: '/v1/google/domains',
  fields: [
    'domain',
    'display_name',
    'service_account_email',
    'service_account_key_path',
    'client_id',
    'is_active',
    'synced_at',
    'sync_status',
    'sync_error',
  ],
  filters: ['domain'],
  sorts: ['-created_at', 'display_name'],
  privacy: 'team',
  writers: 'admin',
  violations: { google_workspace_domains_domain_key: () => googleErrors.GOOGLE_DOMAIN_TAKEN() },
})

/** Members write their own account, or one that is nobody's; of others only admins say whose they are. */
async function authorizeAccounts(
  ctx: Ctx,
  changes: RowChange<RowOf<'google_workspace_users'>>[],
): Promise<void> {
  if (ctx.actor.clearance === 'boss') return
  const isOthers = (row: RowOf<'google_workspace_users'> | null) =>
    row !== null && row.user_id !== null && row.user_id !== ctx.actor.userId
  if (changes.some(({ before, after }) => isOthers(before) || isOthers(after))) {
    throw identityErrors.FORBIDDEN({
      message: 'Only admins say whose a Google account is, but for your own.',
    })
  }
}

export const accounts = defineResource({
  table: 'google_workspace_users',
  id: 'google.accounts',
  thing: 'google_account',
  things: 'google_accounts',
  path: '/v1/google/accounts',
  fields: [
    'email',
    'domain_id',
    'user_id',
    'full_name',
    'first_name',
    'last_name',
    'is_admin',
    'is_suspended',
    'last_login_at',
    'external_id',
  ],
  filters: ['domain_id', 'user_id', 'email', 'external_id'],
  privacy: 'team',
  people: ['user_id'],
  formats: { email: emailInput },
  onChange: authorizeAccounts,
  violations: {
    google_workspace_users_email_key: () => googleErrors.GOOGLE_ACCOUNT_TAKEN(),
    google_workspace_users_external_id_key: () => googleErrors.GOOGLE_ACCOUNT_TAKEN(),
  },
})

export const rules = defineResource({
  table: 'google_data_access_rules',
  id: 'google.rules',
  thing: 'google_access_rule',
  things: 'google_access_rules',
  path: '/v1/google/rules',
  fields: [
    'domain_id',
    'viewer_id',
    'viewer_email',
    'target_email',
    'can_view_gmail',
    'can_view_calendar',
    'can_view_drive',
    'can_view_tasks',
    'can_view_contacts',
    'is_admin_access',
    'granted_by',
    'reason',
    'expires_at',
  ],
  filters: ['domain_id', 'viewer_id'],
  privacy: 'team',
  writers: 'admin',
  people: ['viewer_id'],
  formats: { target_email: emailInput },
})
