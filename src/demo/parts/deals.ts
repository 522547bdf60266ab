import type { Days } from '../days.ts'
import { Random } from '../random.ts'
import { GIVEN, ref, type Item } from '../step.ts'
import { STAGES, type Stage } from '../words/beats.ts'
import { LOST_REASONS, PRODUCTS, RISKS, WON_REASONS, type Product } from '../words/deals.ts'
import { fillIn } from '../words/fill-in.ts'
import { companyRef, contactRef, externalId, personOf, type Company, type Contact } from './companies.ts'

export type Deal = {
  key: string
  title: string
  product: Product
  company: Company
  contact: Contact
  colleague: string | null
  amount: number
  currency: 'EUR' | 'USD'
  stage: Stage
  /** The stages it was in, with the days from day 0; the last reaches to the present where it is open. */
  passed: { stage: Stage; from: number; to: number }[]
  /** The day it was closed, or is expected to be. */
  closeDay: number
  reason: string | null
  risks: string[]
}

const OPEN_STAGES = STAGES.slice(0, 6)
const YEAR = 365
/** Shares no divisor with the number of deals, so that each has a day of its own. */
const SPREAD = 37

/** Deals over the year: a part is won, a part lost, and the young ones are open. */
export function makeDeals(world: { seed: number; days: Days; companies: Company[] }, count: number): Deal[] {
  const random = Random.of(world.seed, 'deals')
  return Array.from({ length: count }, (_, index) => {
    const company = world.companies[index % world.companies.length]!
    const product = PRODUCTS[(index + Math.floor(index / world.companies.length)) % PRODUCTS.length]!
    const length = random.int(...product.days)
    // Over the whole year and more of them lately, so that there is enough under way.
    const share = ((index * SPREAD) % count) / count
    const openDay = world.days.workday(-4 - Math.round((YEAR - 4) * share ** 1.4))
    const isOver = openDay + length < -1
    const stage = isOver ? (random.chance(0.58) ? 'won' : 'lost') : stageAt(-openDay / length)
    const contact = company.contacts[random.int(0, Math.min(1, company.contacts.length - 1))]!
    const [low, high] = product.worth
    const title = fillIn(product.name, { count: String(company.sites), sites: company.industry.sites })
    return {
      key: `deal-${index + 1}`,
      title,
      product,
      company,
      contact,
      colleague: company.colleague,
      amount: Math.round((low + (high - low) * random.next() ** 1.6) / 500) * 500,
      currency: company.country === 'United States' ? ('USD' as const) : ('EUR' as const),
      stage,
      passed: passedOf({ stage, openDay, length }, world.days, random),
      closeDay: isOver ? world.days.workdayBefore(openDay + length) : world.days.workday(openDay + length),
      reason: isOver ? random.pick(stage === 'won' ? WON_REASONS : LOST_REASONS) : null,
      risks: random.chance(0.45) ? random.shuffle(RISKS).slice(0, random.int(1, 2)) : [],
    }
  })
}

/** Where an open deal stands after this share of its time. */
function stageAt(share: number): Stage {
  return OPEN_STAGES[Math.min(OPEN_STAGES.length - 1, Math.floor(share * OPEN_STAGES.length))]!
}

function passedOf(
  deal: { stage: Stage; openDay: number; length: number },
  days: Days,
  random: Random,
): Deal['passed'] {
  const { stage, openDay, length } = deal
  const isOver = stage === 'won' || stage === 'lost'
  // What is lost is lost somewhere on the way.
  const last =
    stage === 'won' ? 6 : stage === 'lost' ? random.int(3, 5) : OPEN_STAGES.indexOf(stage as never) + 1
  const step = length / (isOver ? last : OPEN_STAGES.length)
  const open = OPEN_STAGES.slice(0, last).map((name, index) => ({
    stage: name,
    from: days.workday(Math.round(openDay + index * step)),
    to: Math.round(openDay + (index + 1) * step) - 1,
  }))
  const end = days.workdayBefore(openDay + length)
  return isOver ? [...open, { stage, from: end, to: end + 6 }] : open
}

export const dealRef = ({ key }: Deal) => ref('crm.deals', externalId(key))

export function isOpen({ stage }: Deal): boolean {
  return stage !== 'won' && stage !== 'lost'
}

export function dealItems(deals: Deal[], days: Days): Item[] {
  return deals.map((deal) => ({
    externalId: externalId(deal.key),
    name: `${deal.company.name}: ${deal.title}`,
    stageId: ref(GIVEN.stage, `shipped:${deal.stage}`),
    companyId: companyRef(deal.company),
    primaryContactId: contactRef(deal.contact),
    ownerId: personOf(deal.colleague),
    amountCents: deal.amount * 100,
    currency: deal.currency,
    forecastCategory: forecastOf(deal),
    begunOn: days.on(deal.passed[0]!.from),
    expectedCloseOn: days.on(deal.closeDay),
    closedAt: isOpen(deal) ? null : days.at(deal.closeDay, 15 * 60),
    closedReason: deal.reason,
    dealType: deal.product.type,
    nextStep: isOpen(deal)
      ? fillIn(deal.product.next, { first: deal.contact.first, sites: deal.company.industry.sites })
      : null,
    risks: isOpen(deal) ? deal.risks : [],
    tags: [deal.product.key],
  }))
}

function forecastOf({ stage }: Deal): string {
  if (stage === 'commitment') return 'commit'
  return stage === 'negotiation' || stage === 'proposal' ? 'best_case' : 'pipeline'
}

/** Everybody of the company who has a part in the deal. */
export function dealContactItems(deals: Deal[]): Item[] {
  return deals.flatMap((deal) =>
    [deal.contact, ...deal.company.contacts.filter((contact) => contact !== deal.contact).slice(0, 1)].map(
      (contact) => ({ dealId: dealRef(deal), contactId: contactRef(contact), role: contact.part }),
    ),
  )
}

/** What the stages of the shipped pipeline are called. */
export const STAGE_NAMES: Record<Stage, string> = {
  lead: 'Lead',
  qualified: 'Qualified',
  discovery: 'Discovery',
  proposal: 'Proposal',
  negotiation: 'Negotiation',
  commitment: 'Verbal commitment',
  won: 'Closed won',
  lost: 'Closed lost',
}

/** The way of each deal through the stages. */
export function dealActivityItems(deals: Deal[], days: Days): Item[] {
  return deals.flatMap((deal) =>
    deal.passed.map(({ stage, from }, index) => {
      const before = deal.passed[index - 1]
      return {
        externalId: externalId(`${deal.key}-${stage}`),
        dealId: dealRef(deal),
        activityType: before ? 'stage_changed' : 'created',
        description: before
          ? `Moved from ${STAGE_NAMES[before.stage]} to ${STAGE_NAMES[stage]}.`
          : `Begun with ${deal.contact.name}.`,
        userId: personOf(deal.colleague),
        happenedAt: days.at(from, 9 * 60 + 15),
      }
    }),
  )
}
