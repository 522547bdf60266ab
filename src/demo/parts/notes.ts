import { Random } from '../random.ts'
import { ensure, GIVEN, ref, upsert, type Item, type Step } from '../step.ts'
import { ARTICLES, MEMORIES, NOTES } from '../words/house.ts'
import { contactRef, externalId, type Company } from './companies.ts'
import { dealRef, isOpen, type Deal } from './deals.ts'
import type { World } from './story.ts'

const robbie = ref(GIVEN.personality, 'robbie-f')

/** What is written down: sticky notes and when they come up, memories, working memory, and what the house knows. */
export function noteSteps(world: World): Step[] {
  const open = world.deals.filter(isOpen)
  const vips = world.companies.filter(({ isVip }) => isVip)
  return [
    upsert('Sticky notes', 'memory.notes', [
      ...NOTES.map(([category, title, content], index) =>
        note({ key: `house-${index}`, category, title, content }),
      ),
      ...open.map(dealNote),
      ...vips.map(intelNote),
    ]),
    ensure(
      'Triggers of notes',
      'memory.triggers',
      ['triggerType', 'triggerValue'],
      vips.map((company) => ({
        triggerType: 'company',
        triggerValue: company.name,
        noteIds: [ref('memory.notes', externalId(`note-intel-${company.key}`))],
      })),
    ),
    memoryStep(world),
    upsert('Working memory', 'memory.working', workingItems(world, open)),
    upsert('Articles', 'knowledge.articles', ARTICLES.map(articleItem)),
    documentStep(world),
    searchStep(world),
  ]
}

function note(about: { key: string; category: string; title: string; content: string } & Item): Item {
  const { key, ...rest } = about
  return {
    externalId: externalId(`note-${key}`),
    priority: 'medium',
    tags: [],
    surfaceStatus: 'submerged',
    surfacePriority: 30,
    linkedContactIds: [],
    linkedDealIds: [],
    peopleMentioned: [],
    companiesMentioned: [],
    ...rest,
  }
}

function dealNote(deal: Deal): Item {
  const { company, contact, title } = deal
  return note({
    key: deal.key,
    category: 'deals',
    title: `${company.name}: ${title}`,
    content: `${contact.name} (${contact.part}) decides with procurement. ${deal.risks.join(' ') || 'Nothing in the way so far.'}`,
    priority: deal.stage === 'commitment' ? 'critical' : 'high',
    surfacePriority: 70,
    surfaceStatus: deal.stage === 'commitment' ? 'always_visible' : 'submerged',
    linkedDealIds: [dealRef(deal)],
    linkedContactIds: [contactRef(contact)],
    peopleMentioned: [contact.name],
    companiesMentioned: [company.name],
  })
}

function intelNote(company: Company): Item {
  const contact = company.contacts[0]!
  return note({
    key: `intel-${company.key}`,
    category: 'intel',
    title: `About ${company.name}`,
    content: `${company.sites} ${company.industry.sites}, ${company.employees} people. Budgets in October. ${contact.name} listens to numbers, not to adjectives.`,
    linkedContactIds: [contactRef(contact)],
    peopleMentioned: [contact.name],
    companiesMentioned: [company.name],
  })
}

function memoryStep(world: World): Step {
  const own = MEMORIES.map(([category, content, importance]) => ({
    category,
    content,
    importance,
    people: [],
    isCore: importance >= 8,
    evidence: [{ quote: content }],
  }))
  const customers = world.companies
    .filter(({ isVip }) => isVip)
    .map((company) => ({
      category: 'relationship',
      subject: company.contacts[0]!.name,
      content: `${company.contacts[0]!.name} of ${company.name} wants numbers first, and in mails, not on the phone.`,
      importance: 7,
      people: [company.contacts[0]!.name],
      isCore: false,
      evidence: [],
    }))
  return {
    way: 'ensure',
    label: 'Memories',
    of: 'memory',
    list: 'memory.list',
    create: 'memory.remember',
    sameBy: ['content'],
    items: [...own, ...customers].map((item) => ({ ...item, tags: ['demo'] })),
  }
}

function workingItems(world: World, open: Deal[]): Item[] {
  return open
    .filter(({ stage }) => stage === 'negotiation' || stage === 'commitment')
    .map((deal) => ({
      externalId: externalId(`working-${deal.key}`),
      personalityId: robbie,
      memoryType: 'context',
      content: `${deal.company.name} is about to decide on ${deal.title}; ${deal.contact.name} writes next.`,
      priority: deal.company.isVip ? 9 : 7,
      expiresAt: world.days.at(45, 0),
    }))
}

function articleItem(article: (typeof ARTICLES)[number], index: number): Item {
  const [topic, title, content] = article
  return {
    externalId: externalId(`article-${index + 1}`),
    title,
    topic,
    content,
    summary: content.slice(0, content.search(/[.?]/) + 1),
    category: 'handbook',
    tags: [topic.toLowerCase()],
    importance: 6,
    confidence: 0.9,
  }
}

/** The handbook as one document, so that it is found piece by piece. */
function documentStep(world: World): Step {
  return {
    way: 'ensure',
    label: 'Documents',
    of: 'knowledge.documents',
    list: 'knowledge.documents.list',
    create: 'knowledge.documents.store',
    sameBy: ['externalId'],
    items: [
      {
        externalId: externalId('handbook'),
        title: 'Handbook of Lanternworks',
        source: 'Handbook.md',
        mimeType: 'text/markdown',
        language: 'en',
        collectionId: ref('knowledge.collections', externalId('town')),
        metadata: { as: world.days.on(-30) },
        chunks: ARTICLES.map(([topic, title, content]) => ({ heading: `${topic}: ${title}`, content })),
      },
    ],
  }
}

function searchStep(world: World): Step {
  const random = Random.of(world.seed, 'searches')
  const queries = [
    'savings estimate',
    'reference visit',
    'night load',
    'invoice',
    'security review',
    'silent sensor',
  ]
  const items = [...queries, ...world.companies.slice(0, 12).map(({ name }) => name)].map((query) => ({
    query,
    searchType: 'keyword',
    resultCount: random.int(1, 20),
    durationMs: random.int(8, 60),
    feedback: random.pick(['helpful', 'helpful', 'partly']),
  }))
  return ensure('Searches', 'search.history', ['query'], items)
}
