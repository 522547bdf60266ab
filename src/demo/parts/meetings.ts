import { Random } from '../random.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'
import { isOpen } from './deals.ts'
import type { Meeting } from './google.ts'
import { emailOf } from './people.ts'
import type { Happening, World } from './story.ts'

/** The calendar: meetings that were, those of open deals in the next two weeks, and what the house has every week. */
export function makeMeetings(world: World, story: Happening[]): Meeting[] {
  const past = story.filter(({ beat }) => beat.way === 'meeting').map((happening) => held(world, happening))
  return [...past, ...planned(world), ...weekly(world)]
}

function held(
  world: World,
  { key, day, minutes, subject, text, company, contact, colleague, beat }: Happening,
) {
  const begin = Math.round(minutes / 30) * 30
  return {
    key,
    title: subject,
    startsAt: world.days.at(day, begin),
    endsAt: world.days.at(day, begin + (beat.minutes ?? 60)),
    place: beat.stage === 'discovery' ? `${company.name}, ${company.city}` : null,
    agenda: text,
    organizer: emailOf(world, colleague),
    attendees: [contact.email, emailOf(world, colleague), emailOf(world, 'priya')],
    contact,
    colleague,
    kind: 'customer' as const,
  }
}

function planned(world: World): Meeting[] {
  const open = world.deals.filter((deal) => isOpen(deal) && deal.stage !== 'lead')
  return open.map((deal, index) => {
    const random = Random.of(world.seed, `meeting ${deal.key}`)
    const day = world.days.workday(index % 10)
    const begin = random.int(18, 32) * 30
    return {
      key: `next-${deal.key}`,
      title: `${deal.company.name}: ${deal.title}`,
      startsAt: world.days.at(day, begin),
      endsAt: world.days.at(day, begin + 45),
      place: null,
      agenda: `Where ${deal.title} stands, and what ${deal.contact.first} needs to decide. Risks: ${deal.risks.join(' ') || 'none known.'}`,
      organizer: emailOf(world, deal.colleague),
      attendees: [deal.contact.email, emailOf(world, deal.colleague)],
      contact: deal.contact,
      colleague: deal.colleague,
      kind: 'customer' as const,
    }
  })
}

/** The Monday round, from a year ago to four weeks ahead. */
function weekly(world: World): Meeting[] {
  const monday = world.days.workday(world.days.lastMonday())
  const weeks = Math.round(52 * world.scale)
  return Array.from({ length: weeks + 5 }, (_, index) => {
    const day = monday + (index - weeks) * 7
    return {
      key: `monday-${index - weeks + 1000}`,
      title: 'Monday round',
      startsAt: world.days.at(day, 9 * 60),
      endsAt: world.days.at(day, 9 * 60 + 30),
      place: `${HOUSE.name}, kitchen`,
      agenda: 'Open deals by stage, what is promised this week, who needs help.',
      organizer: emailOf(world, null),
      attendees: [
        emailOf(world, null),
        ...COLLEAGUES.filter(({ role }) => role === 'user').map(({ key }) => emailOf(world, key)),
      ],
      contact: null,
      colleague: null,
      kind: 'internal' as const,
    }
  })
}
