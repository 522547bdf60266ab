import { emailInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { linkedinErrors } from './linkedin.errors.ts'

/** What is mirrored is written by the bulk alone: nobody changes here what stands at LinkedIn. */
const verbs = ['get', 'list', 'delete', 'upsert'] as const

export const profiles = defineResource({
  table: 'linkedin_profiles',
  id: 'linkedin.profiles',
  thing: 'linkedin_profile',
  things: 'linkedin_profiles',
  path: '/v1/linkedin/profiles',
  fields: [
    'name',
    'contact_id',
    'profile_url',
    'headline',
    'location',
    'company_name',
    'job_title',
    'email',
    'connected_on',
    'connection_count',
    'follower_count',
    'last_activity_at',
    'picture_url',
    'gone_at',
    'synced_at',
    'external_id',
  ],
  filters: ['contact_id', 'external_id'],
  sorts: ['name', '-connected_on'],
  privacy: 'team',
  formats: { email: emailInput },
  verbs: [...verbs, 'search'],
  indexed: (row) => ({
    title: row.name,
    person: row.name,
    content: [row.name, row.headline, row.job_title, row.company_name, row.location],
  }),
})

export const activity = defineResource({
  table: 'linkedin_activity',
  id: 'linkedin.activity',
  thing: 'linkedin_activity',
  things: 'linkedin_activities',
  path: '/v1/linkedin/activity',
  fields: ['contact_id', 'activity_type', 'activity_data', 'activity_at', 'source_url', 'external_id'],
  filters: ['contact_id', 'activity_type'],
  sorts: ['-activity_at'],
  range: 'activity_at',
  privacy: 'team',
  verbs,
})

export const syncStatus = defineResource({
  table: 'linkedin_sync_status',
  id: 'linkedin.sync_status',
  thing: 'linkedin_sync_status',
  things: 'linkedin_sync_statuses',
  path: '/v1/linkedin/sync-status',
  fields: [
    'contact_id',
    'profile_synced_at',
    'posts_synced_at',
    'messages_synced_at',
    'sync_status',
    'error_message',
  ],
  filters: ['contact_id', 'sync_status'],
  privacy: 'team',
  violations: { linkedin_sync_status_contact_id_key: () => linkedinErrors.LINKEDIN_STATUS_TAKEN() },
})
