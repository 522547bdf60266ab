import { z } from 'zod'

import { jsonInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'

export const slackMessages = defineResource({
  table: 'slack_messages',
  id: 'slack.messages',
  thing: 'slack_message',
  things: 'slack_messages',
  path: '/v1/slack/messages',
  fields: [
    'content',
    'channel_id',
    'slack_user_id',
    'author_external_id',
    'author_name',
    'thread_ts',
    'subtype',
    'reply_count',
    'latest_reply_ts',
    'reactions',
    'files',
    'metadata',
    'posted_at',
    'edited_at',
    'deleted_at',
    'is_from_bot',
    'is_pinned',
    'is_important',
    'requires_action',
    'sentiment',
    'synced_at',
    'external_id',
  ],
  filters: ['channel_id', 'thread_ts', 'slack_user_id', 'requires_action', 'external_id'],
  sorts: ['-posted_at'],
  range: 'posted_at',
  privacy: 'private',
  within: ['channel_id'],
  formats: { files: z.array(jsonInput(4_000)).max(100) },
  verbs: ['get', 'list', 'delete', 'upsert', 'search'],
  indexed: (row) =>
    row.deleted_at !== null || row.content === ''
      ? null
      : {
          title: null,
          person: row.author_name,
          content: [row.content],
          importance: row.is_important ? 7 : 5,
          at: row.posted_at,
        },
})
