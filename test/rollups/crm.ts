import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { expectSame, at, privacyOf, type Dice, type Part, type Viewer, type World } from './world.ts'
import { dealOf, dealsOf, lastOf, readFacts, scoreOf, type Facts } from './crm-from-scratch.ts'

const orNothing = (world: World, kind: string, n: number) => (n % 3 === 0 ? null : world.some(kind, n))

function newDeal({ a, b, c, ...rest }: Dice, world: World): Value {
  return {
    name: `Deal ${a}`,
    stageId: world.some('stages', a),
    companyId: orNothing(world, 'companies', b),
    primaryContactId: orNothing(world, 'contacts', c),
    ownerId: at([null, world.town.member.userId, world.town.other.userId], c),
    amountCents: a % 5 === 0 ? null : b % 100_000,
    currency: c % 2 ? 'EUR' : 'USD',
    probability: b % 3 === 0 ? null : a % 101,
    forecastCategory: at(['pipeline', 'best_case', 'commit', 'omitted'], a + b),
    ...(b % 4 === 0 ? {} : { begunOn: world.before({ a: b, b: c, c: a, ...rest }).slice(0, 10) }),
    expectedCloseOn: a % 4 === 0 ? null : world.before({ a, b, c, ...rest }).slice(0, 10),
  }
}

function newTalk({ a, b, c, ...rest }: Dice, world: World): Value {
  const when = world.before({ a, b, c, ...rest })
  return {
    interactionType: at(['email', 'slack', 'linkedin', 'meeting', 'phone', 'web'], a),
    direction: at(['inbound', 'outbound', 'internal'], b),
    contactId: orNothing(world, 'contacts', c),
    companyId: orNothing(world, 'companies', b),
    dealId: orNothing(world, 'deals', a),
    userId: at([null, world.town.member.userId, world.town.owner.userId], a + c),
    occurredAt: when,
    timeSpentSeconds: a % 2 ? b % 600 : null,
    ...(b % 4 === 0 ? { openedAt: when } : {}),
    ...(a % 3 === 0 ? { repliedAt: new Date(Date.parse(when) + (b % 50) * 3_600_000).toISOString() } : {}),
  }
}

/** Companies and people with their deals, what happened with them, and how interested they are. */
export const crm: Part = {
  refusals: ['DEAL_IS_OPEN', 'DEAL_CONTACT_TAKEN'],
  async prepare(world) {
    const add = async (kind: string, privacy: string, more: Value) => {
      const { id } = await world.owner(`crm.${kind}.create`, { privacy, ...more })
      world.know(kind, id)
      return id
    }
    const companies: string[] = []
    for (const [n, privacy] of ['public', 'team', 'public'].entries()) {
      companies.push(await add('companies', privacy, { name: `Company ${n}`, isVip: n === 2 }))
    }
    for (const [n, privacy] of ['public', 'team', 'public', 'boss_only'].entries()) {
      const companyId = n < 3 ? companies[n % 2] : null
      await add('contacts', privacy, { firstName: `Person ${n}`, companyId, isVip: n === 1 })
    }
    const stages = await world.test.query<Value>(
      `select id from crm.pipeline_stages where town_id = '${world.town.id}'`,
    )
    world.know('stages', ...stages.map((stage) => stage.id))
    const rules = await world.test.query<Value>(
      `select id from crm.engagement_rules where town_id = '${world.town.id}'`,
    )
    world.know('rules', ...rules.map((rule) => rule.id))
  },
  steps: {
    async addDeal(die, call, world) {
      const { id } = await call('crm.deals.create', { ...newDeal(die, world), privacy: privacyOf(die) })
      world.know('deals', id)
    },
    async upsertDeals(die, call, world) {
      const items = [0, 1, 2].map((n) => ({
        ...newDeal({ ...die, a: die.a + n, c: die.c + n }, world),
        externalId: `x${(die.b + n) % 70}`,
      }))
      const { ids } = await call('crm.deals.upsert', { items })
      world.know('deals', ...(Object.values(ids) as string[]))
    },
    moveDeal: ({ a, b }, call, world) =>
      call('crm.deals.update', { id: world.some('deals', a), stageId: world.some('stages', b) }),
    closeDeal: (die, call, world) =>
      call('crm.deals.update', { id: world.some('deals', die.a), closedAt: world.before(die) }),
    valueDeal: ({ a, b, c }, call, world) =>
      call('crm.deals.update', {
        id: world.some('deals', a),
        amountCents: b % 100_000,
        companyId: orNothing(world, 'companies', c),
      }),
    hideDeal: (die, call, world) =>
      call('crm.deals.update', { id: world.some('deals', die.a), privacy: privacyOf(die) }),
    dropDeal: ({ a }, call, world) => call('crm.deals.delete', { id: world.some('deals', a) }),
    addRole: ({ a, b }, call, world) =>
      call('crm.deal_contacts.create', {
        dealId: world.some('deals', a),
        contactId: world.some('contacts', b),
      }),
    async talk(die, call, world) {
      const { id } = await call('crm.interactions.create', {
        ...newTalk(die, world),
        privacy: privacyOf(die),
      })
      world.know('talks', id)
    },
    mail: (die, call, world) =>
      call('crm.email_engagement.create', {
        interactionId: world.some('talks', die.a),
        externalId: `mail ${die.b} ${die.c}`,
        lastOpenedAt: world.before(die),
        ...(die.b % 2 ? { lastClickedAt: world.before(die) } : {}),
        ...(die.c % 2 ? { repliedAt: world.before(die) } : {}),
      }),
    look: (die, call, world) =>
      call('crm.website_activity.create', {
        pageUrl: 'https://example.com/',
        contactId: orNothing(world, 'contacts', die.c),
        companyId: orNothing(world, 'companies', die.a),
        sessionId: `visit ${die.b % 30}`,
        timeOnPageSeconds: die.b % 600,
        isConverted: die.a % 4 === 0,
        visitedAt: world.before(die),
        privacy: privacyOf(die),
      }),
    unsay: ({ a }, call, world) => call('crm.interactions.delete', { id: world.some('talks', a) }),
    rule: ({ a, b, c }, call, world) =>
      call('crm.engagement_rules.update', {
        id: world.some('rules', a),
        baseScore: (b % 5) / 10,
        decayFactor: at([0, 0.5, 0.9, 1], c),
        maxScore: (c % 40) / 2,
        isActive: b % 6 !== 0,
      }),
    employ: ({ a, b }, call, world) =>
      call('crm.contacts.update', {
        id: world.some('contacts', a),
        companyId: orNothing(world, 'companies', b),
        ownerId: at([null, world.town.member.userId], b),
      }),
    stage: ({ a, b }, call, world) =>
      call('crm.pipeline_stages.update', { id: world.some('stages', a), probability: b % 101 }),
  },
  async compare(world, viewer) {
    const facts = await readFacts(viewer, world)
    for (const company of facts.companies) await compareOne('company', company, facts, viewer)
    for (const contact of facts.contacts) await compareOne('contact', contact, facts, viewer)
    await compareDeals(facts, viewer)
    const { items } = await viewer.call('crm.pipelines.list', { limit: 100 })
    for (const { id, stageCount } of items) {
      expect(stageCount).toBe(facts.stages.filter((stage) => stage.pipeline_id === id).length)
    }
  },
}

async function compareOne(kind: 'company' | 'contact', row: Value, facts: Facts, viewer: Viewer) {
  const { id } = row
  const about = `${kind} as ${viewer.name}`
  const shown = await viewer.call(`crm.${kind === 'company' ? 'companies' : 'contacts'}.get`, { id })
  expectSame(shown.deals, dealsOf(kind, id, facts), about)
  expect(shown.lastActivityAt, about).toBe(lastOf(kind, id, facts))
  if (kind === 'company') {
    expect(shown.contactCount).toBe(facts.contacts.filter((each) => each.company_id === id).length)
  }
  const { items } =
    kind === 'company'
      ? await viewer.call('crm.company_scores', { companyId: id })
      : await viewer.call('crm.person_scores', { contactId: id })
  const expected = scoreOf(kind, id, facts)
  const scores = items.map(({ name: _, calculatedAt: __, ...score }: Value) => score)
  // A trend that hangs on the last bit of a sum may fall to either side.
  if (expected?.isClose === true) for (const each of [...scores, expected.score]) delete each.scoreTrend
  expectSame(scores, expected === null ? [] : [expected.score], `scores of a ${about}`)
}

async function compareDeals(facts: Facts, viewer: Viewer): Promise<void> {
  const { items } = await viewer.call('crm.deals.list', { limit: 100 })
  expect(items.length).toBe(Math.min(100, facts.deals.length))
  for (const { id, status, pipelineId, stageName, likelihood, lastActivityAt } of items) {
    const shown = { status, pipelineId, stageName, likelihood, lastActivityAt }
    expect(shown, `deal as ${viewer.name}`).toEqual(dealOf(id, facts))
  }
}
