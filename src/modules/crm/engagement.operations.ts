import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, timeOutput } from '../../kernel/input.ts'
import { listCompanyScores, listPersonScores, type ScoreRow } from './engagement.queries.ts'

const points = z.number().describe('Points by the rules of engagement, each with its cap and decay.')
const trend = z.enum(['rising', 'stable', 'falling'])
const time = timeOutput.nullable()

const scoreOutput = z.object({
  id: z.uuid().describe('The contact or company.'),
  name: z.string(),
  totalScore: points,
  emailScore: points,
  websiteScore: points,
  socialScore: points,
  meetingScore: points,
  interactionCount: z.int(),
  peopleCount: z.int(),
  emailCount: z.int(),
  visitCount: z.int(),
  socialCount: z.int(),
  meetingCount: z.int(),
  lastInteractionAt: timeOutput,
  lastEmailAt: time,
  lastVisitAt: time,
  lastSocialAt: time,
  lastMeetingAt: time,
  scoreTrend: trend.describe('Of the points, against those of seven days before, by more than a twentieth.'),
  activityTrend: trend.describe('Of how much was done in seven days, against the seven before.'),
  calculatedAt: timeOutput,
})

const scoresOutput = z.object({ items: z.array(scoreOutput), nextCursor: z.null() })
const limitInput = z.int().min(1).max(500).default(50).describe('How many items at most, 1-500.')

function toScore(row: ScoreRow): z.input<typeof scoreOutput> {
  return {
    id: row.id,
    name: row.name,
    totalScore: row.total_score,
    emailScore: row.email_score,
    websiteScore: row.website_score,
    socialScore: row.social_score,
    meetingScore: row.meeting_score,
    interactionCount: row.interaction_count,
    peopleCount: row.people_count,
    emailCount: row.email_count,
    visitCount: row.visit_count,
    socialCount: row.social_count,
    meetingCount: row.meeting_count,
    lastInteractionAt: row.last_interaction_at,
    lastEmailAt: row.last_email_at,
    lastVisitAt: row.last_visit_at,
    lastSocialAt: row.last_social_at,
    lastMeetingAt: row.last_meeting_at,
    scoreTrend: row.score_trend,
    activityTrend: row.activity_trend,
    calculatedAt: row.calculated_at,
  }
}

const personScores = defineOperation({
  id: 'crm.person_scores',
  kind: 'query',
  access: 'readonly',
  summary:
    'Shows how interested people are at this moment, most interested first; only those who showed any.',
  http: 'GET /v1/engagement/people',
  input: z.strictObject({
    contactId: idInput.optional().describe('Only this person.'),
    limit: limitInput,
  }),
  output: scoresOutput,
  run: async (ctx, { contactId, limit }) => {
    const rows = await listPersonScores(ctx.tx, ctx.town, { id: contactId, limit })
    return { items: rows.map(toScore), nextCursor: null }
  },
})

const companyScores = defineOperation({
  id: 'crm.company_scores',
  kind: 'query',
  access: 'readonly',
  summary:
    'Shows how interested companies are at this moment, most interested first; only those who showed any.',
  http: 'GET /v1/engagement/companies',
  input: z.strictObject({
    companyId: idInput.optional().describe('Only this company.'),
    limit: limitInput,
  }),
  output: scoresOutput,
  run: async (ctx, { companyId, limit }) => {
    const rows = await listCompanyScores(ctx.tx, ctx.town, { id: companyId, limit })
    return { items: rows.map(toScore), nextCursor: null }
  },
})

export const engagementOperations: readonly AnyOperation[] = [personScores, companyScores]
