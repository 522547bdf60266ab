import type { Module, TableDeclaration } from '../../db/module.ts'
import type { AnyOperation } from '../../db/operation.ts'
import { operationsOf } from '../kit/index.ts'
import { attentionItems, touches } from './attention.ts'
import { attentionOperations } from './attention.operations.ts'
import { calendarEvents, calendarReminders, focusBlocks } from './calendar.ts'
import { calendarOperations } from './calendar.operations.ts'
import { commitmentProgress, commitmentReminders, commitments } from './commitments.ts'
import { commitmentOperations } from './commitments.operations.ts'
import { tasks } from './tasks.ts'
import { taskOperations } from './tasks.operations.ts'

const resources = [
  tasks,
  commitments,
  commitmentProgress,
  commitmentReminders,
  calendarEvents,
  calendarReminders,
  focusBlocks,
  attentionItems,
  touches,
]

let operations: AnyOperation[] | null = null

/** Those with a word for their last part of the path come before those with an id there. */
function allOperations(): AnyOperation[] {
  return [
    ...taskOperations(),
    ...commitmentOperations(),
    ...calendarOperations,
    ...attentionOperations(),
    ...operationsOf(resources),
  ]
}

/** What is to be done and when. */
export const agendaModule: Module = {
  name: 'agenda',
  dependsOn: ['identity', 'journal', 'search', 'persona', 'conversation', 'crm'],
  tables: resources.map(({ table }): TableDeclaration => ({
    name: table,
    kind: 'tenant',
    distribution: 'distributed',
  })),
  resources,
  get operations() {
    return (operations ??= allOperations())
  },
  sql: new URL('./sql/', import.meta.url),
}
