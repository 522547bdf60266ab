import { Random } from '../random.ts'
import type { Item } from '../step.ts'
import { ref } from '../step.ts'
import { companyRef, contactRef, externalId, personOf, type Company } from './companies.ts'
import { dealRef } from './deals.ts'
import { emailOf } from './people.ts'
import type { Happening, World } from './story.ts'

/** The timeline of the customers: mails, calls, meetings and messages. */
export function interactionItems(world: World, story: Happening[]): Item[] {
  const answers = answersOf(story)
  return story.map((happening) => {
    const { beat, contact } = happening
    const isMail = beat.way === 'email'
    const sender = beat.from === 'us' ? emailOf(world, happening.colleague) : contact.email
    const receiver = beat.from === 'us' ? contact.email : emailOf(world, happening.colleague)
    const read = readOf(world, happening)
    return {
      externalId: externalId(happening.key),
      subject: happening.subject,
      interactionType: beat.way,
      direction: beat.way === 'slack' ? 'internal' : beat.from === 'us' ? 'outbound' : 'inbound',
      contactId: contactRef(contact),
      companyId: companyRef(happening.company),
      dealId: happening.deal ? dealRef(happening.deal) : null,
      userId: personOf(happening.colleague),
      content: happening.text,
      sender: isMail ? sender : null,
      recipients: isMail ? [receiver] : [],
      source: isMail ? 'gmail' : beat.way,
      threadId: happening.thread,
      occurredAt: happening.at,
      openedAt: read?.openedAt ?? null,
      clickedAt: read?.clickedAt ?? null,
      repliedAt: answers.get(happening) ?? null,
      timeSpentSeconds: beat.minutes === undefined ? null : beat.minutes * 60,
      sentiment: beat.mood ?? null,
      urgency: beat.mood === 'negative' ? 'high' : 'normal',
      priority: happening.company.isVip ? 'high' : 'normal',
    }
  })
}

/** When a mail was answered: the next one of its thread that comes from the other side. */
function answersOf(story: Happening[]): Map<Happening, string> {
  const open = new Map<string, Happening>()
  const answers = new Map<Happening, string>()
  for (const happening of story) {
    if (happening.thread === null) continue
    const before = open.get(happening.thread)
    if (before && before.beat.from !== happening.beat.from) answers.set(before, happening.at)
    open.set(happening.thread, happening)
  }
  return answers
}

type Read = { openedAt: string; clickedAt: string | null; times: number }

/** Whether and when a mail of ours was opened, and what was attached to it looked at. */
function readOf(world: World, happening: Happening): Read | null {
  const { beat, day, minutes } = happening
  if (beat.way !== 'email' || beat.from !== 'us') return null
  const random = Random.of(world.seed, `read ${happening.key}`)
  if (!random.chance(0.78) || day > -2) return null
  const opened = minutes + random.int(4, 600)
  const clicks = happening.file !== null && random.chance(0.6)
  return {
    openedAt: world.days.at(day, opened),
    clickedAt: clicks ? world.days.at(day, opened + random.int(1, 9)) : null,
    times: random.int(1, 5),
  }
}

export function emailEngagementItems(world: World, story: Happening[]): Item[] {
  return story.flatMap((happening) => {
    const read = readOf(world, happening)
    if (!read) return []
    return [
      {
        externalId: externalId(`read-${happening.key}`),
        interactionId: ref('crm.interactions', externalId(happening.key)),
        firstOpenedAt: read.openedAt,
        lastOpenedAt: read.clickedAt ?? read.openedAt,
        openedCount: read.times,
        firstClickedAt: read.clickedAt,
        lastClickedAt: read.clickedAt,
        clickedCount: read.clickedAt ? 1 : 0,
        clickedLinks: read.clickedAt ? [`https://files.lanternworks.example/${happening.key}`] : [],
        locationCountry: happening.company.country,
        locationCity: happening.company.city,
      },
    ]
  })
}

const PAGES = [
  ['/', 'Lanternworks'],
  ['/how-it-works', 'How Lantern works'],
  ['/savings', 'What others saved'],
  ['/prices', 'Prices'],
  ['/security', 'Security and data'],
] as const

/** Visits to the house's pages, most of them around the time of a deal. */
export function websiteItems(world: World): Item[] {
  return world.deals.flatMap((deal) => {
    const random = Random.of(world.seed, `web ${deal.key}`)
    const first = deal.passed[0]!.from
    return Array.from({ length: random.int(1, 3) }, (_, visit) => {
      const day = Math.min(-1, first - 6 + visit * random.int(3, 14))
      const begin = random.int(7 * 60, 20 * 60)
      const views = random.int(1, 5)
      return Array.from({ length: views }, (_, view) =>
        pageView({ deal, company: deal.company, at: world.days.at(day, begin + view * 3) }, random, {
          session: `session-${deal.key}-${visit}`,
          view,
          isLast: view === views - 1,
        }),
      )
    }).flat()
  })
}

function pageView(
  about: { deal: World['deals'][number]; company: Company; at: string },
  random: Random,
  { session, view, isLast }: { session: string; view: number; isLast: boolean },
): Item {
  const [path, title] = PAGES[view % PAGES.length]!
  const isConverted = isLast && random.chance(0.15)
  return {
    externalId: externalId(`${session}-${view}`),
    pageUrl: `https://www.lanternworks.example${path}`,
    pageTitle: title,
    contactId: contactRef(about.deal.contact),
    companyId: companyRef(about.company),
    sessionId: session,
    timeOnPageSeconds: random.int(8, 420),
    scrollDepthPercent: random.int(2, 20) * 5,
    isBounce: isLast && view === 0,
    isConverted,
    conversionType: isConverted ? 'overview requested' : null,
    visitedAt: about.at,
  }
}
