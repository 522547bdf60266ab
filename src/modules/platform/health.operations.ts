import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { timeOutput } from '../../kernel/input.ts'

type StatusRow = {
  service: string
  node_name: string
  status: 'up' | 'degraded' | 'down' | 'unknown'
  response_time_ms: number | null
  last_error: string | null
  last_check: Date
}

const MOST_SHOWN = 1_000

const current = defineOperation({
  id: 'platform.health.now',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows how each service is: the newest probe from each node.',
  http: 'GET /v1/service-health/now',
  input: z.strictObject({}),
  output: z.object({
    items: z.array(
      z.object({
        service: z.string(),
        nodeName: z.string(),
        status: z.enum(['up', 'degraded', 'down', 'unknown']),
        latencyMs: z.int().nullable(),
        error: z.string().nullable(),
        checkedAt: timeOutput,
      }),
    ),
    nextCursor: z.null(),
  }),
  run: async ({ tx, town }) => {
    const { rows } = await sql<StatusRow>`
      select service, node_name, status, response_time_ms, last_error, last_check
      from api_connectivity_status where town_id = ${town}
      order by service, node_name limit ${MOST_SHOWN}`.execute(tx)
    const items = rows.map((row) => ({
      service: row.service,
      nodeName: row.node_name,
      status: row.status,
      latencyMs: row.response_time_ms,
      error: row.last_error,
      checkedAt: row.last_check,
    }))
    return { items, nextCursor: null }
  },
})

export const healthOperations: readonly AnyOperation[] = [current]
