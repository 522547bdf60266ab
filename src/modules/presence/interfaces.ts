import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'

/** An interface that is silent for longer is not there any more, whatever it said last. */
const SILENT_AFTER = sql.lit('2 minutes')

export const interfaces = defineResource({
  table: 'ai_personality_instances',
  id: 'presence.interfaces',
  thing: 'interface',
  things: 'interfaces',
  path: '/v1/interfaces',
  fields: [
    'personality_id',
    'user_id',
    'interface',
    'interface_id',
    'status',
    'started_at',
    'last_active_at',
    'external_id',
  ],
  filters: ['personality_id', 'user_id', 'interface', 'status', 'external_id'],
  sorts: ['-created_at', '-last_active_at'],
  privacy: 'team',
  people: ['user_id'],
  derived: {
    isLive: {
      sql: sql`(r.status <> 'disconnected'
        and coalesce(r.last_active_at, r.updated_at) > (select town.acting_time()) - interval ${SILENT_AFTER})`,
      output: z.boolean().describe('Whether it is connected and was heard of within two minutes.'),
    },
  },
})
