import type { Ctx } from '../../db/operation.ts'
import { hasCircle } from '../../kernel/circle.ts'
import { defineResource } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { lockParents } from './tasks.queries.ts'

export const tasks = defineResource({
  table: 'tasks',
  id: 'agenda.tasks',
  thing: 'task',
  things: 'tasks',
  path: '/v1/tasks',
  fields: [
    'title',
    'description',
    'progress',
    'priority',
    'due_at',
    'completed_at',
    'cancelled_at',
    'assigned_to',
    'estimated_minutes',
    'parent_task_id',
    'related_kind',
    'related_id',
    'linked_mail_id',
    'tags',
    'metadata',
    'external_id',
  ],
  computed: ['status'],
  filters: ['status', 'assigned_to', 'parent_task_id', 'related_id', 'external_id'],
  range: 'due_at',
  sorts: ['-created_at', 'due_at', '-priority'],
  privacy: 'team',
  people: ['assigned_to'],
  indexed: (row) => ({
    title: row.title,
    content: [row.title, row.tags.join(' '), row.description],
    importance: row.priority,
  }),
  check: refuseCycles,
  violations: {
    tasks_parent_check: agendaErrors.TASK_CYCLE,
    tasks_related_check: agendaErrors.AGENDA_RELATED_KIND,
  },
})

async function refuseCycles(
  ctx: Ctx,
  rows: { id?: string; parent_task_id?: string | null }[],
): Promise<void> {
  const parents = new Map(rows.map((row) => [row.id!, row.parent_task_id ?? null]))
  const unknown = (ids: Iterable<string | null>) =>
    [...new Set(ids)].filter((id) => id !== null && !parents.has(id)) as string[]
  let above = unknown(parents.values())
  while (above.length > 0) {
    const found = await lockParents(ctx.tx, ctx.town, above)
    for (const { id, parent_task_id: parent } of found) parents.set(id, parent)
    above = unknown(found.map((row) => row.parent_task_id))
  }
  if (hasCircle(parents)) throw agendaErrors.TASK_CYCLE()
}
