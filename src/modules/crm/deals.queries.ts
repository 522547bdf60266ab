import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { RowOf } from '../kit/index.ts'

export type Stage = Pick<RowOf<'pipeline_stages'>, 'id' | 'pipeline_id' | 'name' | 'outcome' | 'privacy'>

/** Stages of these ids that the actor sees. */
export async function listStages(tx: Tx, town: string, ids: string[]): Promise<Stage[]> {
  if (ids.length === 0) return []
  const result = await sql<Stage>`
    select id, pipeline_id, name, outcome, privacy from pipeline_stages
    where town_id = ${town} and id = any(${[...new Set(ids)]}::uuid[])`.execute(tx)
  return result.rows
}

/** Stores changes of stage. One parameter for any number: a bulk upsert moves thousands of deals at once. */
export async function insertStageChanges(
  tx: Tx,
  rows: (Omit<RowOf<'deal_activities'>, 'external_id' | 'version' | Times> & Record<Times, string>)[],
): Promise<void> {
  await sql`
    insert into deal_activities (town_id, id, deal_id, activity_type, description, user_id, happened_at, details,
      privacy, created_by, created_at, updated_at)
    select r.* from jsonb_to_recordset(${JSON.stringify(rows)}) as r (town_id uuid, id uuid, deal_id uuid,
      activity_type text, description text, user_id uuid, happened_at timestamptz, details jsonb, privacy text,
      created_by uuid, created_at timestamptz, updated_at timestamptz)`.execute(tx)
}

type Times = 'happened_at' | 'created_at' | 'updated_at'
