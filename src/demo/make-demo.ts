import { Days } from './days.ts'
import { ensure, upsert, type Step } from './step.ts'
import { agendaSteps } from './parts/agenda.ts'
import { chatSteps } from './parts/chats.ts'
import { companyItems, contactItems, externalId, makeCompanies, type Company } from './parts/companies.ts'
import { dealActivityItems, dealContactItems, dealItems, isOpen, makeDeals } from './parts/deals.ts'
import { googleSteps } from './parts/google.ts'
import { makeMeetings } from './parts/meetings.ts'
import { noteSteps } from './parts/notes.ts'
import { memberStep } from './parts/people.ts'
import { runningSteps } from './parts/running.ts'
import { linkedinSteps, slackSteps } from './parts/slack.ts'
import { tellStory, type World } from './parts/story.ts'
import { emailEngagementItems, interactionItems, websiteItems } from './parts/timeline.ts'
import { HOUSE } from './words/business.ts'

/** `year` is what people are shown; `sample` is a tenth of it, for tests. */
export const SIZES = { year: 1, sample: 0.1 } as const

/** What tells one demo from another; `until` is the day it ends at, as in 2026-05-17. */
export type DemoChoice = { seed: number; until: string; size: keyof typeof SIZES }

export const DEFAULT_SEED = 7

/** The external id of the collection that tells which demo a town has. */
export const MARK = externalId('town')

/** All that a demo puts into a town, in the order it needs: the same for the same choice and town, to the letter. */
export function makeDemo(choice: DemoChoice, town: string): Step[] {
  const { seed, until, size } = choice
  const days = new Days(until)
  const scale = SIZES[size]
  const companies = makeCompanies(seed, Math.round(60 * scale))
  const deals = makeDeals({ seed, days, companies }, Math.round(160 * scale))
  const world: World = { town, seed, days, scale, companies, deals }
  const story = tellStory(world)
  const meetings = makeMeetings(world, story)
  const statusOf = statusIn(world)
  return [
    // First what only admins may: who may not leaves nothing behind.
    memberStep(world),
    upsert('Mark of the demo', 'knowledge.collections', [markItem(choice)]),
    upsert('Companies', 'crm.companies', companyItems(companies, statusOf)),
    upsert('Contacts', 'crm.contacts', contactItems(companies, statusOf)),
    upsert('Deals', 'crm.deals', dealItems(deals, days)),
    ensure('People in deals', 'crm.deal_contacts', ['dealId', 'contactId'], dealContactItems(deals)),
    upsert('Steps of deals', 'crm.deal_activities', dealActivityItems(deals, days)),
    upsert('Interactions', 'crm.interactions', interactionItems(world, story)),
    upsert('Opened mails', 'crm.email_engagement', emailEngagementItems(world, story)),
    upsert('Page views', 'crm.website_activity', websiteItems(world)),
    ...googleSteps(world, story, meetings),
    ...slackSteps(world, story),
    ...linkedinSteps(world),
    ...chatSteps(world),
    ...agendaSteps(world, story, meetings),
    ...noteSteps(world),
    ...runningSteps(world, story),
  ]
}

function markItem({ seed, until, size }: DemoChoice) {
  return {
    externalId: MARK,
    name: `${HOUSE.name}: demo`,
    description: `A made-up year of business until ${until}. ${HOUSE.about}`,
    metadata: { demo: { seed, until, size } },
  }
}

/** What a company is to the house, going by its deals. */
function statusIn({ deals }: World): (company: Company) => string {
  return (company) => {
    const own = deals.filter((deal) => deal.company === company)
    if (own.some(({ stage }) => stage === 'won')) return 'customer'
    return own.some(isOpen) ? 'prospect' : 'lead'
  }
}
