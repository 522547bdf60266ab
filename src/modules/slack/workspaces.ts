import { emailInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'

/** What is mirrored is written by the bulk alone: nobody changes here what stands at Slack. */
const verbs = ['get', 'list', 'delete', 'upsert'] as const

export const workspaces = defineResource({
  table: 'slack_workspaces',
  id: 'slack.workspaces',
  thing: 'slack_workspace',
  things: 'slack_workspaces',
  path: '/v1/slack/workspaces',
  fields: ['name', 'domain', 'icon_url', 'is_active', 'synced_at', 'sync_error', 'external_id'],
  filters: ['external_id'],
  sorts: ['name'],
  privacy: 'team',
  verbs,
})

export const slackUsers = defineResource({
  table: 'slack_users',
  id: 'slack.users',
  thing: 'slack_user',
  things: 'slack_users',
  path: '/v1/slack/users',
  fields: [
    'workspace_id',
    'user_id',
    'email',
    'username',
    'display_name',
    'real_name',
    'job_title',
    'avatar_url',
    'time_zone',
    'is_bot',
    'is_deactivated',
    'synced_at',
    'external_id',
  ],
  filters: ['workspace_id', 'user_id', 'email'],
  sorts: ['display_name'],
  privacy: 'team',
  within: ['workspace_id'],
  people: ['user_id'],
  formats: { email: emailInput },
  verbs,
})

export const channels = defineResource({
  table: 'slack_channels',
  id: 'slack.channels',
  thing: 'slack_channel',
  things: 'slack_channels',
  path: '/v1/slack/channels',
  fields: [
    'workspace_id',
    'name',
    'kind',
    'topic',
    'purpose',
    'is_archived',
    'is_member',
    'member_count',
    'newest_ts',
    'oldest_ts',
    'is_backfilled',
    'synced_at',
    'sync_error',
    'external_id',
  ],
  filters: ['workspace_id'],
  sorts: ['name'],
  privacy: 'team',
  within: ['workspace_id'],
  verbs,
})
