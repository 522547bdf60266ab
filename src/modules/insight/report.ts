import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { dayInput } from '../../kernel/input.ts'
import { toFieldName } from '../kit/index.ts'
import { readReport } from './reports.queries.ts'

const MOST_ROWS = 1_000

/** A view that a query operation reads, as one value. */
export type Report = {
  /** `insight.win_rates`; the address follows from it. */
  id: `insight.${string}`
  view: string
  summary: string
  /** What callers see, by column; what they can narrow it by, of these. */
  columns: Record<string, z.ZodType>
  filters?: readonly string[]
  /** The day column that `from` and `to` narrow it by. */
  range?: string
  /** Columns that it is sorted by; - is downwards. */
  order: readonly string[]
}

/** The operation that reads a report, at most 1000 rows of it; it says whether these are all. */
export function defineReport({
  id,
  view,
  summary,
  columns,
  filters = [],
  range,
  order,
}: Report): AnyOperation {
  const narrowing = filters.map((column) => [toFieldName(column), columns[column]!.optional()])
  const days = range === undefined ? {} : rangeInput(range)
  const item = z.object(
    Object.fromEntries(Object.entries(columns).map(([column, output]) => [toFieldName(column), output])),
  )
  return defineOperation({
    id,
    kind: 'query',
    access: 'readonly',
    summary,
    http: `GET /v1/insight/${id.slice('insight.'.length).replaceAll('_', '-')}`,
    input: z.strictObject({
      ...Object.fromEntries(narrowing),
      ...days,
      limit: z.int().min(1).max(MOST_ROWS).default(200).describe('How many items at most, 1-1000.'),
    }),
    output: z.object({
      items: z.array(item),
      isComplete: z.boolean().describe('Whether these are all.'),
      nextCursor: z.null(),
    }),
    run: async (ctx, given) => {
      const input = given as Record<string, unknown> & { limit: number }
      const set = filters.filter((column) => input[toFieldName(column)] !== undefined)
      const rows = await readReport(ctx.tx, view, {
        town: ctx.town,
        conditions: [
          ...set.map((column) => sql<boolean>`${sql.ref(column)} = ${input[toFieldName(column)]}`),
          ...(input['from'] === undefined
            ? []
            : [sql<boolean>`${sql.ref(range!)} >= ${input['from']}::date`]),
          ...(input['to'] === undefined ? [] : [sql<boolean>`${sql.ref(range!)} <= ${input['to']}::date`]),
        ],
        columns: Object.keys(columns),
        order,
        limit: input.limit + 1,
      })
      const items = rows
        .slice(0, input.limit)
        .map((row) =>
          Object.fromEntries(Object.keys(columns).map((column) => [toFieldName(column), row[column]])),
        )
      return { items, isComplete: rows.length <= input.limit, nextCursor: null } as never
    },
  })
}

/** A month stands in a range by its first day: half of one would be neither the month nor the days asked for. */
function rangeInput(range: string) {
  const what = range === 'month' ? 'Months whose first day is' : 'Days'
  return {
    from: dayInput.optional().describe(`${what} on or after this day.`),
    to: dayInput.optional().describe(`${what} on or before this day.`),
  }
}
