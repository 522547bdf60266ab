import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { crmErrors } from './crm.errors.ts'

export const pipelines = defineResource({
  table: 'pipelines',
  id: 'crm.pipelines',
  thing: 'pipeline',
  things: 'pipelines',
  path: '/v1/pipelines',
  fields: ['name', 'description', 'display_order', 'external_id'],
  filters: ['external_id'],
  sorts: ['display_order'],
  privacy: 'public',
  derived: {
    stageCount: {
      sql: sql`(select count(*) from pipeline_stages s where s.town_id = r.town_id and s.pipeline_id = r.id)`,
      output: z.int().describe('How many stages it has.'),
    },
  },
  violations: {
    deals_pipeline_id_fkey: crmErrors.STAGE_HAS_DEALS,
    deals_stage_id_fkey: crmErrors.STAGE_HAS_DEALS,
    deals_stage_fkey: crmErrors.STAGE_HAS_DEALS,
  },
})

export const pipelineStages = defineResource({
  table: 'pipeline_stages',
  id: 'crm.pipeline_stages',
  thing: 'pipeline_stage',
  things: 'pipeline_stages',
  path: '/v1/pipeline-stages',
  fields: ['pipeline_id', 'name', 'display_order', 'probability', 'outcome', 'external_id'],
  filters: ['pipeline_id', 'external_id'],
  sorts: ['display_order'],
  privacy: 'public',
  parent: 'pipeline_id',
  violations: {
    deals_stage_id_fkey: crmErrors.STAGE_HAS_DEALS,
    deals_stage_fkey: crmErrors.STAGE_HAS_DEALS,
  },
})
