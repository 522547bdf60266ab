import { Random } from '../random.ts'
import { ensure, me, ref, upsert, type Item, type Step } from '../step.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'
import { contactRef, externalId, type Contact } from './companies.ts'
import { domainOf, emailOf } from './people.ts'
import type { Happening, World } from './story.ts'

const account = ref('google.accounts', externalId('account'))

/** What is mirrored of the mailbox, calendar and drive of whoever runs the demo. */
export function googleSteps(world: World, story: Happening[], meetings: Meeting[]): Step[] {
  const mails = story.filter(isInMailbox)
  const syncedAt = world.days.at(0, 0)
  return [
    ensure(
      'Google domain',
      'google.domains',
      ['domain'],
      [{ $key: 'domain', domain: domainOf(world), displayName: HOUSE.name, syncedAt, syncStatus: 'ok' }],
    ),
    upsert('Google account', 'google.accounts', [
      {
        externalId: externalId('account'),
        email: emailOf(world, null),
        domainId: ref('google.domains', 'domain'),
        userId: me,
        fullName: HOUSE.founder.name,
        isAdmin: true,
        lastLoginAt: world.days.at(-1, 8 * 60),
      },
    ]),
    upsert(
      'Mails',
      'google.mails',
      mails.map((mail) => mailItem(world, mail, syncedAt)),
    ),
    upsert('Mail threads', 'google.threads', threadItems(mails, syncedAt)),
    upsert(
      'Mirrored events',
      'google.events',
      meetings.map((meeting) => eventItem(meeting, syncedAt)),
    ),
    upsert('Files', 'google.files', fileItems(world, story, syncedAt)),
    upsert('Mirrored contacts', 'google.contacts', contactItems(world, syncedAt)),
    ensure(
      'Sync streams',
      'google.streams',
      ['kind'],
      [
        { googleUserId: account, kind: 'gmail', tokenTakenAt: syncedAt, status: 'active', syncedAt },
        { googleUserId: account, kind: 'calendar', collection: 'primary', status: 'active', syncedAt },
        { googleUserId: account, kind: 'drive', tokenTakenAt: syncedAt, status: 'active', syncedAt },
      ],
    ),
  ]
}

/** Mails of one's own customers; of the others those of customers that matter, where one is in copy. */
function isInMailbox({ beat, colleague, company, deal }: Happening): boolean {
  return beat.way === 'email' && (colleague === null || company.isVip || (deal?.amount ?? 0) > 60_000)
}

function mailItem(world: World, mail: Happening, syncedAt: string): Item {
  const { beat, contact, colleague, day } = mail
  const random = Random.of(world.seed, `mail ${mail.key}`)
  const isOurs = beat.from === 'us'
  const isUnread = !isOurs && day > -3 && random.chance(0.6)
  const sender = COLLEAGUES.find(({ key }) => key === colleague) ?? HOUSE.founder
  const ours = { email: emailOf(world, colleague), name: sender.name }
  const from = isOurs ? ours : { email: contact.email, name: contact.name }
  return {
    externalId: `demo-mail-${mail.key}`,
    googleUserId: account,
    threadExternalId: `demo-${mail.thread}`,
    rfcMessageId: `<${mail.key}@mail.${HOUSE.domain}>`,
    subject: mail.subject,
    fromEmail: from.email,
    fromName: from.name,
    toEmails: [isOurs ? contact.email : ours.email],
    ccEmails: colleague === null ? [] : [emailOf(world, null)],
    bodyText: mail.text,
    snippet: mail.text.replaceAll(/\s+/g, ' ').slice(0, 140),
    labels: [isOurs ? 'SENT' : 'INBOX', ...(isUnread ? ['UNREAD'] : [])],
    isUnread,
    isStarred: beat.stage === 'commitment',
    isImportant: mail.company.isVip || beat.stage === 'commitment',
    isFromUser: isOurs && colleague === null,
    sentAt: mail.at,
    receivedAt: mail.at,
    syncedAt,
  }
}

function threadItems(mails: Happening[], syncedAt: string): Item[] {
  const threads = Map.groupBy(mails, (mail) => mail.thread!)
  return [...threads].map(([thread, all]) => {
    const last = all.at(-1)!
    const waits = last.beat.from === 'them' && last.day > -12
    return {
      externalId: `demo-${thread}`,
      googleUserId: account,
      subject: all[0]!.subject,
      contactId: contactRef(last.contact),
      messageCount: all.length,
      lastMessageAt: last.at,
      isUnread: waits && last.day > -3,
      isImportant: last.company.isVip,
      requiresResponse: waits,
      sentiment: last.beat.mood ?? 'neutral',
      tags: [last.deal ? 'deal' : 'customer'],
      syncedAt,
    }
  })
}

/** A meeting of the calendar, past or to come. */
export type Meeting = {
  key: string
  title: string
  startsAt: string
  endsAt: string
  place: string | null
  agenda: string
  organizer: string
  attendees: string[]
  contact: Contact | null
  colleague: string | null
  kind: 'customer' | 'internal'
}

function eventItem(meeting: Meeting, syncedAt: string): Item {
  return {
    externalId: `demo-event-${meeting.key}`,
    googleUserId: account,
    calendarExternalId: 'primary',
    icalUid: `${meeting.key}@${HOUSE.domain}`,
    title: meeting.title,
    description: meeting.agenda,
    location: meeting.place,
    startsAt: meeting.startsAt,
    endsAt: meeting.endsAt,
    timeZone: 'UTC',
    organizerEmail: meeting.organizer,
    attendees: meeting.attendees.map((email) => ({ email, responseStatus: 'accepted' })),
    status: 'confirmed',
    syncedAt,
  }
}

function fileItems(world: World, story: Happening[], syncedAt: string): Item[] {
  const files = new Map<string, Happening>()
  for (const happening of story) if (happening.file !== null) files.set(happening.file, happening)
  return [...files].map(([name, { key, at, colleague, company, subject }]) => ({
    externalId: `demo-file-${key}`,
    googleUserId: account,
    name: `${name}.pdf`,
    mimeType: 'application/pdf',
    fileExtension: 'pdf',
    sizeBytes: 180_000 + name.length * 4_100,
    contentText: `${name}. ${company.name}, ${company.sites} ${company.industry.sites} around ${company.city}: ${company.industry.pain}. Went out with "${subject}".`,
    folderPath: `Customers/${company.name}`,
    ownerEmail: emailOf(world, colleague),
    isShared: true,
    providerCreatedAt: at,
    providerModifiedAt: at,
    syncedAt,
  }))
}

function contactItems(world: World, syncedAt: string): Item[] {
  return world.companies.flatMap((company) =>
    company.contacts.slice(0, 1).map((contact) => ({
      externalId: `demo-person-${contact.key}`,
      googleUserId: account,
      fullName: contact.name,
      givenName: contact.first,
      emailAddresses: [{ value: contact.email, type: 'work' }],
      jobTitle: contact.title,
      companyName: company.name,
      syncedAt,
    })),
  )
}
