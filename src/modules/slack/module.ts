import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { slackMessages } from './messages.ts'
import { slackOperations } from './slack.operations.ts'
import { channels, slackUsers, workspaces } from './workspaces.ts'

const resources = [workspaces, slackUsers, channels, slackMessages]

/** What is mirrored from Slack. */
export const slackModule: Module = {
  name: 'slack',
  dependsOn: ['identity', 'journal', 'search'],
  tables: resources.map(({ table }) => ({ name: table, kind: 'tenant', distribution: 'distributed' })),
  resources,
  get operations() {
    return [...operationsOf(resources), ...slackOperations()]
  },
  sql: new URL('./sql/', import.meta.url),
}
