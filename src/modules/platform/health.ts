import { sql } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import { defineResource, type RowChange, type RowOf } from '../kit/index.ts'
import { readSetting } from './config.service.ts'

const DAY_MS = 86_400_000

/** What probes of services found. */
export const probes = defineResource({
  table: 'service_health',
  id: 'platform.health',
  thing: 'probe',
  things: 'probes',
  path: '/v1/service-health',
  fields: ['service', 'node_name', 'status', 'latency_ms', 'error', 'checked_at', 'external_id'],
  filters: ['service', 'node_name', 'status'],
  sorts: ['-checked_at', '-created_at'],
  range: 'checked_at',
  privacy: 'team',
  onChange: forgetOld,
})

/** Probes that are older than the town keeps them go with the next of their service. */
async function forgetOld(ctx: Ctx, changes: RowChange<RowOf<'service_health'>>[]): Promise<void> {
  const services = [...new Set(changes.flatMap(({ after }) => after?.service ?? []))]
  if (services.length === 0) return
  const days = (await readSetting(ctx, 'health.keep_days')) as number
  const kept = new Date(ctx.clock.now().getTime() - days * DAY_MS)
  const written = changes.flatMap(({ after }) => after?.id ?? [])
  await sql`
    delete from service_health
    where town_id = ${ctx.town} and service = any(${services}::text[]) and checked_at < ${kept}
      and not id = any(${written}::uuid[])`.execute(ctx.tx)
}
