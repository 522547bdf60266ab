import type { Value } from '../support/operation-context.ts'
import { groupsOf, latest, sum, type Viewer, type World } from './world.ts'

const HOUR_MS = 3_600_000
const WEEK_HOURS = 168

/** The rows that somebody sees of what rollups and scores are made of, at a moment. */
export type Facts = {
  now: number
  companies: Value[]
  contacts: Value[]
  stages: Value[]
  deals: Value[]
  roles: Value[]
  activities: Value[]
  talks: Value[]
  mails: Value[]
  looks: Value[]
  rules: Value[]
}

export async function readFacts(viewer: Viewer, world: World): Promise<Facts> {
  const rows = (table: string) => viewer.rows(`crm.${table}`)
  return {
    now: world.now,
    companies: await rows('companies'),
    contacts: await rows('contacts'),
    stages: await rows('pipeline_stages'),
    deals: await rows('deals'),
    roles: await rows('deal_contacts'),
    activities: await rows('deal_activities'),
    talks: await rows('interactions'),
    mails: await rows('email_engagement'),
    looks: await rows('website_activity'),
    rules: await rows('engagement_rules'),
  }
}

export function stageOf(deal: Value, { stages }: Facts): Value {
  return stages.find((stage) => stage.id === deal.stage_id)
}

/** In percent. */
export function likelihoodOf(deal: Value, facts: Facts): number {
  const stage = stageOf(deal, facts)
  if (stage.outcome === 'won') return 100
  return stage.outcome === 'lost' ? 0 : (deal.probability ?? stage.probability)
}

/** What a deal shows that follows from other rows. */
export function dealOf(id: string, facts: Facts): Value {
  const deal = facts.deals.find((each) => each.id === id)
  const stage = stageOf(deal, facts)
  const talks = facts.talks.filter((each) => each.deal_id === id).map((each) => each.occurred_at)
  const activities = facts.activities.filter((each) => each.deal_id === id).map((each) => each.happened_at)
  return {
    status: stage.outcome,
    pipelineId: stage.pipeline_id,
    stageName: stage.name,
    likelihood: likelihoodOf(deal, facts),
    lastActivityAt: latest([...talks, ...activities].filter((at) => +at <= facts.now)),
  }
}

export function dealsOf(kind: 'company' | 'contact', id: string, facts: Facts): Value[] {
  const isOf = (each: Value) =>
    kind === 'company'
      ? each.company_id === id
      : each.primary_contact_id === id ||
        facts.roles.some((role) => role.deal_id === each.id && role.contact_id === id)
  return groupsOf(facts.deals.filter(isOf), ({ currency }) => ({ currency })).map(({ key, rows }) => {
    const outcome = (name: string) => rows.filter((deal) => stageOf(deal, facts).outcome === name)
    const worth = (list: Value[]) => sum(list.map((deal) => Number(deal.amount_cents ?? 0)))
    return {
      ...key,
      openCount: outcome('open').length,
      openAmountCents: worth(outcome('open')),
      wonCount: outcome('won').length,
      wonAmountCents: worth(outcome('won')),
      lostCount: outcome('lost').length,
      lostAmountCents: worth(outcome('lost')),
      lastBegunOn:
        rows
          .map((deal) => deal.begun_on)
          .toSorted()
          .at(-1) ?? null,
      lastWonAt: latest(outcome('won').map((deal) => deal.closed_at)),
    }
  })
}

function employerOf(each: Value, facts: Facts): string | null {
  return facts.contacts.find((person) => person.id === each.contact_id)?.company_id ?? null
}

export function lastOf(kind: 'company' | 'contact', id: string, facts: Facts): string | null {
  const isOf = (each: Value) =>
    kind === 'company' ? each.company_id === id || employerOf(each, facts) === id : each.contact_id === id
  const times = [
    ...facts.talks.filter(isOf).map((each) => each.occurred_at),
    ...facts.looks.filter(isOf).map((each) => each.visited_at),
  ]
  return latest(times.filter((at) => +at <= facts.now))
}

const CHANNELS: Record<string, string> = {
  linkedin: 'social',
  slack: 'social',
  meeting: 'meeting',
  phone: 'meeting',
  web: 'website',
  email: 'email',
}

type Sign = {
  signal: string
  channel: string
  contact: string | null
  company: string | null
  at: number
} & {
  isInteraction?: boolean
  direction?: string
  seconds?: number
  views?: number
}

function signsOf(facts: Facts): Sign[] {
  const own = (each: Value) => ({
    contact: each.contact_id,
    company: each.company_id ?? employerOf(each, facts),
  })
  const signs: Sign[] = []
  for (const talk of facts.talks) {
    const base = { ...own(talk), direction: talk.direction }
    const type: string = talk.interaction_type
    signs.push({
      ...base,
      signal: type,
      channel: CHANNELS[type] ?? 'other',
      isInteraction: true,
      seconds: talk.time_spent_seconds ?? 0,
      at: +talk.occurred_at,
    })
    if (type !== 'email') continue
    const mails = facts.mails.filter((mail) => mail.interaction_id === talk.id)
    for (const [signal, first, column] of [
      ['email_opened', talk.opened_at, 'last_opened_at'],
      ['email_clicked', talk.clicked_at, 'last_clicked_at'],
      ['email_replied', talk.replied_at, 'replied_at'],
    ] as const) {
      const last = latest([first, ...mails.map((mail) => mail[column])])
      if (last !== null) signs.push({ ...base, signal, channel: 'email', at: Date.parse(last) })
    }
  }
  const pages = facts.looks.map((look) => ({
    ...own(look),
    channel: 'website',
    session: look.session_id,
    at: +look.visited_at,
    seconds: look.time_on_page_seconds ?? 0,
    isConverted: look.is_converted,
  }))
  for (const { isConverted, session: _, ...page } of pages) {
    signs.push({ ...page, signal: 'website_visit' })
    if (isConverted) signs.push({ ...page, signal: 'website_conversion' })
  }
  for (const { key, rows } of groupsOf(pages, ({ session, contact, company }) => ({
    session,
    contact,
    company,
  }))) {
    signs.push({
      signal: 'website_session',
      channel: 'website',
      contact: key.contact as string | null,
      company: key.company as string | null,
      views: rows.length,
      seconds: sum(rows.map((row) => row.seconds)),
      at: Math.max(...rows.map((row) => row.at)),
    })
  }
  return signs.filter((sign) => sign.at <= facts.now)
}

/** Points by rule and channel, of what was there `hoursAgo`. */
function pointsOf(
  signs: Sign[],
  { rules, now }: Facts,
  hoursAgo: number,
): { channel: string; points: number }[] {
  return rules
    .filter((rule) => rule.is_active)
    .flatMap((rule) => {
      const { direction, minSeconds = 0, minViews = 0 } = rule.conditions
      const fitting = signs.filter(
        (sign) =>
          sign.signal === rule.signal &&
          (direction === undefined || direction === sign.direction) &&
          (sign.seconds ?? 0) >= minSeconds &&
          (sign.views ?? 0) >= minViews,
      )
      return groupsOf(fitting, ({ channel }) => ({ channel })).map(({ key, rows }) => {
        const ages = rows.map((sign) => (now - sign.at) / HOUR_MS - hoursAgo).filter((age) => age >= 0)
        const points = ages.map(
          (age) => rule.base_score * rule.multiplier * rule.decay_factor ** (age / rule.decay_hours),
        )
        return { channel: key.channel as string, points: Math.min(rule.max_score, sum(points)) }
      })
    })
}

/** The score of a person or company; null where nobody showed any interest. */
export function scoreOf(
  kind: 'company' | 'contact',
  id: string,
  facts: Facts,
): { score: Value; isClose: boolean } | null {
  const signs = signsOf(facts).filter((sign) => sign[kind] === id)
  if (signs.length === 0) return null
  const now = pointsOf(signs, facts, 0)
  const total = sum(now.map(({ points }) => points))
  const before = sum(pointsOf(signs, facts, WEEK_HOURS).map(({ points }) => points))
  const of = (channel: string) =>
    sum(now.filter((each) => each.channel === channel).map((each) => each.points))
  const last = (some: Sign[]) => latest(some.map((sign) => new Date(sign.at)))
  const lastBy = (channel: string) => last(signs.filter((sign) => sign.channel === channel))
  const count = (signal: string) => signs.filter((sign) => sign.signal === signal).length
  const age = (sign: Sign) => (facts.now - sign.at) / HOUR_MS
  const thisWeek = signs.filter((sign) => age(sign) < WEEK_HOURS).length
  const weekBefore = signs.filter((sign) => age(sign) >= WEEK_HOURS && age(sign) < 2 * WEEK_HOURS).length
  const [high, low] = [before * 1.05 + 0.005, before * 0.95 - 0.005]
  const score = {
    id,
    totalScore: total,
    emailScore: of('email'),
    websiteScore: of('website'),
    socialScore: of('social'),
    meetingScore: of('meeting'),
    interactionCount: signs.filter((sign) => sign.isInteraction).length,
    peopleCount: new Set(signs.flatMap((sign) => sign.contact ?? [])).size,
    emailCount: count('email'),
    visitCount: count('website_visit'),
    socialCount: signs.filter((sign) => sign.isInteraction && sign.channel === 'social').length,
    meetingCount: count('meeting'),
    lastInteractionAt: last(signs),
    lastEmailAt: lastBy('email'),
    lastVisitAt: lastBy('website'),
    lastSocialAt: lastBy('social'),
    lastMeetingAt: lastBy('meeting'),
    scoreTrend: total > high ? 'rising' : total < low ? 'falling' : 'stable',
    activityTrend: thisWeek > weekBefore ? 'rising' : thisWeek < weekBefore ? 'falling' : 'stable',
  }
  return { score, isClose: Math.min(Math.abs(total - high), Math.abs(total - low)) < 1e-9 }
}
