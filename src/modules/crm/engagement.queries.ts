import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** Points of one person or company; times are null where nothing of the kind happened. */
export type ScoreRow = {
  id: string
  name: string
  total_score: number
  email_score: number
  website_score: number
  social_score: number
  meeting_score: number
  interaction_count: number
  people_count: number
  email_count: number
  visit_count: number
  social_count: number
  meeting_count: number
  last_interaction_at: Date
  last_email_at: Date | null
  last_visit_at: Date | null
  last_social_at: Date | null
  last_meeting_at: Date | null
  score_trend: 'rising' | 'stable' | 'falling'
  activity_trend: 'rising' | 'stable' | 'falling'
  calculated_at: Date
}

type ScoreRequest = { id: string | undefined; limit: number }

/** What people have scored at that moment, most first. */
export async function listPersonScores(tx: Tx, town: string, request: ScoreRequest): Promise<ScoreRow[]> {
  const one = request.id === undefined ? sql`` : sql`and s.contact_id = ${request.id}`
  const result = await sql<ScoreRow>`
    select s.*, s.contact_id as id, trim(c.first_name || ' ' || c.last_name) as name
    from person_engagement_scores s join contacts c on c.town_id = s.town_id and c.id = s.contact_id
    where s.town_id = ${town} ${one}
    order by s.total_score desc, s.contact_id limit ${request.limit}`.execute(tx)
  return result.rows
}

/** What companies have scored at that moment, most first. */
export async function listCompanyScores(tx: Tx, town: string, request: ScoreRequest): Promise<ScoreRow[]> {
  const one = request.id === undefined ? sql`` : sql`and s.company_id = ${request.id}`
  const result = await sql<ScoreRow>`
    select s.*, s.company_id as id, c.name
    from company_engagement_scores s join companies c on c.town_id = s.town_id and c.id = s.company_id
    where s.town_id = ${town} ${one}
    order by s.total_score desc, s.company_id limit ${request.limit}`.execute(tx)
  return result.rows
}
