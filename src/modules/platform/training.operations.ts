import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, optionalTextInput } from '../../kernel/input.ts'
import { advanceRun, RUN_STATUSES, type RunStatus } from '../../kernel/reported-run.ts'
import { changeRow, getRow, outputOf, toOutput } from '../kit/index.ts'
import { platformErrors } from './platform.errors.ts'
import { trainingJobs } from './training.ts'

const reportInput = z.strictObject({
  id: idInput,
  status: z.enum(RUN_STATUSES).optional().describe('running when left out.'),
  progress: z.number().min(0).max(1).optional().describe('Part that is done, 0-1; it never falls.'),
  currentEpoch: z.int().min(0).max(100_000).optional(),
  loss: z.number().min(-1e15).max(1e15).optional(),
  etaMinutes: z.int().min(0).max(10_000_000).optional().describe('Minutes it will still take.'),
  error: optionalTextInput(2_000).optional().describe('Why it failed.'),
})

/** Operations on training jobs beyond keeping them; made when asked for, as the kit's are. */
export function makeTrainingOperations(): AnyOperation[] {
  const report = defineOperation({
    id: 'platform.training.report',
    kind: 'command',
    access: 'user',
    summary: 'Says how far a training job is, that it ended, or that it is to be cancelled.',
    http: 'POST /v1/training-jobs/{id}/report',
    input: reportInput,
    output: outputOf(trainingJobs),
    run: async (ctx, { id, ...given }) => {
      const row = await getRow(ctx, trainingJobs, id)
      const before = {
        status: row['status'] as RunStatus,
        progress: row['progress'] as number,
        startedAt: row['started_at'] as Date | null,
        completedAt: row['completed_at'] as Date | null,
      }
      const state = advanceRun(before, given, ctx.clock.now())
      if (state === 'ended') throw platformErrors.TRAINING_ENDED({ data: { status: before.status } })
      if (state === 'backwards')
        throw platformErrors.TRAINING_BACKWARDS({ data: { progress: before.progress } })
      const epochs = row['epochs'] as number
      if ((given.currentEpoch ?? 0) > epochs) throw platformErrors.TRAINING_EPOCH({ data: { epochs } })
      const after = await changeRow(ctx, trainingJobs, {
        id,
        version: row.version,
        values: {
          status: state.status,
          progress: state.progress,
          started_at: state.startedAt?.toISOString() ?? null,
          completed_at: state.completedAt?.toISOString() ?? null,
          current_epoch: given.currentEpoch ?? row['current_epoch'],
          loss: given.loss ?? row['loss'],
          eta_minutes: state.completedAt ? null : (given.etaMinutes ?? row['eta_minutes']),
          error: given.error ?? row['error'],
        },
        privacy: undefined,
      })
      return toOutput(trainingJobs, after) as never
    },
  })
  return [report]
}
