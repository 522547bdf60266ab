import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

const NOW = '2026-06-01T12:00:00.000Z'
const HOUR = 3_600_000

/** What may happen to anything at any time: what races for the same thing, or speaks of what is gone. */
const EXPECTED = [
  'RESOURCE_NOT_FOUND',
  'REFERENCE_NOT_FOUND',
  'RESOURCE_IN_USE',
  'DEAL_CONTACT_TAKEN',
  'CONFLICT',
  'DATABASE_BUSY',
]

type Step = { what: (typeof KINDS)[number]; a: number; b: number; c: number; hours: number }
const KINDS = [
  'deal',
  'deals',
  'move',
  'worth',
  'drop',
  'role',
  'talk',
  'mail',
  'look',
  'untalk',
  'rule',
  'employ',
] as const

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...KINDS),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
  hours: fc.integer({ min: -24, max: 24 * 40 }),
})

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  const clock = stoppedClock(NOW)
  const rowsOf = (table: string) => test.query<Value>(`select * from crm.${table} order by created_at, id`)
  const call = (operation: string, input: Value = {}): Promise<Value> =>
    operationsAs(test, town.member, clock)(operation, input)
  let companies: string[]
  let contacts: string[]
  let stages: Value[]
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    const add = async (n: number) => (await call('crm.companies.create', { name: `Company ${n}` })).id
    companies = [await add(0), await add(1), await add(2)]
    contacts = []
    for (let n = 0; n < 4; n += 1) {
      const { id } = await call('crm.contacts.create', {
        firstName: `Person ${n}`,
        ...(n < 3 ? { companyId: companies[n % 2] } : {}),
      })
      contacts.push(id)
    }
    stages = await rowsOf('pipeline_stages')
  })
  afterAll(() => test.drop())

  const at = (list: Value[], n: number) => list[n % list.length]
  const some = async (table: string, n: number) => at(await rowsOf(table), n)?.id
  const orNothing = (list: string[], n: number) => (n % 3 === 0 ? null : at(list, n))

  function dealOf({ a, b, c }: Step) {
    return {
      name: `Deal ${a}`,
      stageId: at(stages, a).id,
      companyId: orNothing(companies, b),
      primaryContactId: orNothing(contacts, c),
      amountCents: a % 5 === 0 ? null : b * 100,
      currency: c % 2 ? 'EUR' : 'USD',
    }
  }

  async function take(each: Step): Promise<unknown> {
    const { what, a, b, c, hours } = each
    const when = new Date(Date.parse(NOW) - hours * HOUR).toISOString()
    const id = (table: string) => some(table, a).then((found) => found ?? contacts[0])
    switch (what) {
      case 'deal':
        return call('crm.deals.create', dealOf(each))
      case 'deals': {
        const items = [0, 1, 2].map((n) => ({
          ...dealOf({ ...each, a: a + n, c: c + n }),
          externalId: `x${(b + n) % 7}`,
        }))
        return call('crm.deals.upsert', { items })
      }
      case 'move':
        return call('crm.deals.update', { id: await id('deals'), stageId: at(stages, b).id })
      case 'worth':
        return call('crm.deals.update', {
          id: await id('deals'),
          amountCents: b,
          companyId: orNothing(companies, c),
        })
      case 'drop':
        return call('crm.deals.delete', { id: await id('deals') })
      case 'role':
        return call('crm.deal_contacts.create', { dealId: await id('deals'), contactId: at(contacts, b) })
      case 'talk':
        return call('crm.interactions.create', {
          interactionType: at(['email', 'slack', 'linkedin', 'meeting', 'phone'], a),
          direction: at(['inbound', 'outbound'], b),
          contactId: orNothing(contacts, c),
          companyId: orNothing(companies, b),
          occurredAt: when,
          ...(b % 4 === 0 ? { openedAt: when } : {}),
        })
      case 'mail':
        return call('crm.email_engagement.create', {
          interactionId: await id('interactions'),
          externalId: `mail ${b} ${c}`,
          lastOpenedAt: when,
          ...(b % 2 ? { lastClickedAt: when } : {}),
          ...(c % 2 ? { repliedAt: when } : {}),
        })
      case 'look':
        return call('crm.website_activity.create', {
          pageUrl: 'https://example.com/',
          contactId: orNothing(contacts, c),
          companyId: orNothing(companies, a),
          sessionId: `visit ${b % 3}`,
          timeOnPageSeconds: b % 600,
          isConverted: a % 4 === 0,
          visitedAt: when,
        })
      case 'untalk':
        return call('crm.interactions.delete', { id: await id('interactions') })
      case 'rule':
        return call('crm.engagement_rules.update', {
          id: await id('engagement_rules'),
          baseScore: (b % 5) / 10,
          decayFactor: at([0, 0.5, 0.9, 1], c),
          maxScore: (c % 4) / 2,
          isActive: b % 6 !== 0,
        })
      case 'employ':
        return call('crm.contacts.update', { id: at(contacts, a), companyId: orNothing(companies, b) })
    }
  }

  async function takeAll(steps: Step[]): Promise<void> {
    for (const done of await Promise.allSettled(steps.map(take))) {
      if (done.status === 'rejected') expect(EXPECTED).toContain(done.reason.code)
    }
  }

  it('shows rollups and scores as they come out when all is counted anew, whatever was done at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 12 }),
        async (batches) => {
          for (const batch of batches) await takeAll(batch)
          const facts = await read()
          for (const id of companies) await compare('company', id, facts)
          for (const id of contacts) await compare('contact', id, facts)
        },
      ),
      { numRuns: backend === 'embedded' ? 12 : 20, seed: 20_260_601, endOnFailure: true },
    )
  }, 120_000)

  async function read() {
    const [deals, roles, talks, mails, looks, rules, people] = await Promise.all(
      [
        'deals',
        'deal_contacts',
        'interactions',
        'email_engagement',
        'website_activity',
        'engagement_rules',
        'contacts',
      ].map(rowsOf),
    )
    return { deals, roles, talks, mails, looks, rules, people } as Record<string, Value[]>
  }

  async function compare(kind: 'company' | 'contact', id: string, facts: Record<string, Value[]>) {
    const things = kind === 'company' ? 'companies' : 'contacts'
    const shown = await call(`crm.${things}.get`, { id })
    expect(shown.deals).toEqual(dealsOf(kind, id, facts))
    expect(shown.lastActivityAt).toEqual(lastOf(kind, id, facts))
    const scores =
      kind === 'company'
        ? await call('crm.company_scores', { companyId: id })
        : await call('crm.person_scores', { contactId: id })
    const expected = scoreOf(kind, id, facts)
    expect(scores.items.length).toBe(expected === null ? 0 : 1)
    if (expected !== null) expect(scores.items[0].totalScore).toBeCloseTo(expected, 8)
  }

  function dealsOf(kind: string, id: string, { deals, roles }: Record<string, Value[]>): Value[] {
    const isOf = (each: Value) =>
      kind === 'company'
        ? each.company_id === id
        : each.primary_contact_id === id ||
          roles!.some((role) => role.deal_id === each.id && role.contact_id === id)
    const byCurrency = Map.groupBy(deals!.filter(isOf), (each) => each.currency as string)
    return [...byCurrency.keys()].toSorted().map((currency) => {
      const inStage = (outcome: string) =>
        byCurrency
          .get(currency)!
          .filter((each) => stages.find((stage) => stage.id === each.stage_id).outcome === outcome)
      const worth = (list: Value[]) => list.reduce((sum, each) => sum + Number(each.amount_cents ?? 0), 0)
      return {
        currency,
        openCount: inStage('open').length,
        openAmountCents: worth(inStage('open')),
        wonCount: inStage('won').length,
        wonAmountCents: worth(inStage('won')),
        lostCount: inStage('lost').length,
      }
    })
  }

  const employerOf = (facts: Record<string, Value[]>, each: Value) =>
    facts['people']!.find((person) => person.id === each.contact_id)?.company_id

  function lastOf(kind: string, id: string, facts: Record<string, Value[]>): string | null {
    const isOf = (each: Value) =>
      kind === 'company' ? each.company_id === id || employerOf(facts, each) === id : each.contact_id === id
    const times = [
      ...facts['talks']!.filter(isOf).map((each) => each.occurred_at),
      ...facts['looks']!.filter(isOf).map((each) => each.visited_at),
    ]
    return times.length === 0 ? null : new Date(Math.max(...times.map(Number))).toISOString()
  }

  /** Every sign that was shown until now: what, whose, when. */
  function signsOf(facts: Record<string, Value[]>): Value[] {
    const signs: Value[] = []
    for (const talk of facts['talks']!) {
      const own = {
        contact: talk.contact_id,
        company: talk.company_id ?? employerOf(facts, talk) ?? null,
        direction: talk.direction,
      }
      signs.push({ ...own, signal: talk.interaction_type, at: +talk.occurred_at })
      if (talk.interaction_type !== 'email') continue
      const mails = facts['mails']!.filter((mail) => mail.interaction_id === talk.id)
      const last = (signal: string, first: Date | null, column: string) => {
        const times = [first, ...mails.map((mail) => mail[column])]
          .filter((time) => time !== null)
          .map(Number)
        if (times.length > 0) signs.push({ ...own, signal, at: Math.max(...times) })
      }
      last('email_opened', talk.opened_at, 'last_opened_at')
      last('email_clicked', talk.clicked_at, 'last_clicked_at')
      last('email_replied', talk.replied_at, 'replied_at')
    }
    const visits = new Map<string, Value>()
    for (const look of facts['looks']!) {
      const company = look.company_id ?? employerOf(facts, look) ?? null
      const own = {
        contact: look.contact_id,
        company,
        at: +look.visited_at,
        seconds: look.time_on_page_seconds,
      }
      signs.push({ ...own, signal: 'website_visit' })
      if (look.is_converted) signs.push({ ...own, signal: 'website_conversion' })
      const key = `${look.session_id} ${look.contact_id} ${company}`
      const visit = visits.get(key) ?? { ...own, signal: 'website_session', views: 0, seconds: 0 }
      visits.set(key, { ...visit, views: visit.views + 1, at: Math.max(visit.at, own.at) })
    }
    return [...signs, ...visits.values()].filter((sign) => sign.at <= Date.parse(NOW))
  }

  function scoreOf(kind: 'company' | 'contact', id: string, facts: Record<string, Value[]>): number | null {
    const signs = signsOf(facts).filter((sign) => sign[kind] === id)
    if (signs.length === 0) return null
    let total = 0
    for (const rule of facts['rules']!.filter((each) => each.is_active)) {
      const { direction, minSeconds = 0, minViews = 0 } = rule.conditions
      const fitting = signs.filter(
        (sign) =>
          sign.signal === rule.signal &&
          (direction === undefined || direction === sign.direction) &&
          (sign.seconds ?? 0) >= minSeconds &&
          (sign.views ?? 0) >= minViews,
      )
      const points = fitting.map(
        (sign) =>
          rule.base_score *
          rule.multiplier *
          rule.decay_factor ** ((Date.parse(NOW) - sign.at) / HOUR / rule.decay_hours),
      )
      total += Math.min(
        rule.max_score,
        points.reduce((sum, each) => sum + each, 0),
      )
    }
    return total
  }
})
