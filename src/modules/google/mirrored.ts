import { z } from 'zod'

import { jsonInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { authorizeMirroring } from './access.service.ts'
import { googleErrors } from './google.errors.ts'

/** What is mirrored is written by the bulk alone: nobody changes here what stands at Google. */
const verbs = ['get', 'list', 'delete', 'upsert', 'search'] as const

const objectsInput = (most: number) => z.array(jsonInput(4_000)).max(most)

const words = (parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join('\n')

export const events = defineResource({
  table: 'google_calendar_events',
  id: 'google.events',
  thing: 'google_event',
  things: 'google_events',
  path: '/v1/google/events',
  fields: [
    'title',
    'google_user_id',
    'calendar_external_id',
    'ical_uid',
    'etag',
    'recurring_event_external_id',
    'original_starts_at',
    'description',
    'location',
    'starts_at',
    'ends_at',
    'starts_on',
    'ends_on',
    'is_all_day',
    'time_zone',
    'is_recurring',
    'recurrence',
    'organizer_email',
    'attendees',
    'status',
    'visibility',
    'meeting_link',
    'is_online_meeting',
    'provider_updated_at',
    'generation',
    'synced_at',
    'external_id',
  ],
  filters: ['google_user_id', 'recurring_event_external_id'],
  sorts: ['starts_at'],
  range: 'starts_at',
  privacy: 'private',
  within: ['google_user_id', 'calendar_external_id'],
  verbs,
  formats: { attendees: objectsInput(500) },
  check: authorizeMirroring,
  indexed: (row) =>
    row.status === 'cancelled'
      ? null
      : {
          title: row.title,
          content: words([row.title, row.description, row.location, row.organizer_email]),
          at: row.starts_at ?? row.created_at,
        },
  violations: {
    google_calendar_events_times_check: () => googleErrors.GOOGLE_TIMES(),
    google_calendar_events_days_check: () => googleErrors.GOOGLE_TIMES(),
  },
})

export const files = defineResource({
  table: 'drive_files',
  id: 'google.files',
  thing: 'drive_file',
  things: 'drive_files',
  path: '/v1/google/files',
  fields: [
    'name',
    'google_user_id',
    'mime_type',
    'file_extension',
    'size_bytes',
    'content_text',
    'drive_external_id',
    'parent_folder_external_id',
    'folder_path',
    'web_view_link',
    'download_link',
    'owner_email',
    'shared_with',
    'is_shared',
    'sharing_permissions',
    'is_trashed',
    'is_starred',
    'head_revision_external_id',
    'md5_checksum',
    'provider_version',
    'provider_created_at',
    'provider_modified_at',
    'viewed_at',
    'removed_reason',
    'generation',
    'synced_at',
    'external_id',
  ],
  filters: ['google_user_id', 'parent_folder_external_id', 'mime_type'],
  sorts: ['-provider_modified_at', 'name'],
  privacy: 'private',
  within: ['google_user_id'],
  verbs,
  check: authorizeMirroring,
  indexed: (row) =>
    row.is_trashed || row.removed_reason !== null
      ? null
      : {
          title: row.name,
          person: row.owner_email,
          content: words([row.name, row.folder_path, row.content_text]),
          importance: row.is_starred ? 7 : 5,
          at: row.provider_modified_at ?? row.created_at,
        },
})

export const googleTasks = defineResource({
  table: 'google_tasks',
  id: 'google.tasks',
  thing: 'google_task',
  things: 'google_tasks',
  path: '/v1/google/tasks',
  fields: [
    'title',
    'google_user_id',
    'task_list_external_id',
    'task_list_name',
    'notes',
    'status',
    'due_at',
    'completed_at',
    'parent_task_external_id',
    'sort_position',
    'etag',
    'provider_updated_at',
    'generation',
    'synced_at',
    'external_id',
  ],
  filters: ['google_user_id', 'task_list_external_id', 'status'],
  sorts: ['due_at'],
  privacy: 'private',
  within: ['google_user_id'],
  verbs,
  check: authorizeMirroring,
  indexed: (row) => ({
    title: row.title,
    content: words([row.title, row.notes, row.task_list_name]),
    at: row.due_at ?? row.created_at,
  }),
})

export const googleContacts = defineResource({
  table: 'google_contacts',
  id: 'google.contacts',
  thing: 'google_contact',
  things: 'google_contacts',
  path: '/v1/google/contacts',
  fields: [
    'full_name',
    'google_user_id',
    'given_name',
    'family_name',
    'nickname',
    'email_addresses',
    'phone_numbers',
    'organizations',
    'job_title',
    'company_name',
    'urls',
    'addresses',
    'notes',
    'photo_url',
    'groups',
    'etag',
    'provider_updated_at',
    'generation',
    'synced_at',
    'external_id',
  ],
  filters: ['google_user_id'],
  sorts: ['full_name'],
  privacy: 'private',
  within: ['google_user_id'],
  verbs,
  formats: {
    email_addresses: objectsInput(100),
    phone_numbers: objectsInput(100),
    organizations: objectsInput(100),
    urls: objectsInput(100),
    addresses: objectsInput(100),
  },
  check: authorizeMirroring,
  indexed: (row) => ({
    title: row.full_name,
    person: row.full_name,
    content: words([row.full_name, row.nickname, row.job_title, row.company_name, row.notes]),
  }),
})
