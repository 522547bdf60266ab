import { describe, expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

let last = 0
/** A name that nothing else of this file has. */
const fresh = (word: string) => `${word} ${++last}`

eachBackend((backend) => {
  const stage = useStage(backend)
  // One small call through the door in question; what it needs is made over HTTP, which is fast.
  const make = (operation: string, input: Record<string, unknown> = {}) =>
    stage().http().call(operation, input)

  const meet = async () => {
    const company = await make('crm.companies.create', { name: fresh('Company') })
    const contact = await make('crm.contacts.create', { firstName: fresh('Ada'), companyId: company.id })
    await make('crm.interactions.create', {
      interactionType: 'meeting',
      direction: 'outbound',
      contactId: contact.id,
      userId: stage().owner.userId,
      occurredAt: new Date().toISOString(),
    })
    return { company, contact }
  }
  const stageOf = async (name: string) =>
    (await make('crm.pipeline_stages.list')).items.find((item: Value) => item.name === name)

  describe('crm', () => {
    provesOnEachDoor('crm.person_scores', 'shows what a person has scored', async (name) => {
      const { contact } = await meet()
      const door = await stage().door(name, stage().guest)
      expect((await door.call('crm.person_scores', { contactId: contact.id })).items).toEqual([])
      const { items } = await (await stage().door(name)).call('crm.person_scores', { contactId: contact.id })
      expect(items).toMatchObject([{ id: contact.id, meetingCount: 1, scoreTrend: 'rising' }])
      expect(items[0].totalScore).toBeCloseTo(0.4, 2)
    })

    provesOnEachDoor('crm.company_scores', 'shows what a company has scored', async (name) => {
      const { company } = await meet()
      const { items } = await (await stage().door(name)).call('crm.company_scores', { companyId: company.id })
      expect(items).toMatchObject([{ id: company.id, name: company.name, peopleCount: 1 }])
    })
  })

  describe('insight', () => {
    provesOnEachDoor('insight.pipeline_by_stage', 'shows the deals of a stage', async (name) => {
      const { id: stageId, pipelineId } = await stageOf('Proposal')
      await make('crm.deals.create', { name: fresh('Deal'), stageId, currency: 'CHF', amountCents: 100 })
      const door = await stage().door(name)
      const { items } = await door.call('insight.pipeline_by_stage', { pipelineId })
      const francs = items.find((item: Value) => item.stageId === stageId && item.currency === 'CHF')
      expect(francs.amountCents).toBe(francs.dealCount * 100)
      expect(francs.weightedAmountCents).toBe(francs.dealCount * 50)
    })

    provesOnEachDoor('insight.deal_forecast', 'shows what a month may bring', async (name) => {
      const { id: stageId } = await stageOf('Lead')
      const month = `20${30 + (last += 1)}-02-01`
      await make('crm.deals.create', {
        name: fresh('Deal'),
        stageId,
        expectedCloseOn: month,
        amountCents: 100,
      })
      const { items } = await (
        await stage().door(name)
      ).call('insight.deal_forecast', { from: month, to: month })
      expect(items).toMatchObject([{ month, dealCount: 1, amountCents: 100, weightedAmountCents: 5 }])
    })

    provesOnEachDoor('insight.win_rates', 'shows what was won in a month', async (name) => {
      const { id: stageId } = await stageOf('Closed won')
      const month = `${1990 + (last += 1)}-03-01`
      await make('crm.deals.create', { name: fresh('Deal'), stageId, closedAt: `${month}T00:00:00Z` })
      const { items } = await (await stage().door(name)).call('insight.win_rates', { from: month, to: month })
      expect(items).toMatchObject([{ month, wonCount: 1, lostCount: 0, winRate: 1 }])
    })

    provesOnEachDoor('insight.activity_by_day', 'counts the meetings of a day', async (name) => {
      await meet()
      const day = new Date().toISOString().slice(0, 10)
      const { items } = await (
        await stage().door(name)
      ).call('insight.activity_by_day', { kind: 'meeting', to: day })
      expect(items[0]).toMatchObject({ kind: 'meeting', direction: 'outbound' })
    })

    provesOnEachDoor('insight.workload_by_person', 'shows what the owner looks after', async (name) => {
      const { userId } = stage().owner
      await make('crm.companies.create', { name: fresh('Company'), ownerId: userId })
      const { items } = await (await stage().door(name)).call('insight.workload_by_person', { userId })
      expect(items).toMatchObject([{ userId }])
      expect(items[0].companyCount).toBeGreaterThan(0)
    })

    provesOnEachDoor('insight.ai_costs', 'shows what a model cost', async (name) => {
      const modelName = fresh('model')
      const call = { modelName, modelProvider: 'local', costMicros: 7, calledAt: '2026-01-01T00:00:00Z' }
      await make('insight.model_usage.create', call)
      const { items } = await (await stage().door(name)).call('insight.ai_costs', { modelName })
      expect(items).toMatchObject([{ day: '2026-01-01', modelName, requestCount: 1, costMicros: 7 }])
    })

    provesOnEachDoor('insight.communication_analytics', 'shows the mails of a day', async (name) => {
      const { userId } = stage().owner
      const day = `${1900 + (last += 1)}-01-31`
      const mail = { interactionType: 'email', direction: 'outbound', userId, occurredAt: `${day}T12:00:00Z` }
      await make('crm.interactions.create', mail)
      const input = { userId, from: day, to: day }
      const { items } = await (await stage().door(name)).call('insight.communication_analytics', input)
      expect(items).toMatchObject([{ day, emailsSentCount: 1, averageResponseHours: null }])
    })
  })
})
