import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { authorizeMirroring } from './access.service.ts'

/** What is mirrored is written by the bulk alone: nobody changes here what stands at Google. */
const verbs = ['get', 'list', 'delete', 'upsert'] as const

const HIDDEN_LABELS = ['TRASH', 'SPAM']

const attachmentOutput = z.object({
  id: z.uuid(),
  filename: z.string().nullable(),
  mimeType: z.string().nullable(),
  sizeBytes: z.number().nullable(),
})

export const mails = defineResource({
  table: 'gmail_messages',
  id: 'google.mails',
  thing: 'mail',
  things: 'mails',
  path: '/v1/google/mails',
  fields: [
    'subject',
    'google_user_id',
    'thread_external_id',
    'history_id',
    'rfc_message_id',
    'from_email',
    'from_name',
    'to_emails',
    'cc_emails',
    'bcc_emails',
    'body_text',
    'body_html',
    'snippet',
    'labels',
    'is_unread',
    'is_starred',
    'is_important',
    'is_from_user',
    'has_attachments',
    'attachment_count',
    'sent_at',
    'received_at',
    'generation',
    'synced_at',
    'external_id',
  ],
  derived: {
    attachments: {
      sql: sql`(select coalesce(jsonb_agg(jsonb_build_object(
          'id', a.id, 'filename', a.filename, 'mimeType', a.mime_type, 'sizeBytes', a.size_bytes
        ) order by a.filename, a.id), '[]')
        from gmail_attachments a where a.town_id = r.town_id and a.message_id = r.id)`,
      output: z.array(attachmentOutput).describe('Files on it that are mirrored.'),
    },
  },
  filters: ['google_user_id', 'thread_external_id', 'from_email', 'external_id'],
  sorts: ['-received_at'],
  range: 'received_at',
  privacy: 'private',
  within: ['google_user_id'],
  verbs: [...verbs, 'search'],
  check: authorizeMirroring,
  indexed: (row) =>
    row.labels.some((label) => HIDDEN_LABELS.includes(label))
      ? null
      : {
          title: row.subject,
          person: row.from_name ?? row.from_email,
          content: [row.from_email, row.to_emails.join(' '), row.body_text ?? row.snippet],
          importance: row.is_important || row.is_starred ? 7 : 5,
          at: row.received_at ?? row.sent_at ?? row.created_at,
        },
})

export const attachments = defineResource({
  table: 'gmail_attachments',
  id: 'google.attachments',
  thing: 'mail_attachment',
  things: 'mail_attachments',
  path: '/v1/google/attachments',
  fields: ['message_id', 'filename', 'mime_type', 'size_bytes', 'drive_file_external_id', 'external_id'],
  filters: ['message_id'],
  privacy: 'private',
  parent: 'message_id',
  within: ['message_id'],
  verbs,
})

export const threads = defineResource({
  table: 'email_threads',
  id: 'google.threads',
  thing: 'mail_thread',
  things: 'mail_threads',
  path: '/v1/google/threads',
  fields: [
    'subject',
    'google_user_id',
    'contact_id',
    'message_count',
    'last_message_at',
    'is_unread',
    'is_important',
    'requires_response',
    'sentiment',
    'tags',
    'generation',
    'synced_at',
    'external_id',
  ],
  filters: ['google_user_id', 'contact_id', 'requires_response'],
  sorts: ['-last_message_at'],
  privacy: 'private',
  within: ['google_user_id'],
  verbs,
  check: authorizeMirroring,
})
