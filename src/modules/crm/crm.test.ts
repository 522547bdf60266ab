import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { shippedRules, shippedStages } from './shipped.ts'

const NOW = '2026-06-01T12:00:00.000Z'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let stages: Map<string, string>
  let pipelineId: string
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    const { items } = await as(town.owner)('crm.pipeline_stages.list', { limit: 100 })
    stages = new Map(items.map((item: Value) => [item.name, item.id]))
    pipelineId = items[0].pipelineId
  })
  afterAll(() => test.drop())

  const clock = stoppedClock(NOW)
  beforeEach(() => clock.set(NOW))
  const as = (person: Person) => operationsAs(test, person, clock)
  const owner = (operation: string, input: Value = {}) => as(town.owner)(operation, input)
  const deal = (stage: string, more: Value = {}) =>
    owner('crm.deals.create', { name: 'A deal', stageId: stages.get(stage), ...more })
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )

  describe('a town', () => {
    it('begins with one pipeline of eight stages, and ten rules', async () => {
      const { items } = await owner('crm.pipeline_stages.list', { pipelineId })
      expect(items.map((item: Value) => item.name)).toEqual(shippedStages.map((stage) => stage.name))
      expect(items.at(0)).toMatchObject({ externalId: 'shipped:lead', outcome: 'open', privacy: 'public' })
      expect((await owner('crm.pipelines.list')).items).toMatchObject([{ name: 'Sales', stageCount: 8 }])
      const rules = (await owner('crm.engagement_rules.list')).items
      expect(rules.map((rule: Value) => [rule.name, rule.baseScore]).toSorted()).toEqual(
        shippedRules.map((rule) => [rule.name, rule.score]).toSorted(),
      )
    })
  })

  describe('a deal', () => {
    it('has the pipeline and the status of its stage, and its likelihood unless it has its own', async () => {
      const made = await deal('Proposal')
      expect(made).toMatchObject({ pipelineId, status: 'open', stageName: 'Proposal', likelihood: 50 })
      const bold = await owner('crm.deals.update', { id: made.id, probability: 80 })
      expect(bold).toMatchObject({ probability: 80, likelihood: 80 })
    })

    it('is closed by a stage that is won or lost, and opened again by another', async () => {
      const { id } = await deal('Lead')
      const won = await owner('crm.deals.update', {
        id,
        stageId: stages.get('Closed won'),
        closedReason: 'best offer',
      })
      expect(won).toMatchObject({ status: 'won', closedAt: NOW, closedReason: 'best offer', likelihood: 100 })
      clock.set('2026-06-02T12:00:00.000Z')
      const noted = await owner('crm.deals.update', { id, notes: 'a note' })
      expect(noted).toMatchObject({ closedAt: NOW, closedReason: 'best offer' })
      const lost = await owner('crm.deals.update', { id, stageId: stages.get('Closed lost') })
      expect(lost).toMatchObject({ status: 'lost', closedAt: '2026-06-02T12:00:00.000Z', closedReason: null })
      const open = await owner('crm.deals.update', { id, stageId: stages.get('Proposal') })
      expect(open).toMatchObject({ status: 'open', closedAt: null, closedReason: null, likelihood: 50 })
    })

    it('takes the time of closing from another system, and none while it is open', async () => {
      const closedAt = '2025-03-01T00:00:00.000Z'
      expect(await deal('Closed won', { closedAt })).toMatchObject({ status: 'won', closedAt })
      expect(await refused(deal('Lead', { closedAt }))).toBe('DEAL_IS_OPEN')
      expect(await refused(deal('Lead', { closedReason: 'none' }))).toBe('DEAL_IS_OPEN')
    })

    it('began on the day that is given, else on the day it was stored', async () => {
      clock.set('2026-06-03T12:00:00.000Z')
      const made = await deal('Lead')
      expect(made).toMatchObject({ begunOn: '2026-06-03' })
      const told = await owner('crm.deals.update', { id: made.id, begunOn: '2026-01-15' })
      expect(told).toMatchObject({ begunOn: '2026-01-15' })
      clock.set('2026-06-04T12:00:00.000Z')
      expect(await owner('crm.deals.update', { id: made.id, notes: 'a note' })).toMatchObject({
        begunOn: '2026-01-15',
      })
      const cleared = await owner('crm.deals.update', { id: made.id, begunOn: null })
      expect(cleared).toMatchObject({ begunOn: '2026-06-03' })
      const item = { name: 'Brought', stageId: stages.get('Lead') }
      const items = [
        { ...item, externalId: 'begun:told', begunOn: '2025-02-03' },
        { ...item, externalId: 'begun:untold' },
      ]
      const { ids } = await owner('crm.deals.upsert', { items })
      for (let time = 0; time < 2; time += 1) {
        const begun = async (name: string) => (await owner('crm.deals.get', { id: ids[name] })).begunOn
        expect([await begun('begun:told'), await begun('begun:untold')]).toEqual(['2025-02-03', '2026-06-04'])
        clock.set('2026-06-04T18:00:00.000Z')
        expect(await owner('crm.deals.upsert', { items })).toMatchObject({ unchanged: 2 })
      }
      const { items: newest } = await owner('crm.deals.list', { sort: '-begunOn', limit: 1 })
      expect(newest).toMatchObject([{ begunOn: '2026-06-04' }])
    })

    it('stays as it is when the same comes in bulk again, and is moved when the stage is another', async () => {
      const item = { externalId: 'hubspot:1', name: 'In bulk', stageId: stages.get('Closed won') }
      expect(await owner('crm.deals.upsert', { items: [item] })).toMatchObject({ created: 1 })
      clock.set('2026-06-05T12:00:00.000Z')
      expect(await owner('crm.deals.upsert', { items: [item] })).toMatchObject({ unchanged: 1 })
      const moved = { ...item, stageId: stages.get('Lead') }
      const { ids } = await owner('crm.deals.upsert', { items: [moved] })
      const id = ids['hubspot:1']
      expect(await owner('crm.deals.get', { id })).toMatchObject({
        status: 'open',
        closedAt: null,
        version: 2,
      })
      const activities = (await owner('crm.deal_activities.list', { dealId: id })).items
      expect(activities).toMatchObject([
        {
          activityType: 'stage_changed',
          description: 'Moved from Closed won to Lead.',
          details: { from: stages.get('Closed won'), to: stages.get('Lead') },
        },
      ])
    })

    it('holds its stage: no change of outcome, no removal, whoever may see the deal', async () => {
      const { id: stageId } = await owner('crm.pipeline_stages.create', {
        pipelineId,
        name: 'Held',
        outcome: 'open',
      })
      const { id } = await as(town.member)('crm.deals.create', { name: 'Mine', stageId, privacy: 'private' })
      const change = owner('crm.pipeline_stages.update', { id: stageId, outcome: 'won' })
      expect(await refused(change)).toBe('STAGE_HAS_DEALS')
      expect(await refused(owner('crm.pipeline_stages.delete', { id: stageId }))).toBe('STAGE_HAS_DEALS')
      expect(await refused(owner('crm.pipelines.delete', { id: pipelineId }))).toBe('STAGE_HAS_DEALS')
      await as(town.member)('crm.deals.delete', { id })
      expect(await refused(owner('crm.pipeline_stages.delete', { id: stageId }))).toBe('success')
    })

    it('tells those who see it no names of stages that are kept from them', async () => {
      const { id: secret } = await owner('crm.pipelines.create', { name: 'Secret', privacy: 'boss_only' })
      const stage = (name: string) =>
        owner('crm.pipeline_stages.create', { pipelineId: secret, name, outcome: 'open' })
      const [bid, board] = [await stage('Hostile bid'), await stage('Board bribed')]
      const movesOf = async (made: Value, reader: Person) => {
        await owner('crm.deals.update', { id: made.id, stageId: board.id })
        const { items } = await as(reader)('crm.deal_activities.list', { dealId: made.id })
        return items.map((item: Value) => item.description)
      }
      expect(await movesOf(await deal('Lead'), town.member)).toEqual(['Moved from Lead to another stage.'])
      const kept = await deal('Lead', { stageId: bid.id, privacy: 'boss_only' })
      expect(await movesOf(kept, town.owner)).toEqual(['Moved from Hostile bid to Board bribed.'])
    })

    it('cannot stand in a stage of another pipeline, not even for who writes to the table', async () => {
      const { id } = await deal('Lead')
      const other = await owner('crm.pipelines.create', { name: 'Other' })
      const write = test.query('update crm.deals set pipeline_id = $1 where id = $2', [other.id, id])
      await expect(write).rejects.toThrow('deals_stage_fkey')
      const close = test.query(`update crm.deals set status = 'won', closed_at = created_at where id = $1`, [
        id,
      ])
      await expect(close).rejects.toThrow('deals_stage_fkey')
    })

    it('knows each person once, and keeps to whoever makes it private what others wrote of it', async () => {
      const { id: dealId } = await as(town.member)('crm.deals.create', {
        name: 'Shared',
        stageId: stages.get('Lead'),
      })
      const contact = await owner('crm.contacts.create', { firstName: 'Ada' })
      const input = { dealId, contactId: contact.id, role: 'decision maker' }
      const part = await owner('crm.deal_contacts.create', input)
      expect(await refused(owner('crm.deal_contacts.create', input))).toBe('DEAL_CONTACT_TAKEN')
      await as(town.member)('crm.deals.update', { id: dealId, privacy: 'private' })
      expect(await refused(owner('crm.deal_contacts.get', { id: part.id }))).toBe('RESOURCE_NOT_FOUND')
      const kept = await as(town.member)('crm.deal_contacts.get', { id: part.id })
      expect(kept).toMatchObject({ privacy: 'private', role: 'decision maker' })
      await as(town.member)('crm.deals.update', { id: dealId, privacy: 'public' })
      expect(await as(town.guest)('crm.deal_contacts.get', { id: part.id })).toMatchObject({
        privacy: 'public',
      })
    })
  })

  describe('a company', () => {
    it('shows its deals of what the reader sees, for each currency', async () => {
      const { id: companyId } = await owner('crm.companies.create', { name: 'Rolled' })
      await deal('Lead', { companyId, amountCents: 100 })
      await deal('Lead', { companyId })
      await deal('Closed won', { companyId, amountCents: 7, currency: 'EUR' })
      await as(town.member)('crm.deals.create', {
        name: 'Hidden',
        stageId: stages.get('Lead'),
        companyId,
        amountCents: 900,
        privacy: 'private',
      })
      const none = { openCount: 0, openAmountCents: 0, wonCount: 0, wonAmountCents: 0, lostCount: 0 }
      Object.assign(none, { lostAmountCents: 0, lastBegunOn: NOW.slice(0, 10), lastWonAt: null })
      const euro = { ...none, currency: 'EUR', wonCount: 1, wonAmountCents: 7, lastWonAt: NOW }
      const dollar = { ...none, currency: 'USD', openCount: 2, openAmountCents: 100 }
      expect((await owner('crm.companies.get', { id: companyId })).deals).toEqual([euro, dollar])
      const members = await as(town.member)('crm.companies.get', { id: companyId })
      expect(members.deals).toEqual([euro, { ...dollar, openCount: 3, openAmountCents: 1000 }])
    })
  })

  describe('the last activity', () => {
    it('has happened: what is still to come does not count', async () => {
      const { id: companyId } = await owner('crm.companies.create', { name: 'Acme' })
      const { id: contactId } = await owner('crm.contacts.create', { firstName: 'Ann', companyId })
      const { id: dealId } = await deal('Lead', { companyId })
      const meet = (occurredAt: string) => {
        const met = { interactionType: 'meeting', direction: 'outbound', occurredAt }
        return owner('crm.interactions.create', { ...met, contactId, companyId, dealId })
      }
      const visit = (visitedAt: string) =>
        owner('crm.website_activity.create', {
          pageUrl: 'https://acme.example',
          visitedAt,
          contactId,
          companyId,
        })
      await meet('2026-06-02T12:00:00.000Z')
      await visit('2026-06-02T12:00:00.000Z')
      const happenedAt = '2026-06-02T12:00:00.000Z'
      await owner('crm.deal_activities.create', { dealId, activityType: 'call', happenedAt })
      const lasts = async () =>
        Promise.all(
          [
            owner('crm.companies.get', { id: companyId }),
            owner('crm.contacts.get', { id: contactId }),
            owner('crm.deals.get', { id: dealId }),
          ].map(async (shown) => (await shown).lastActivityAt),
        )
      expect(await lasts()).toEqual([null, null, null])
      await meet(NOW)
      expect(await lasts()).toEqual([NOW, NOW, NOW])
    })
  })

  describe('a contact', () => {
    it('lives in a time zone that there is', async () => {
      const create = (timeZone: string) => owner('crm.contacts.create', { firstName: 'Ann', timeZone })
      expect(await refused(create('Mars/Phobos'))).toBe('INVALID_INPUT')
      expect((await create('Asia/Tokyo')).timeZone).toBe('Asia/Tokyo')
    })
  })

  describe('interest', () => {
    const contact = async (more: Value = {}) =>
      (await owner('crm.contacts.create', { firstName: 'Grace', ...more })).id
    const scoreOf = async (contactId: string) => (await owner('crm.person_scores', { contactId })).items[0]
    const meet = (contactId: string, occurredAt: string, more: Value = {}) =>
      owner('crm.interactions.create', {
        interactionType: 'meeting',
        direction: 'outbound',
        contactId,
        occurredAt,
        ...more,
      })

    it('is nothing where none was shown, and loses a tenth each week', async () => {
      const id = await contact()
      expect(await scoreOf(id)).toBeUndefined()
      await meet(id, NOW)
      expect(await scoreOf(id)).toMatchObject({
        totalScore: 0.4,
        meetingScore: 0.4,
        meetingCount: 1,
        scoreTrend: 'rising',
      })
      clock.set('2026-06-14T12:00:00.000Z')
      const later = await scoreOf(id)
      expect(later.totalScore).toBeCloseTo(0.4 * 0.9 ** (13 / 7), 10)
      expect(later).toMatchObject({ scoreTrend: 'falling', activityTrend: 'falling', lastMeetingAt: NOW })
      clock.set('2126-06-15T12:00:00.000Z')
      expect((await scoreOf(id)).totalScore).toBeLessThan(1e-10)
    })

    it('counts each rule up to its cap', async () => {
      const id = await contact()
      for (let n = 0; n < 4; n += 1) await meet(id, NOW)
      expect((await scoreOf(id)).totalScore).toBe(1)
    })

    it('does not count what is still to come', async () => {
      const id = await contact()
      await meet(id, '2026-06-01T12:00:01.000Z')
      expect(await scoreOf(id)).toBeUndefined()
    })

    it('follows the conditions of the rules', async () => {
      const id = await contact()
      const slack = (direction: string) => meet(id, NOW, { interactionType: 'slack', direction })
      await slack('outbound')
      expect((await scoreOf(id)).totalScore).toBe(0)
      await slack('inbound')
      expect((await scoreOf(id)).totalScore).toBeCloseTo(0.2)
      const look = (timeOnPageSeconds: number) =>
        owner('crm.website_activity.create', {
          pageUrl: 'https://example.com/',
          contactId: id,
          sessionId: 'one visit',
          visitedAt: NOW,
          timeOnPageSeconds,
        })
      for (const seconds of [300, 1, 1]) await look(seconds)
      expect((await scoreOf(id)).websiteScore).toBeCloseTo(0.3)
      await look(301)
      expect((await scoreOf(id)).websiteScore).toBeCloseTo(0.4 + 0.2 + 0.15)
    })

    it('counts a mail that was opened in two places once', async () => {
      const id = await contact()
      const mail = await meet(id, NOW, { interactionType: 'email', openedAt: NOW })
      for (const externalId of [`${mail.id}:1`, `${mail.id}:2`]) {
        await owner('crm.email_engagement.create', {
          interactionId: mail.id,
          externalId,
          lastOpenedAt: NOW,
          openedCount: 3,
          firstClickedAt: NOW,
        })
      }
      expect((await scoreOf(id)).emailScore).toBeCloseTo(0.3)
    })

    it('is that of the company too, and changes with the rules at once', async () => {
      const company = await owner('crm.companies.create', { name: 'Keen' })
      const people = [await contact({ companyId: company.id }), await contact({ companyId: company.id })]
      for (const id of people) await meet(id, NOW)
      const scoreOfCompany = async () =>
        (await owner('crm.company_scores', { companyId: company.id })).items[0]
      expect(await scoreOfCompany()).toMatchObject({ name: 'Keen', totalScore: 0.8, peopleCount: 2 })
      const rule = (await owner('crm.engagement_rules.list', { externalId: 'shipped:meeting' })).items[0]
      await owner('crm.engagement_rules.update', { id: rule.id, baseScore: 0.1 })
      expect((await scoreOfCompany()).totalScore).toBeCloseTo(0.2)
      await owner('crm.engagement_rules.update', { id: rule.id, isActive: false })
      expect((await scoreOfCompany()).totalScore).toBe(0)
      await owner('crm.engagement_rules.update', { id: rule.id, baseScore: 0.4, isActive: true })
    })

    it('answers a plain select by the names of the tables of scores', async () => {
      await meet(await contact(), '2020-01-01T00:00:00.000Z')
      const rows = await actAs(test, town.owner, (tx) =>
        tx.selectFrom('person_engagement_scores').select(['contact_id', 'total_score']).execute(),
      )
      expect(rows.length).toBeGreaterThan(0)
      const companies = await actAs(test, town.guest, (tx) =>
        tx.selectFrom('company_engagement_scores').selectAll().execute(),
      )
      expect(companies).toEqual([])
    })

    it('of one person is asked of the rows of that person, not of all of the town', async () => {
      const id = await contact()
      const plan = await actAs(test, town.owner, async (tx) => {
        const { rows } = await sql<{ 'QUERY PLAN': string }>`
          explain select * from person_engagement_scores
          where town_id = ${sql.lit(town.id)}::uuid and contact_id = ${sql.lit(id)}::uuid`.execute(tx)
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
      // Two scans of interactions and two of pages, for the counts and again for the points.
      const scans = plan.match(/Scan (using \S+ )?on (interactions|website_activity)\b/g) ?? []
      expect(scans.length, plan).toBe(8)
      expect(plan.split(`contact_id = '${id}'`).length - 1, plan).toBe(8)
    })

    it('takes only conditions it knows', async () => {
      const rule = { name: 'Odd', signal: 'meeting', baseScore: 1 }
      const odd = { ...rule, conditions: { weather: 'fine' } }
      expect(await refused(owner('crm.engagement_rules.create', odd))).toBe('INVALID_INPUT')
      const tiny = { ...rule, baseScore: 1e-300 }
      expect(await refused(owner('crm.engagement_rules.create', tiny))).toBe('INVALID_INPUT')
    })
  })
})
