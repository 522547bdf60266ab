import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { idInput, textInput, timeInput, versionInput } from '../../kernel/input.ts'
import { createRow, getRow, outputOf, toOutput, type AnyRow } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { changeSeen } from './closing.service.ts'
import { commitmentProgress, commitments } from './commitments.ts'

const chosen = { id: idInput, version: versionInput }
const noteInput = textInput(5_000)

async function addNote(ctx: Ctx, commitmentId: string, note: string, at: string | undefined): Promise<void> {
  await createRow(ctx, commitmentProgress, {
    values: { commitment_id: commitmentId, note, noted_at: at ?? ctx.clock.now().toISOString() },
    privacy: undefined,
  })
}

/** Throws COMMITMENT_CLOSED. */
function requireOpen(row: AnyRow): void {
  if (row['is_open'] !== true) throw agendaErrors.COMMITMENT_CLOSED({ data: { status: row['status'] } })
}

const complete = () =>
  defineOperation({
    id: 'agenda.commitments.complete',
    kind: 'command',
    access: 'user',
    summary: 'Marks a promise as kept, now; refused when it was kept or called off already.',
    http: 'POST /v1/commitments/{id}/complete',
    input: z.strictObject(chosen),
    output: outputOf(commitments),
    run: async (ctx, input) => {
      const row = await changeSeen(ctx, commitments, input, (seen) => {
        requireOpen(seen)
        return { completed_at: ctx.clock.now().toISOString() }
      })
      return toOutput(commitments, row) as never
    },
  })

const cancel = () =>
  defineOperation({
    id: 'agenda.commitments.cancel',
    kind: 'command',
    access: 'user',
    summary: 'Calls a promise off; refused when it was kept or called off already.',
    http: 'POST /v1/commitments/{id}/cancel',
    input: z.strictObject({
      ...chosen,
      reason: noteInput.optional().describe('Why; kept as its last note of progress.'),
    }),
    output: outputOf(commitments),
    run: async (ctx, { reason, ...input }) => {
      await changeSeen(ctx, commitments, input, (seen) => {
        requireOpen(seen)
        return { cancelled_at: ctx.clock.now().toISOString() }
      })
      if (reason !== undefined) await addNote(ctx, input.id, reason, undefined)
      return toOutput(commitments, await getRow(ctx, commitments, input.id)) as never
    },
  })

const addProgress = () =>
  defineOperation({
    id: 'agenda.commitments.add_progress',
    kind: 'command',
    access: 'user',
    summary: 'Notes how a promise gets on, and answers the promise with all its notes.',
    http: 'POST /v1/commitments/{id}/progress',
    input: z.strictObject({
      id: idInput,
      note: noteInput.describe('What was done or learned.'),
      at: timeInput.optional().describe('When it was so; now when left out.'),
    }),
    output: outputOf(commitments),
    run: async (ctx, { id, note, at }) => {
      // The promise is asked for first: what is unknown is then the promise, not a field.
      await getRow(ctx, commitments, id)
      await addNote(ctx, id, note, at)
      return toOutput(commitments, await getRow(ctx, commitments, id)) as never
    },
  })

/** What is done with promises besides keeping them; made when the facts of the table are there. */
export const commitmentOperations = (): AnyOperation[] => [complete(), cancel(), addProgress()]
