import type { Days } from '../days.ts'
import { Random } from '../random.ts'
import { BEATS, type Beat } from '../words/beats.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'
import { CARE } from '../words/care.ts'
import { fillIn } from '../words/fill-in.ts'
import type { Company, Contact } from './companies.ts'
import type { Deal } from './deals.ts'

/** Something that happened with a customer: one line of the timeline, and what hangs on it. */
export type Happening = {
  key: string
  day: number
  minutes: number
  at: string
  beat: Beat
  subject: string
  text: string
  thread: string | null
  company: Company
  contact: Contact
  deal: Deal | null
  /** The colleague who had it, by key; null is whoever runs the demo. */
  colleague: string | null
  vow: { what: string; task: string; quote: string; dueDay: number } | null
  file: string | null
}

export type World = {
  /** Slug of the town that is filled. */
  town: string
  seed: number
  days: Days
  scale: number
  companies: Company[]
  deals: Deal[]
}

const FIRST_HOUR = 8 * 60
const LAST_HOUR = 17 * 60

/** What happened with every customer in the year, oldest first. */
export function tellStory(world: World): Happening[] {
  const told = [
    ...world.deals.flatMap((deal) => tellDeal(world, deal)),
    ...world.companies.flatMap((company) => tellCare(world, company)),
  ]
  return told.filter(({ day }) => day < 0).toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
}

function tellDeal(world: World, deal: Deal): Happening[] {
  const random = Random.of(world.seed, `story ${deal.key}`)
  const told: Happening[] = []
  for (const { stage, from, to } of deal.passed) {
    const beats = BEATS.filter((beat) => beat.stage === stage && random.chance(beat.share ?? 1))
    // A stage that is still on has had only a part of what belongs to it.
    const span = Math.max(to - from, beats.length)
    for (const [index, beat] of beats.entries()) {
      const day = world.days.workday(Math.round(from + (span * index) / beats.length))
      told.push(happen(world, random, { beat, day, deal, company: deal.company, told }))
    }
  }
  return told
}

/** Monthly reports and what comes of them, from the month after the first sale. */
function tellCare(world: World, company: Company): Happening[] {
  const sold = world.deals.filter((deal) => deal.company === company && deal.stage === 'won')
  if (sold.length === 0) return []
  const random = Random.of(world.seed, `care ${company.key}`)
  const told: Happening[] = []
  const first = Math.min(...sold.map((deal) => deal.closeDay))
  for (let day = first + 30; day < -1; day += 30) {
    for (const [index, beat] of CARE.entries()) {
      if (!random.chance(beat.share ?? 1)) continue
      const on = world.days.workday(day + index * 2)
      told.push(happen(world, random, { beat, day: on, deal: null, company, told }))
    }
  }
  return told
}

type Scene = { beat: Beat; day: number; deal: Deal | null; company: Company; told: Happening[] }

function happen(world: World, random: Random, scene: Scene): Happening {
  const { beat, deal, company, told } = scene
  const before = told.at(-1)
  const answered = beat.way === 'email' && beat.subject === null && before?.thread ? before : null
  const contact = answered ? answered.contact : (deal?.contact ?? random.pick(company.contacts))
  const colleague = deal ? deal.colleague : 'jonas'
  const minutes = answered?.day === scene.day ? answered.minutes + 95 : random.int(FIRST_HOUR, LAST_HOUR)
  const dueDay = beat.vow ? world.days.workday(scene.day + beat.vow.days) : scene.day
  const words = wordsOf({ world, company, contact, deal, colleague, dueDay })
  const key = `${deal?.key ?? `care-${company.key}`}-${told.length + 1}`
  const text = fillIn(random.pick(beat.texts), words)
  return {
    key,
    day: scene.day,
    minutes,
    at: world.days.at(scene.day, minutes),
    beat,
    subject: answered ? replyTo(answered.subject) : fillIn(beat.subject ?? text.slice(0, 60), words),
    text,
    thread: beat.way === 'email' ? (answered?.thread ?? `thread-${key}`) : null,
    company,
    contact,
    deal,
    colleague,
    vow: beat.vow
      ? {
          what: fillIn(beat.vow.what, words),
          task: fillIn(beat.vow.task, words),
          quote: fillIn(beat.vow.quote, words),
          dueDay,
        }
      : null,
    file: beat.file === undefined ? null : fillIn(beat.file, words),
  }
}

function replyTo(subject: string): string {
  return subject.startsWith('Re: ') ? subject : `Re: ${subject}`
}

/** What stands for the words in braces. */
export function wordsOf(about: {
  world: { days: Days }
  company: Company
  contact: Contact
  deal: Deal | null
  colleague: string | null
  dueDay: number
}): Record<string, string> {
  const { world, company, contact, deal, colleague, dueDay } = about
  const us = COLLEAGUES.find(({ key }) => key === colleague) ?? HOUSE.founder
  const { industry } = company
  return {
    company: company.name,
    city: company.city,
    sites: industry.sites,
    pain: industry.pain,
    finding: industry.finding,
    contact: contact.name,
    first: contact.first,
    deal: deal?.title ?? 'Lantern',
    count: String(company.sites),
    amount: deal ? spokenAmount(deal) : '',
    us: us.name,
    usFirst: us.first,
    due: world.days.spoken(dueDay),
  }
}

function spokenAmount({ amount, currency }: Deal): string {
  return `${currency === 'EUR' ? '€' : '$'}${amount.toLocaleString('en-US')}`
}
