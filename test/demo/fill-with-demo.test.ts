import { afterAll, beforeAll, expect, it } from 'vitest'

import { fillWithDemo, type DemoReport } from '../../src/demo/demo-town.ts'
import { eachBackend } from '../support/backends.ts'
import { foundTown, type Town } from '../support/found-town.ts'
import { operationsAs, type Value } from '../support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

const wanted = { seed: 3, until: '2026-05-17', size: 'sample' } as const
const today = '2026-05-17'

/** What a row says, without what each database decides: ids, who, and when it was stored. */
const OF_THE_DATABASE = /(^id|Id|Ids|By|At)$/

function saidBy(items: Value[]): Value[] {
  const dates = ['deadlineAt', 'dueAt', 'completedAt', 'closedAt', 'occurredAt', 'externalId']
  return items.map((item) =>
    Object.fromEntries(
      Object.entries(item).filter(([name]) => dates.includes(name) || !OF_THE_DATABASE.test(name)),
    ),
  )
}

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let call: ReturnType<typeof operationsAs>
  let first: DemoReport
  const list = async (of: string, input: Record<string, unknown> = {}) => {
    const items: Value[] = []
    let cursor: string | null = null
    do {
      const page: Value = await call(`${of}.list`, { ...input, limit: 100, ...(cursor ? { cursor } : {}) })
      items.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    return items
  }

  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    call = operationsAs(test, town.owner)
    first = await fillWithDemo({ call, wanted, today })
  })
  afterAll(() => test.drop())

  it('puts everything into an empty town and says so', async () => {
    expect(first).toMatchObject({ town: { slug: 'home' }, choice: wanted, isChanged: true })
    expect(first.filled.filter(({ created }) => created === 0).map(({ label }) => label)).toEqual([])
    expect(first.filled.reduce((sum, { updated }) => sum + updated, 0)).toBe(0)
    expect((await list('crm.deals')).length).toBe(16)
  })

  it('changes nothing when it is run again: no row, no event, no audit', async () => {
    const count = async () => {
      const [row] = await test.query<{ events: string; audits: string }>(
        'select (select count(*) from journal.events) as events, (select count(*) from journal.audit_log) as audits',
      )
      return row
    }
    const before = await count()
    const second = await fillWithDemo({ call, wanted: {}, today: '2026-06-30' })
    expect(second.isChanged).toBe(false)
    expect(second.choice).toEqual(wanted)
    expect(second.filled.map(({ unchanged }) => unchanged)).toEqual(
      first.filled.map(({ created }) => created),
    )
    expect(await count()).toEqual(before)
  })

  it('sets back what was changed, and brings back what was deleted', async () => {
    const [deal] = await list('crm.deals', { status: 'open' })
    await call('crm.deals.update', { id: deal.id, nextStep: 'Something else' })
    const [note] = await list('memory.notes')
    await call('memory.notes.delete', { id: note.id })
    const again = await fillWithDemo({ call, wanted, today })
    const changed = again.filled.filter(({ created, updated }) => created + updated > 0)
    expect(changed.map(({ label, created, updated }) => [label, created, updated])).toEqual([
      ['Deals', 0, 1],
      ['Sticky notes', 1, 0],
    ])
    expect(await call('crm.deals.get', { id: deal.id })).toMatchObject({ nextStep: deal.nextStep })
  })

  it('refuses another seed in the same town, and a town that has data of its own', async () => {
    await expect(fillWithDemo({ call, wanted: { seed: 4 }, today })).rejects.toMatchObject({
      code: 'DEMO_DIFFERS',
      data: { seed: 3 },
    })
    const other = await foundTown(test, { slug: 'in-use' })
    const there = operationsAs(test, other.owner)
    await there('agenda.tasks.create', { title: 'Call the plumber' })
    await expect(fillWithDemo({ call: there, wanted, today })).rejects.toMatchObject({
      code: 'DEMO_TOWN_IN_USE',
      data: { found: 'agenda.tasks' },
    })
    expect((await there('identity.members')).items).toHaveLength(4)
  })

  it('leaves nothing behind for who may not do it', async () => {
    const other = await foundTown(test, { slug: 'not-mine' })
    const asMember = operationsAs(test, other.member)
    await expect(fillWithDemo({ call: asMember, wanted, today })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await operationsAs(test, other.owner)('knowledge.collections.list')).items).toEqual([])
  })

  it('makes the same data of the same seed in another town', async () => {
    const other = await foundTown(test, { slug: 'twin' })
    const there = operationsAs(test, other.owner)
    const report = await fillWithDemo({ call: there, wanted, today })
    expect(report.filled).toEqual(first.filled)
    const said = async (at: typeof call, of: string) =>
      saidBy((await at(`${of}.list`, { limit: 100, sort: '-createdAt' })).items).toSorted((a, b) =>
        a.externalId < b.externalId ? -1 : 1,
      )
    for (const resource of ['crm.companies', 'crm.deals', 'agenda.commitments', 'memory.notes']) {
      const twins = await said(there, resource)
      expect(twins.length).toBeGreaterThan(0)
      // A note that was deleted and came back has the same words too, and a row that was set back a higher version.
      const plain = (items: Value[]) => items.map(({ version: _, ...item }) => item)
      expect(plain(twins)).toEqual(plain(await said(call, resource)))
    }
  })

  it('goes on where one was that lost its database', async () => {
    const other = await foundTown(test, { slug: 'interrupted' })
    const there = operationsAs(test, other.owner)
    let left = 60
    const failing: typeof there = (operation, input) => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('the database is gone')) : there(operation, input)
    }
    await expect(fillWithDemo({ call: failing, wanted, today })).rejects.toThrow('the database is gone')
    const report = await fillWithDemo({ call: there, wanted: {}, today })
    expect(report.choice).toEqual(wanted)
    expect(report.filled.map(({ created, unchanged }) => created + unchanged)).toEqual(
      first.filled.map(({ created }) => created),
    )
    const counted = report.filled.map(({ created, unchanged }) => ({ created, unchanged }))
    expect(counted.some(({ created, unchanged }) => created > 0 && unchanged > 0)).toBe(true)
  })

  it('gives figures that agree with the rows', async () => {
    const deals = await list('crm.deals')
    const stages = (await call('insight.pipeline_by_stage', { limit: 1000 })).items
    const inStages = stages.filter(({ dealCount }: Value) => dealCount > 0)
    expect(inStages.reduce((sum: number, { dealCount }: Value) => sum + dealCount, 0)).toBe(deals.length)
    expect(inStages.length).toBeGreaterThan(2)
    const open = deals.filter(({ status }) => status === 'open')
    const forecast = (await call('insight.deal_forecast', { limit: 1000 })).items
    expect(open.length).toBeGreaterThan(1)
    expect(forecast.reduce((sum: number, { dealCount }: Value) => sum + dealCount, 0)).toBe(open.length)
    expect(forecast.reduce((sum: number, { amountCents }: Value) => sum + amountCents, 0)).toBe(
      open.reduce((sum, { amountCents }) => sum + amountCents, 0),
    )
    const rates = (await call('insight.win_rates', { limit: 1000 })).items
    const over = rates.reduce((sum: number, { wonCount, lostCount }: Value) => sum + wonCount + lostCount, 0)
    expect(over).toBe(deals.length - open.length)
  })

  it('gives rollups, activity, workload, costs and the ten that ask for attention', async () => {
    const deals = await list('crm.deals', { status: 'won' })
    const companies = await list('crm.companies')
    const won = companies
      .flatMap((company) => company.deals)
      .reduce((sum: number, { wonCount }: Value) => sum + wonCount, 0)
    expect(won).toBe(deals.length)
    expect(won).toBeGreaterThan(0)
    expect(companies.filter(({ lastActivityAt }) => lastActivityAt === null)).toEqual([])
    for (const report of ['activity_by_day', 'workload_by_person', 'ai_costs', 'communication_analytics']) {
      expect((await call(`insight.${report}`, { limit: 1000 })).items.length).toBeGreaterThan(1)
    }
    expect((await call('crm.company_scores', {})).items.length).toBeGreaterThan(0)
    expect((await call('agenda.attention.top', {})).items.length).toBeGreaterThan(2)
    expect(await call('journal.audit.verify')).toMatchObject({ broken: null })
  })

  it('can be searched, and a promise that is open can be recalled in the words it was made with', async () => {
    const found = await call('search.find', { q: 'savings estimate' })
    expect(found.items.map(({ kind }: Value) => kind)).toContain('task')
    const [article] = (await call('knowledge.articles.search', { q: 'night load' })).items
    expect(article.item.title).toContain('night-load')
  })

  it('leaves no key of the colleagues that would open the town', async () => {
    const [row] = await test.query<{ live: string }>(
      `select count(*)::int as live from identity.api_keys k join identity.users u on u.id = k.user_id
       where u.email like '%@lanternworks.example' and k.revoked_at is null`,
    )
    expect(row).toEqual({ live: 0 })
  })
})
