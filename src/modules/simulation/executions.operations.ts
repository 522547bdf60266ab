import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { currencyInput, idInput, jsonInput, optionalTextInput } from '../../kernel/input.ts'
import { advanceRun, RUN_STATUSES, type RunStatus } from '../../kernel/reported-run.ts'
import { changeRow, getRow, outputOf, toOutput, type RowOf } from '../kit/index.ts'
import { executions } from './executions.ts'
import { simulationErrors } from './simulation.errors.ts'

const MOST_JSON_BYTES = 262_144
const objectInput = jsonInput(MOST_JSON_BYTES)
const partInput = z.number().min(0).max(1)
const amountInput = z.number().min(0).max(1e12)

/** What a report may tell, by column; each is kept until another report tells it again. */
const reported = {
  results: objectInput.describe('What came out.'),
  metrics: objectInput.describe('Numbers about what came out, by name.'),
  analysis: objectInput.describe('What a model says of the results.'),
  recommendations: z
    .array(z.record(z.string(), z.unknown()))
    .max(100)
    .refine((list) => objectInput.safeParse({ list }).success, 'must be at most 256 KiB of storable JSON')
    .describe('What should be done.'),
  confidence: partInput.describe('How sure the results are, 0-1.'),
  accuracy: partInput.describe('How right it was, looking back, 0-1.'),
  data_point_count: z.int().min(0).describe('How many facts went into it.'),
  gpu_minutes: amountInput,
  cpu_minutes: amountInput,
  memory_mb: z.int().min(0).max(2_000_000_000).describe('Most memory that it used, MiB.'),
  cost_micros: z.int().min(0).describe('What it cost, in millionths of the currency.'),
  currency: currencyInput,
  logs: optionalTextInput(200_000).describe('All that the engine wrote.'),
  error: optionalTextInput(2_000).describe('Why it failed.'),
} satisfies Partial<Record<keyof RowOf<'simulation_executions'>, z.ZodType>>

const reportInput = z.strictObject({
  id: idInput,
  status: z.enum(RUN_STATUSES).optional().describe('running when left out.'),
  progress: partInput.optional().describe('Part that is done, 0-1; it never falls.'),
  results: reported.results.optional(),
  metrics: reported.metrics.optional(),
  analysis: reported.analysis.optional(),
  recommendations: reported.recommendations.optional(),
  confidence: reported.confidence.optional(),
  accuracy: reported.accuracy.optional(),
  dataPointCount: reported.data_point_count.optional(),
  gpuMinutes: reported.gpu_minutes.optional(),
  cpuMinutes: reported.cpu_minutes.optional(),
  memoryMb: reported.memory_mb.optional(),
  costMicros: reported.cost_micros.optional(),
  currency: reported.currency.optional(),
  logs: reported.logs.optional(),
  error: reported.error.optional(),
})

/** Operations on executions beyond keeping them; made when asked for, as the kit's are. */
export function makeExecutionOperations(): AnyOperation[] {
  const report = defineOperation({
    id: 'simulation.executions.report',
    kind: 'command',
    access: 'user',
    summary: 'Says how far an execution is, what came out, that it ended, or that it is cancelled.',
    http: 'POST /v1/simulation-executions/{id}/report',
    maxBodyBytes: 2 * 1024 * 1024,
    input: reportInput,
    output: outputOf(executions),
    run: async (ctx, { id, ...given }) => {
      const row = await getRow(ctx, executions, id)
      const before = {
        status: row['status'] as RunStatus,
        progress: row['progress'] as number,
        startedAt: row['started_at'] as Date | null,
        completedAt: row['completed_at'] as Date | null,
      }
      const state = advanceRun(before, given, ctx.clock.now())
      if (state === 'ended') throw simulationErrors.EXECUTION_ENDED({ data: { status: before.status } })
      if (state === 'backwards') {
        throw simulationErrors.EXECUTION_BACKWARDS({ data: { progress: before.progress } })
      }
      if (given.costMicros !== undefined && (given.currency ?? row['currency']) === null) {
        throw simulationErrors.COST_WITHOUT_CURRENCY()
      }
      const after = await changeRow(ctx, executions, {
        id,
        version: row.version,
        values: {
          status: state.status,
          progress: state.progress,
          started_at: state.startedAt?.toISOString() ?? null,
          completed_at: state.completedAt?.toISOString() ?? null,
          ...toldValues(given),
        },
        privacy: undefined,
      })
      return toOutput(executions, after) as never
    },
  })
  return [report]
}

/** The columns that a report tells. */
function toldValues(given: Record<string, unknown>): Record<string, unknown> {
  const told = Object.keys(reported).map((column) => [
    column,
    given[column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())],
  ])
  return Object.fromEntries(told.filter(([, value]) => value !== undefined))
}
