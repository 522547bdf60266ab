import type { Value } from '../support/operation-context.ts'
import { likelihoodOf, readFacts, stageOf, type Facts } from './crm-from-scratch.ts'
import { at, expectSame, groupsOf, privacyOf, sum, type Part } from './world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What a company's numbers say: views over what the others hold. */
export const insight: Part = {
  steps: {
    useModel: (die, call, world) =>
      call('insight.model_usage.create', {
        ...usage(die),
        calledAt: world.before(die),
        privacy: privacyOf(die),
      }),
    importUsage: (die, call, world) =>
      call('insight.model_usage.upsert', {
        items: [0, 1, 2, 3].map((n) => ({
          ...usage({ ...die, a: die.a + n }),
          calledAt: world.before(die),
          externalId: `usage ${(die.b + n) % 200}`,
        })),
      }),
    own: ({ a, b }, call, world) =>
      call('crm.companies.update', {
        id: world.some('companies', a),
        ownerId: at([null, world.town.member.userId, world.town.owner.userId], b),
      }),
  },
  async compare(world, viewer) {
    const facts = await readFacts(viewer, world)
    const counted: Record<string, Value[]> = {
      pipeline_by_stage: pipelineByStage(facts, await viewer.rows('crm.pipelines')),
      deal_forecast: dealForecast(facts),
      win_rates: winRates(facts),
      activity_by_day: activityByDay(facts),
      communication_analytics: communication(facts, await viewer.rows('agenda.touch_ready_queue')),
      workload_by_person: workload(facts, await viewer.rows('agenda.tasks')),
      ai_costs: costs(await viewer.rows('insight.ai_model_usage')),
    }
    for (const [name, expected] of Object.entries(counted)) {
      const { items } = await viewer.call(`insight.${name}`, { limit: 1_000 })
      const shown = items.map(({ userName: _, ...item }: Value) => item)
      expectSame(shown, expected, `${name} as ${viewer.name}`)
    }
  },
}

function usage({ a, b, c }: { a: number; b: number; c: number }): Value {
  return {
    modelName: at(['small', 'large'], a),
    modelProvider: at(['here', 'there'], b),
    inputTokens: a % 1_000,
    outputTokens: b % 1_000,
    costMicros: c % 100_000,
    latencyMs: a % 4 === 0 ? null : b % 5_000,
    isSuccess: c % 5 !== 0,
  }
}

const cents = (deals: Value[]) => sum(deals.map((deal) => Number(deal.amount_cents ?? 0)))
const weighted = (deals: Value[], facts: Facts) =>
  sum(deals.map((deal) => (Number(deal.amount_cents ?? 0) * likelihoodOf(deal, facts)) / 100))
const mean = (numbers: number[]) => (numbers.length === 0 ? null : sum(numbers) / numbers.length)
const dayOf = (time: Date) => time.toISOString().slice(0, 10)
const daysFrom = (first: string, last: string) => (Date.parse(last) - Date.parse(first)) / DAY_MS
const monthOf = (day: string) => `${day.slice(0, 7)}-01`

function pipelineByStage(facts: Facts, pipelines: Value[]): Value[] {
  return facts.stages.flatMap((stage) => {
    const named = {
      pipelineId: stage.pipeline_id,
      pipelineName: pipelines.find((each) => each.id === stage.pipeline_id).name,
      stageId: stage.id,
      stageName: stage.name,
      displayOrder: stage.display_order,
      outcome: stage.outcome,
    }
    const deals = facts.deals.filter((deal) => deal.stage_id === stage.id)
    if (deals.length === 0)
      return [{ ...named, currency: null, dealCount: 0, amountCents: 0, weightedAmountCents: 0 }]
    return groupsOf(deals, ({ currency }) => ({ currency })).map(({ key, rows }) => ({
      ...named,
      ...key,
      dealCount: rows.length,
      amountCents: cents(rows),
      weightedAmountCents: weighted(rows, facts),
    }))
  })
}

function dealForecast(facts: Facts): Value[] {
  const open = facts.deals.filter(
    (deal) => stageOf(deal, facts).outcome === 'open' && deal.expected_close_on !== null,
  )
  return groupsOf(open, (deal) => ({
    month: monthOf(deal.expected_close_on),
    currency: deal.currency,
    forecastCategory: deal.forecast_category,
  })).map(({ key, rows }) => ({
    ...key,
    dealCount: rows.length,
    amountCents: cents(rows),
    weightedAmountCents: weighted(rows, facts),
  }))
}

function winRates(facts: Facts): Value[] {
  const closed = facts.deals.filter((deal) => stageOf(deal, facts).outcome !== 'open')
  return groupsOf(closed, (deal) => ({ month: monthOf(dayOf(deal.closed_at)), currency: deal.currency })).map(
    ({ key, rows }) => {
      const outcome = (name: string) => rows.filter((deal) => stageOf(deal, facts).outcome === name)
      return {
        ...key,
        wonCount: outcome('won').length,
        lostCount: outcome('lost').length,
        wonAmountCents: cents(outcome('won')),
        lostAmountCents: cents(outcome('lost')),
        winRate: outcome('won').length / rows.length,
        averageDays: mean(rows.map((deal) => Math.max(0, daysFrom(deal.begun_on, dayOf(deal.closed_at))))),
      }
    },
  )
}

const different = (rows: Value[], column: string) => new Set(rows.flatMap((row) => row[column] ?? [])).size

function activityByDay({ talks }: Facts): Value[] {
  return groupsOf(talks, (talk) => ({
    day: dayOf(talk.occurred_at),
    kind: talk.interaction_type,
    direction: talk.direction,
  })).map(({ key, rows }) => ({
    ...key,
    interactionCount: rows.length,
    contactCount: different(rows, 'contact_id'),
    companyCount: different(rows, 'company_id'),
    timeSpentSeconds: sum(rows.map((row) => row.time_spent_seconds ?? 0)),
  }))
}

function communication({ talks }: Facts, touches: Value[]): Value[] {
  const kept = talks.filter((talk) => talk.user_id && ['email', 'slack'].includes(talk.interaction_type))
  const sent = touches
    .filter((touch) => touch.person_id && touch.sent_at)
    .map((touch) => ({ user_id: touch.person_id, occurred_at: touch.sent_at, interaction_type: 'touch' }))
  return groupsOf([...kept, ...sent] as Value[], (talk) => ({
    userId: talk.user_id,
    day: dayOf(talk.occurred_at),
  })).map(({ key, rows }) => {
    const of = (kind: string, direction: string) =>
      rows.filter((talk) => talk.interaction_type === kind && talk.direction === direction)
    const answered = of('email', 'inbound').filter((talk) => talk.replied_at !== null)
    return {
      ...key,
      emailsSentCount: of('email', 'outbound').length,
      emailsReceivedCount: of('email', 'inbound').length,
      emailsAnsweredCount: answered.length,
      averageResponseHours: mean(
        answered.map((talk) => Math.max(0, talk.replied_at - talk.occurred_at) / HOUR_MS),
      ),
      slackSentCount: of('slack', 'outbound').length,
      slackReceivedCount: of('slack', 'inbound').length,
      touchesCompletedCount: rows.filter((each) => each.interaction_type === 'touch').length,
    }
  })
}

function workload(facts: Facts, tasks: Value[]): Value[] {
  const isOpen = (deal: Value) => stageOf(deal, facts).outcome === 'open'
  const owned: [string, Value[]][] = [
    ['companyCount', facts.companies.map((row) => row.owner_id)],
    ['contactCount', facts.contacts.map((row) => row.owner_id)],
    ['openDealCount', facts.deals.filter(isOpen).map((row) => row.owner_id)],
    [
      'openTaskCount',
      tasks.filter((task) => !task.completed_at && !task.cancelled_at).map((row) => row.assigned_to),
    ],
    ['interactionCount', facts.talks.map((row) => row.user_id)],
  ]
  const people = new Set(owned.flatMap(([, ids]) => ids).filter((id) => id !== null))
  return [...people].map((userId) => ({
    userId,
    ...Object.fromEntries(owned.map(([name, ids]) => [name, ids.filter((id) => id === userId).length])),
  }))
}

function costs(calls: Value[]): Value[] {
  return groupsOf(calls, (call) => ({
    day: dayOf(call.called_at),
    modelName: call.model_name,
    modelProvider: call.model_provider,
  })).map(({ key, rows }) => ({
    ...key,
    requestCount: rows.length,
    failedCount: rows.filter((call) => !call.is_success).length,
    inputTokens: sum(rows.map((call) => call.input_tokens)),
    outputTokens: sum(rows.map((call) => call.output_tokens)),
    costMicros: sum(rows.map((call) => Number(call.cost_micros))),
    averageLatencyMs: mean(rows.flatMap((call) => call.latency_ms ?? [])),
  }))
}
