import { Random } from '../random.ts'
import { GIVEN, ref, upsert, type Item, type Step } from '../step.ts'
import { CHATTER } from '../words/care.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'
import { contactRef } from './companies.ts'
import { emailOf } from './people.ts'
import type { Happening, World } from './story.ts'

const CHANNELS = [
  ['general', 'What concerns everybody'],
  ['sales', 'Deals, proposals, references'],
  ['product', 'Sensors, gateways, reports'],
] as const

const workspace = ref('slack.workspaces', 'demo-workspace')
const channelRef = (name: string) => ref('slack.channels', `demo-channel-${name}`)

/** What is mirrored of Slack: the channels, and what colleagues say in them about deals and everything else. */
export function slackSteps(world: World, story: Happening[]): Step[] {
  const syncedAt = world.days.at(0, 0)
  const domain = HOUSE.domain.split('.')[0]!
  return [
    upsert('Slack workspace', 'slack.workspaces', [
      { externalId: 'demo-workspace', name: HOUSE.name, domain, isActive: true, syncedAt },
    ]),
    upsert(
      'Slack people',
      'slack.users',
      COLLEAGUES.map((colleague) => ({
        externalId: `demo-slack-${colleague.key}`,
        workspaceId: workspace,
        userId: ref(GIVEN.person, colleague.key),
        email: emailOf(world, colleague.key),
        username: colleague.key,
        realName: colleague.name,
        jobTitle: colleague.title,
        syncedAt,
      })),
    ),
    upsert(
      'Slack channels',
      'slack.channels',
      CHANNELS.map(([name, purpose]) => ({
        externalId: `demo-channel-${name}`,
        workspaceId: workspace,
        name,
        kind: 'channel',
        purpose,
        isMember: true,
        memberCount: COLLEAGUES.length,
        isBackfilled: true,
        syncedAt,
      })),
    ),
    upsert('Slack messages', 'slack.messages', [...dealTalk(story), ...chatter(world)]),
  ]
}

function dealTalk(story: Happening[]): Item[] {
  return story
    .filter(({ beat }) => beat.way === 'slack')
    .map(({ key, text, at, colleague, beat }) =>
      message(
        { key: `deal-${key}`, channel: 'sales', author: colleague ?? 'mara', text, at },
        beat.mood ?? null,
      ),
    )
}

function chatter(world: World): Item[] {
  const random = Random.of(world.seed, 'chatter')
  const authors = COLLEAGUES.filter(({ role }) => role === 'user')
  return Array.from({ length: Math.round(260 * world.scale) }, (_, index) => {
    const [channel, text] = CHATTER[index % CHATTER.length]!
    const day = world.days.workdayBefore(-1 - Math.floor((index * 364) / (260 * world.scale)))
    const at = world.days.at(day, random.int(8 * 60, 17 * 60))
    return message({ key: `chat-${index}`, channel, author: random.pick(authors).key, text, at }, null)
  })
}

function message(
  said: { key: string; channel: string; author: string; text: string; at: string },
  sentiment: string | null,
): Item {
  return {
    externalId: `demo-message-${said.key}`,
    channelId: channelRef(said.channel),
    slackUserId: ref('slack.users', `demo-slack-${said.author}`),
    authorName: COLLEAGUES.find(({ key }) => key === said.author)!.name,
    content: said.text,
    postedAt: said.at,
    sentiment,
  }
}

/** Profiles of the people whom the house knows best. */
export function linkedinSteps(world: World): Step[] {
  const profiles = world.companies.map((company) => {
    const contact = company.contacts[0]!
    const slug = contact.name.toLowerCase().replaceAll(' ', '-')
    return {
      externalId: `demo-profile-${contact.key}`,
      name: contact.name,
      contactId: contactRef(contact),
      profileUrl: `https://www.linkedin.com/in/${slug}-example`,
      headline: `${contact.title} at ${company.name}`,
      location: `${company.city}, ${company.country}`,
      companyName: company.name,
      jobTitle: contact.title,
    }
  })
  const posts = world.companies
    .filter((_, index) => index % 3 === 0)
    .map((company, index) => {
      const contact = company.contacts[0]!
      return {
        externalId: `demo-post-${company.key}`,
        content: `We looked at our ${company.industry.sites} with fresh eyes: ${company.industry.finding}. Small things, every night.`,
        contactId: contactRef(contact),
        authorName: contact.name,
        hashtags: ['energy', 'efficiency'],
        postedAt: world.days.at(-3 - index * 11, 10 * 60),
      }
    })
  return [
    upsert('LinkedIn profiles', 'linkedin.profiles', profiles),
    upsert('LinkedIn posts', 'linkedin.posts', posts),
  ]
}
