import { Random } from '../random.ts'
import { ref, upsert, type Chat, type Item, type Step } from '../step.ts'
import { TALKS, type Talk } from '../words/chats.ts'
import { fillIn } from '../words/fill-in.ts'
import { externalId } from './companies.ts'
import { isOpen, STAGE_NAMES, type Deal } from './deals.ts'
import { wordsOf, type World } from './story.ts'

const INTERFACES = ['chat', 'web', 'mobile', 'cli'] as const

/** Talks with the personalities about deals that are there, with how content people were with them. */
export function chatSteps(world: World): Step[] {
  const chats = makeChats(world)
  return [
    { way: 'chats', label: 'Chats', of: 'conversation', items: chats },
    upsert(
      'Satisfaction with chats',
      'conversation.analytics',
      chats.map((chat) => analyticsItem(world, chat)),
    ),
  ]
}

function makeChats(world: World): Chat[] {
  const count = Math.max(TALKS.length, Math.round(60 * world.scale))
  const open = world.deals.filter(isOpen)
  const won = world.deals.filter(({ stage }) => stage === 'won')
  const lost = world.deals.filter(({ stage }) => stage === 'lost')
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const talk = TALKS[index % TALKS.length]!
    const round = Math.floor(index / TALKS.length)
    const among = { open, won, lost, house: world.deals }[talk.about]
    const deal = among[(round * 7 + index) % Math.max(1, among.length)]
    // Where no deal was lost there is nothing to learn from one.
    return deal ? [makeChat(world, talk, { index, deal, count })] : []
  })
}

function makeChat(world: World, talk: Talk, about: { index: number; deal: Deal; count: number }): Chat {
  const { index, deal, count } = about
  const random = Random.of(world.seed, `chat ${index}`)
  const words = chatWords(world, deal)
  // Of an open deal people talk while it is in its stage, of another one when it is over, of the house all year round.
  const inStage = random.int(Math.min(-1, deal.passed.at(-1)!.from), -1)
  const year = -1 - Math.floor((index * 360) / count)
  const day = { open: inStage, won: deal.closeDay + 1, lost: deal.closeDay + 1, house: year }[talk.about]
  const begin = random.int(7 * 60, 19 * 60)
  const key = externalId(`chat-${index + 1}`)
  return {
    key,
    personality: talk.personality,
    title: fillIn(talk.title, words),
    interface: random.pick(INTERFACES),
    tags: talk.about === 'house' ? ['house'] : ['deal', deal.product.key],
    messages: talk.lines.map((line, at) => ({
      key: `${key}-${at + 1}`,
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
      speaker: null,
      at: world.days.at(Math.min(day, -1), begin + at * 2),
      content: fillIn(line, words),
    })),
  }
}

function chatWords(world: World, deal: Deal): Record<string, string> {
  const { company, contact, colleague, stage, product, risks, reason } = deal
  const words = wordsOf({ world, company, contact, deal, colleague, dueDay: 0 })
  const next = fillIn(product.next, words)
  return {
    ...words,
    stage: STAGE_NAMES[stage],
    next: next.charAt(0).toLowerCase() + next.slice(1),
    risk: risks[0] ?? 'Nobody has said who signs.',
    reason: reason ?? 'No reason was given.',
  }
}

function analyticsItem(world: World, { key, messages, tags }: Chat): Item {
  const random = Random.of(world.seed, `satisfaction ${key}`)
  const words = messages.reduce((sum, { content }) => sum + content.split(' ').length, 0)
  return {
    externalId: `${key}-analytics`,
    conversationId: ref('conversation', key),
    satisfaction: random.pick([3, 4, 4, 4.5, 5, 5]),
    resolutionSeconds: messages.length * 120,
    interactionCount: messages.length,
    tokenCount: Math.round(words * 1.35),
    costMicros: words * 22,
    currency: 'USD',
    topics: tags,
  }
}
