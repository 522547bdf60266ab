import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, versionInput } from '../../kernel/input.ts'
import { outputOf, toOutput } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { changeSeen } from './closing.service.ts'
import { tasks } from './tasks.ts'

const chosen = z.strictObject({ id: idInput, version: versionInput })

const complete = () =>
  defineOperation({
    id: 'agenda.tasks.complete',
    kind: 'command',
    access: 'user',
    summary: 'Marks a task as done, now; refused when it is done or cancelled already.',
    http: 'POST /v1/tasks/{id}/complete',
    input: chosen,
    output: outputOf(tasks),
    run: async (ctx, input) => {
      const row = await changeSeen(ctx, tasks, input, ({ completed_at: done, cancelled_at: cancelled }) => {
        if (done !== null || cancelled !== null) throw agendaErrors.TASK_CLOSED()
        return { completed_at: ctx.clock.now().toISOString() }
      })
      return toOutput(tasks, row) as never
    },
  })

const reopen = () =>
  defineOperation({
    id: 'agenda.tasks.reopen',
    kind: 'command',
    access: 'user',
    summary: 'Opens a task again that was done or cancelled; its progress is what it was.',
    http: 'POST /v1/tasks/{id}/reopen',
    input: chosen,
    output: outputOf(tasks),
    run: async (ctx, input) => {
      const row = await changeSeen(ctx, tasks, input, ({ completed_at: done, cancelled_at: cancelled }) => {
        if (done === null && cancelled === null) throw agendaErrors.TASK_OPEN()
        return { completed_at: null, cancelled_at: null }
      })
      return toOutput(tasks, row) as never
    },
  })

/** What is done with tasks besides keeping them; made when the facts of the table are there. */
export const taskOperations = (): AnyOperation[] => [complete(), reopen()]
