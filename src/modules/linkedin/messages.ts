import type { Ctx } from '../../db/operation.ts'
import { defineResource } from '../kit/index.ts'
import { linkedinErrors } from './linkedin.errors.ts'

/** What is mirrored is written by the bulk alone: nobody changes here what stands at LinkedIn. */
const verbs = ['get', 'list', 'delete', 'upsert', 'search'] as const

export const posts = defineResource({
  table: 'linkedin_posts',
  id: 'linkedin.posts',
  thing: 'linkedin_post',
  things: 'linkedin_posts',
  path: '/v1/linkedin/posts',
  fields: [
    'content',
    'contact_id',
    'author_name',
    'author_url',
    'post_type',
    'engagement',
    'hashtags',
    'mentions',
    'posted_at',
    'synced_at',
    'external_id',
  ],
  filters: ['contact_id', 'external_id'],
  sorts: ['-posted_at'],
  range: 'posted_at',
  privacy: 'team',
  verbs,
  indexed: (row) =>
    row.content === null
      ? null
      : {
          title: null,
          person: row.author_name,
          content: [row.content, row.hashtags.join(' ')],
          at: row.posted_at ?? row.created_at,
        },
})

/** An inbox is kept by whose it is, so that it is private to them. Throws LINKEDIN_INBOX_FOREIGN. */
function authorizeInbox(ctx: Ctx, rows: { owner_id?: string }[]): Promise<void> {
  if (rows.some((row) => row.owner_id !== ctx.actor.userId)) throw linkedinErrors.LINKEDIN_INBOX_FOREIGN()
  return Promise.resolve()
}

export const linkedinMessages = defineResource({
  table: 'linkedin_messages',
  id: 'linkedin.messages',
  thing: 'linkedin_message',
  things: 'linkedin_messages',
  path: '/v1/linkedin/messages',
  fields: [
    'content',
    'owner_id',
    'contact_id',
    'conversation_external_id',
    'conversation_title',
    'sender_name',
    'sender_url',
    'recipients',
    'subject',
    'message_type',
    'folder',
    'sent_at',
    'is_read',
    'is_draft',
    'response_sent',
    'synced_at',
    'external_id',
  ],
  filters: ['contact_id', 'conversation_external_id'],
  sorts: ['-sent_at'],
  range: 'sent_at',
  privacy: 'private',
  within: ['owner_id'],
  people: ['owner_id'],
  verbs,
  check: authorizeInbox,
  indexed: (row) =>
    row.content === null
      ? null
      : {
          title: row.subject ?? row.conversation_title,
          person: row.sender_name,
          content: [row.content],
          at: row.sent_at ?? row.created_at,
        },
})
