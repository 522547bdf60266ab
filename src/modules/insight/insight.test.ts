import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

const NOW = '2026-06-01T12:00:00.000Z'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  let stages: Map<string, string>
  const clock = stoppedClock(NOW)
  const as = (person: Person) => operationsAs(test, person, clock)
  const owner = (operation: string, input: Value = {}) => as(town.owner)(operation, input)
  const itemsOf = async (operation: string, input: Value = {}, person = town.owner): Promise<Value[]> =>
    (await as(person)(operation, input)).items
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    abroad = await foundTown(test, { slug: 'abroad' })
    stages = new Map((await itemsOf('crm.pipeline_stages.list')).map((item) => [item.name, item.id]))
  })
  afterAll(() => test.drop())
  const deal = (stage: string, more: Value = {}, person = town.owner) =>
    as(person)('crm.deals.create', { name: 'A deal', stageId: stages.get(stage), ...more })
  const talk = (more: Value) =>
    owner('crm.interactions.create', {
      interactionType: 'email',
      direction: 'inbound',
      occurredAt: NOW,
      userId: town.owner.userId,
      ...more,
    })

  it('tells a town without business that there is none', async () => {
    const reports = ['deal_forecast', 'win_rates', 'activity_by_day', 'workload_by_person', 'ai_costs']
    for (const name of [...reports, 'communication_analytics']) {
      expect(await itemsOf(`insight.${name}`, {}, abroad.guest), name).toEqual([])
    }
    const empty = await itemsOf('insight.pipeline_by_stage', {}, abroad.guest)
    expect(empty.map((item) => [item.stageName, item.currency, item.dealCount])).toEqual(
      [...stages.keys()].map((name) => [name, null, 0]),
    )
  })

  describe('of sales', () => {
    beforeAll(async () => {
      const june = { expectedCloseOn: '2026-06-20' }
      await deal('Proposal', { amountCents: 1_000, ...june })
      await deal('Proposal', { amountCents: 3_000, probability: 10, ...june })
      await deal('Proposal', { amountCents: 8, currency: 'EUR', expectedCloseOn: '2026-07-01' })
      await deal('Lead', { forecastCategory: 'commit' })
      await deal('Closed won', { amountCents: 500, closedAt: '2026-05-31T23:30:00.000Z' })
      await deal('Closed lost', { amountCents: 900, closedAt: '2026-05-01T00:00:00.000Z' })
      await deal('Closed lost', { closedAt: '2026-05-02T00:00:00.000Z' })
      await deal('Proposal', { amountCents: 7_000_000, privacy: 'private', ...june }, town.member)
    })

    it('shows each stage with its deals, for each currency, of what the reader sees', async () => {
      const stage = stages.get('Proposal')
      const shown = (await itemsOf('insight.pipeline_by_stage')).filter((item) => item.stageId === stage)
      expect(shown).toMatchObject([
        { currency: 'EUR', dealCount: 1, amountCents: 8, weightedAmountCents: 4, outcome: 'open' },
        { currency: 'USD', dealCount: 2, amountCents: 4_000, weightedAmountCents: 800 },
      ])
      const members = await itemsOf('insight.pipeline_by_stage', {}, town.member)
      expect(members.find((item) => item.stageId === stage && item.currency === 'USD')).toMatchObject({
        dealCount: 3,
        amountCents: 7_004_000,
      })
    })

    it('forecasts by the month, weighted by how likely each deal is', async () => {
      const open = { forecastCategory: 'pipeline' }
      const june = { ...open, month: '2026-06-01', currency: 'USD', dealCount: 2, amountCents: 4_000 }
      const july = { ...open, month: '2026-07-01', currency: 'EUR', dealCount: 1, amountCents: 8 }
      expect(await itemsOf('insight.deal_forecast')).toEqual([
        { ...june, weightedAmountCents: 800 },
        { ...july, weightedAmountCents: 4 },
      ])
      expect(await itemsOf('insight.deal_forecast', { to: '2026-06-30' })).toMatchObject([june])
      expect(await itemsOf('insight.deal_forecast', { from: '2026-06-02' })).toMatchObject([july])
      expect(await itemsOf('insight.deal_forecast', { forecastCategory: 'commit' })).toEqual([])
    })

    it('counts the days of a deal from the day it began, wherever it was stored', async () => {
      const closed = { currency: 'CHF', closedAt: '2025-03-31T08:00:00.000Z' }
      const ids = await Promise.all(
        ['2025-03-01', '2025-03-21', '2025-04-02'].map(
          async (begunOn) => (await deal('Closed won', { ...closed, begunOn })).id,
        ),
      )
      const shown = async () => (await itemsOf('insight.win_rates')).find((item) => item.currency === 'CHF')
      // 30, 10, and none of one that is said to have begun after its end.
      expect(await shown()).toMatchObject({ month: '2025-03-01', wonCount: 3, averageDays: 40 / 3 })
      await owner('crm.deals.update', { id: ids[2], begunOn: '2025-03-11' })
      expect(await shown()).toMatchObject({ averageDays: 20 })
      for (const id of ids) await owner('crm.deals.delete', { id })
      expect(await shown()).toBeUndefined()
    })

    it('shows what share was won each month, and follows a deal that is opened again', async () => {
      const [may] = await itemsOf('insight.win_rates')
      expect(may).toMatchObject({ month: '2026-05-01', currency: 'USD', wonCount: 1, lostCount: 2 })
      expect(may).toMatchObject({ wonAmountCents: 500, lostAmountCents: 900, averageDays: 0 })
      expect(may.winRate).toBeCloseTo(1 / 3)
      const [won] = (await owner('crm.deals.list', { status: 'won' })).items
      await owner('crm.deals.update', { id: won.id, stageId: stages.get('Lead') })
      expect(await itemsOf('insight.win_rates')).toMatchObject([{ wonCount: 0, lostCount: 2, winRate: 0 }])
    })
  })

  describe('of people', () => {
    beforeAll(async () => {
      const { id: contactId } = await owner('crm.contacts.create', {
        firstName: 'Ada',
        ownerId: town.member.userId,
      })
      const touch = { contactId, kind: 'email', personId: town.owner.userId }
      await owner('agenda.touches.create', { ...touch, sentAt: NOW })
      await owner('agenda.touches.create', touch)
      await talk({ contactId, repliedAt: '2026-06-01T14:00:00.000Z', timeSpentSeconds: 60 })
      await talk({ contactId, repliedAt: '2026-06-01T16:00:00.000Z' })
      await talk({})
      await talk({ direction: 'outbound' })
      await talk({ interactionType: 'slack', direction: 'outbound' })
      await talk({
        interactionType: 'meeting',
        direction: 'internal',
        occurredAt: '2026-06-02T00:00:00.000Z',
      })
      await deal('Lead', { ownerId: town.member.userId })
      await deal('Closed won', { ownerId: town.member.userId })
      const task = async () =>
        (await owner('agenda.tasks.create', { title: 'Call', assignedTo: town.member.userId })).id
      await task()
      await owner('agenda.tasks.complete', { id: await task() })
    })

    it('counts interactions by day, kind and direction', async () => {
      const [meeting, received] = await itemsOf('insight.activity_by_day')
      expect(meeting).toMatchObject({ day: '2026-06-02', kind: 'meeting', direction: 'internal' })
      expect(received).toEqual({
        day: '2026-06-01',
        kind: 'email',
        direction: 'inbound',
        interactionCount: 3,
        contactCount: 1,
        companyCount: 0,
        timeSpentSeconds: 60,
      })
      expect(await itemsOf('insight.activity_by_day', { kind: 'slack' })).toHaveLength(1)
    })

    it('shows what each person looks after', async () => {
      const shown = await itemsOf('insight.workload_by_person')
      expect(shown).toMatchObject([
        {
          userId: town.member.userId,
          contactCount: 1,
          openDealCount: 1,
          openTaskCount: 1,
          interactionCount: 0,
        },
        { userId: town.owner.userId, contactCount: 0, openDealCount: 0, interactionCount: 6 },
      ])
    })

    it('shows mail, Slack and prepared messages of each person, and how fast they answer', async () => {
      expect(await itemsOf('insight.communication_analytics')).toEqual([
        {
          userId: town.owner.userId,
          day: '2026-06-01',
          emailsSentCount: 1,
          emailsReceivedCount: 3,
          emailsAnsweredCount: 2,
          averageResponseHours: 3,
          slackSentCount: 1,
          slackReceivedCount: 0,
          touchesCompletedCount: 1,
        },
      ])
    })
  })

  it('says whether it shows all there is', async () => {
    const all = await owner('insight.pipeline_by_stage')
    expect(all.isComplete).toBe(true)
    const { length } = all.items
    expect(length).toBeGreaterThan(2)
    const whole = await owner('insight.pipeline_by_stage', { limit: length })
    expect([whole.items, whole.isComplete]).toEqual([all.items, true])
    const cut = await owner('insight.pipeline_by_stage', { limit: length - 1 })
    expect([cut.items, cut.isComplete]).toEqual([all.items.slice(0, -1), false])
  })

  describe('of models', () => {
    const call = (more: Value = {}) => ({
      modelName: 'small',
      modelProvider: 'local',
      calledAt: NOW,
      inputTokens: 100,
      outputTokens: 20,
      costMicros: 15,
      ...more,
    })

    it('sums what they used and cost by day and model, also of calls that failed', async () => {
      const made = await owner('insight.model_usage.create', call({ latencyMs: 100 }))
      expect(made).toMatchObject({ totalTokens: 120, isSuccess: true })
      const items = [
        call({ externalId: 'a', latencyMs: 300, isSuccess: false, errorMessage: 'too slow' }),
        call({ externalId: 'b', modelName: 'large', calledAt: '2026-06-02T00:00:00.000Z' }),
      ]
      for (let time = 0; time < 2; time += 1) await owner('insight.model_usage.upsert', { items })
      const shown = await itemsOf('insight.ai_costs')
      expect(shown).toMatchObject([{ day: '2026-06-02', modelName: 'large', requestCount: 1 }, {}])
      expect(shown[1]).toEqual({
        day: '2026-06-01',
        modelName: 'small',
        modelProvider: 'local',
        requestCount: 2,
        failedCount: 1,
        inputTokens: 200,
        outputTokens: 40,
        costMicros: 30,
        averageLatencyMs: 200,
      })
      expect(await itemsOf('insight.ai_costs', { modelName: 'large' })).toHaveLength(1)
    })
  })
})
