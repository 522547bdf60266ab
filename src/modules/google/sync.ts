import { defineResource } from '../kit/index.ts'
import { authorizeMirroring } from './access.service.ts'
import { googleErrors } from './google.errors.ts'

export const streams = defineResource({
  table: 'google_sync_streams',
  id: 'google.streams',
  thing: 'google_sync_stream',
  things: 'google_sync_streams',
  path: '/v1/google/streams',
  fields: [
    'google_user_id',
    'kind',
    'collection',
    'sync_token',
    'token_taken_at',
    'generation',
    'status',
    'synced_at',
    'error_message',
  ],
  filters: ['google_user_id'],
  privacy: 'private',
  check: authorizeMirroring,
  violations: { google_sync_streams_collection_key: () => googleErrors.GOOGLE_STREAM_TAKEN() },
})

export const jobs = defineResource({
  table: 'google_sync_jobs',
  id: 'google.jobs',
  thing: 'google_sync_job',
  things: 'google_sync_jobs',
  path: '/v1/google/jobs',
  fields: [
    'kind',
    'domain_id',
    'google_user_id',
    'status',
    'total_count',
    'processed_count',
    'new_count',
    'updated_count',
    'deleted_count',
    'error_count',
    'started_at',
    'completed_at',
    'duration_seconds',
    'error_message',
    'metadata',
  ],
  filters: ['domain_id', 'google_user_id', 'status'],
  sorts: ['-created_at', '-started_at'],
  privacy: 'team',
  check: authorizeMirroring,
  violations: { google_sync_jobs_times_check: () => googleErrors.GOOGLE_TIMES() },
})
