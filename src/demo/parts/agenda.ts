import { Random } from '../random.ts'
import { GIVEN, ref, upsert, type Item, type Step } from '../step.ts'
import { contactRef, externalId, personOf } from './companies.ts'
import { dealRef, isOpen } from './deals.ts'
import type { Meeting } from './google.ts'
import type { Happening, World } from './story.ts'

const robbie = ref(GIVEN.personality, 'robbie-f')

/** What a promise came to: kept on a day, given up, or still open. */
type End = { keptDay: number | null; isGivenUp: boolean }

function endOf(world: World, { key, day, vow, deal }: Happening): End {
  const random = Random.of(world.seed, `vow ${key}`)
  const due = vow!.dueDay
  // Most promises are kept a day early or on the day, a few late, and a few of the last weeks not yet.
  const kept = due - random.int(0, 1) + (random.chance(0.15) ? random.int(1, 4) : 0)
  if (deal?.stage === 'lost' && random.chance(0.1)) return { keptDay: null, isGivenUp: true }
  const isLate = day > -21 && random.chance(0.5)
  return { keptDay: kept < 0 && !isLate ? Math.max(kept, day) : null, isGivenUp: false }
}

/** Tasks, promises, the calendar and what asks for attention. */
export function agendaSteps(world: World, story: Happening[], meetings: Meeting[]): Step[] {
  const vows = story.filter(({ vow }) => vow !== null)
  return [
    upsert(
      'Promises',
      'agenda.commitments',
      vows.map((vow) => commitmentItem(world, vow)),
    ),
    upsert('Notes on promises', 'agenda.commitment_progress', progressItems(world, vows)),
    upsert('Reminders of promises', 'agenda.commitment_reminders', reminderItems(world, vows)),
    upsert('Tasks', 'agenda.tasks', [...vows.map((vow) => vowTask(world, vow)), ...dealTasks(world)]),
    upsert('Calendar events', 'agenda.calendar', meetings.map(calendarItem)),
    upsert('Reminders of events', 'agenda.calendar_reminders', eventReminders(world, meetings)),
    upsert('Focus time', 'agenda.focus_blocks', focusItems(world)),
    upsert('Messages that wait to be sent', 'agenda.touches', touchItems(world)),
  ]
}

const vowId = ({ key }: Happening) => externalId(`promise-${key}`)

function commitmentItem(world: World, happening: Happening): Item {
  const { vow, contact, company, deal, colleague } = happening
  const { keptDay, isGivenUp } = endOf(world, happening)
  return {
    externalId: vowId(happening),
    promise: fillPlain(vow!.what),
    promisedBy: personOf(colleague),
    committedTo: contact.name,
    contactId: contactRef(contact),
    deadlineAt: world.days.at(vow!.dueDay, 17 * 60),
    timeZone: 'UTC',
    priority: company.isVip ? 9 : 6,
    completedAt: keptDay === null ? null : world.days.at(keptDay, 17 * 60 + 20),
    cancelledAt: isGivenUp ? world.days.at(deal!.closeDay, 18 * 60) : null,
    personalityId: robbie,
    quote: vow!.quote,
    tags: ['deal'],
  }
}

const fillPlain = (text: string) => `${text}.`

function progressItems(world: World, vows: Happening[]): Item[] {
  return vows
    .filter((vow) => endOf(world, vow).keptDay !== null)
    .filter((_, index) => index % 3 === 0)
    .map((vow) => ({
      externalId: externalId(`progress-${vow.key}`),
      commitmentId: ref('agenda.commitments', vowId(vow)),
      note: 'A draft is with Priya for a second look.',
      notedAt: world.days.at(vow.day, vow.minutes + 120),
    }))
}

function reminderItems(world: World, vows: Happening[]): Item[] {
  return vows.map((vow) => {
    const remindDay = vow.vow!.dueDay - 1
    return {
      externalId: externalId(`reminder-${vow.key}`),
      commitmentId: ref('agenda.commitments', vowId(vow)),
      kind: 'upcoming',
      remindAt: world.days.at(remindDay, 8 * 60 + 30),
      sentAt: remindDay < 0 ? world.days.at(remindDay, 8 * 60 + 30) : null,
      interfaces: ['chat', 'mobile'],
      timeZone: 'UTC',
    }
  })
}

function vowTask(world: World, happening: Happening): Item {
  const { vow, deal, colleague, company } = happening
  const { keptDay, isGivenUp } = endOf(world, happening)
  return {
    externalId: externalId(`task-${happening.key}`),
    title: vow!.task,
    description: `Promised in "${happening.subject}": ${vow!.quote}`,
    progress: keptDay === null && happening.day > -4 ? 'in_progress' : 'todo',
    priority: company.isVip ? 9 : 6,
    dueAt: world.days.at(vow!.dueDay, 17 * 60),
    completedAt: keptDay === null ? null : world.days.at(keptDay, 17 * 60 + 20),
    cancelledAt: isGivenUp ? world.days.at(deal!.closeDay, 18 * 60) : null,
    assignedTo: personOf(colleague),
    estimatedMinutes: 60,
    relatedKind: deal ? 'deal' : null,
    relatedId: deal ? dealRef(deal) : null,
    tags: ['promise'],
  }
}

/** The next step of each open deal, and what has to be done when one is won. */
function dealTasks(world: World): Item[] {
  return world.deals.flatMap((deal) => {
    const random = Random.of(world.seed, `task ${deal.key}`)
    const task = (name: string, title: string, due: number, minutes: number) => ({
      externalId: externalId(`task-${deal.key}-${name}`),
      title,
      description: `${deal.company.name}: ${deal.title}, with ${deal.contact.name}.`,
      progress: 'todo',
      priority: random.int(4, 8),
      dueAt: world.days.at(world.days.workday(due), 16 * 60),
      completedAt: due < 0 ? world.days.at(world.days.workdayBefore(due), 15 * 60) : null,
      cancelledAt: null,
      assignedTo: personOf(name === 'invoice' ? 'elena' : deal.colleague),
      estimatedMinutes: minutes,
      relatedKind: 'deal',
      relatedId: dealRef(deal),
      tags: [name],
    })
    if (isOpen(deal)) {
      return [task('next-step', `Next step with ${deal.company.name}: ${deal.title}`, random.int(0, 12), 45)]
    }
    if (deal.stage === 'lost') return []
    return [
      task('invoice', `Invoice ${deal.company.name} for ${deal.title}`, deal.closeDay + 5, 20),
      task('handover', `Hand ${deal.company.name} over to Jonas`, deal.closeDay + 3, 30),
    ]
  })
}

function calendarItem(meeting: Meeting): Item {
  return {
    externalId: externalId(`event-${meeting.key}`),
    title: meeting.title,
    description: meeting.agenda,
    kind: meeting.kind === 'internal' ? 'team' : 'meeting',
    startsAt: meeting.startsAt,
    endsAt: meeting.endsAt,
    timeZone: 'UTC',
    location: meeting.place,
    ownerId: personOf(meeting.colleague),
    organizer: meeting.organizer,
    attendees: meeting.attendees,
    agenda: meeting.agenda,
    preparationNotes: meeting.contact ? `Read the last mails with ${meeting.contact.name} before.` : null,
    status: 'confirmed',
    source: 'google',
    calendar: 'primary',
    personalityIds: [robbie],
    tags: [meeting.kind],
  }
}

function eventReminders(world: World, meetings: Meeting[]): Item[] {
  const today = world.days.at(0, 0)
  return meetings
    .filter(({ kind, startsAt }) => kind === 'customer' && startsAt >= today)
    .map((meeting) => ({
      externalId: externalId(`event-reminder-${meeting.key}`),
      calendarEventId: ref('agenda.calendar', externalId(`event-${meeting.key}`)),
      personalityId: robbie,
      minutesBefore: 30,
      interfaces: ['chat'],
    }))
}

function focusItems(world: World): Item[] {
  const weeks = Math.round(52 * world.scale)
  return Array.from({ length: weeks }, (_, index) => {
    const random = Random.of(world.seed, `focus ${index}`)
    const day = world.days.workday(6 - index * 7)
    return {
      externalId: externalId(`focus-${index}`),
      personId: personOf(null),
      kind: 'deep_work',
      startsAt: world.days.at(day, 7 * 60),
      endsAt: world.days.at(day, 9 * 60),
      energyLevel: random.pick(['low', 'normal', 'high']),
      productivity: day < 0 ? random.int(45, 95) : null,
      notes: day < 0 ? 'Proposals and the numbers for the Monday round.' : null,
    }
  })
}

/** Messages to contacts of open deals that nobody has heard of for a while. */
function touchItems(world: World): Item[] {
  return world.deals.filter(isOpen).map((deal) => ({
    externalId: externalId(`touch-${deal.key}`),
    contactId: contactRef(deal.contact),
    personId: personOf(deal.colleague),
    kind: 'email',
    priority: deal.company.isVip ? 9 : 5,
    suggestedMessage: `Hello ${deal.contact.first},\n\na short question about ${deal.title}: does the timing still suit you?\n\nKind regards`,
    confidence: 0.7,
    reason: `${deal.title} waits for an answer of ${deal.company.name}.`,
    scheduledAt: null,
  }))
}
