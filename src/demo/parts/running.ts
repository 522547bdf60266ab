import { Random } from '../random.ts'
import { ensure, GIVEN, ref, upsert, type Item, type Step } from '../step.ts'
import { contactRef, companyRef, externalId, personOf } from './companies.ts'
import { dealRef, isOpen, STAGE_NAMES, type Deal } from './deals.ts'
import type { Happening, World } from './story.ts'

const robbie = ref(GIVEN.personality, 'robbie-f')

/** What goes on around the business: attention, notifications, the use of models, simulations, health of services. */
export function runningSteps(world: World, story: Happening[]): Step[] {
  const open = world.deals.filter(isOpen)
  const asked = open.filter(({ stage }) => stage === 'negotiation' || stage === 'commitment').slice(0, 10)
  return [
    upsert('Items that ask for attention', 'agenda.attention', [
      ...open.map((deal) => dealAttention(world, deal)),
      ...mailAttention(story),
    ]),
    upsert('Notifications', 'presence.notifications', notificationItems(world, open)),
    upsert('What worked', 'presence.behaviors', behaviorItems(world)),
    upsert('Use of models', 'insight.model_usage', usageItems(world)),
    upsert('Simulations', 'simulation.simulations', asked.map(simulationItem)),
    upsert(
      'Scenarios',
      'simulation.scenarios',
      asked.flatMap((deal) => scenarioItems(world, deal)),
    ),
    ensure(
      'Simulations of deals',
      'simulation.deals',
      ['dealId', 'simulationId'],
      asked.map((deal) => ({
        dealId: dealRef(deal),
        simulationId: ref('simulation.simulations', externalId(`simulation-${deal.key}`)),
        association: 'forecast',
      })),
    ),
    upsert('Health of services', 'platform.health', healthItems(world)),
  ]
}

function dealAttention(world: World, deal: Deal): Item {
  const near = Math.max(0, 30 - deal.closeDay)
  const worth = 50 * Math.sqrt(deal.amount / 260_000)
  return {
    externalId: externalId(`attention-${deal.key}`),
    title: `${deal.company.name}: ${deal.title}`,
    summary: `In ${STAGE_NAMES[deal.stage]}, expected to close on ${world.days.on(deal.closeDay)}.`,
    kind: 'deal',
    source: 'crm',
    tier: deal.stage === 'commitment' ? 'critical' : worth > 30 ? 'high' : 'medium',
    importanceScore: Math.round(35 + worth),
    urgencyScore: Math.min(95, Math.round(20 + near * 2)),
    personId: personOf(deal.colleague),
    contactId: contactRef(deal.contact),
    companyId: companyRef(deal.company),
    dealId: dealRef(deal),
    isActionRequired: true,
    deadlineAt: world.days.at(deal.closeDay, 17 * 60),
    reasons: ['open deal', ...(deal.company.isVip ? ['important customer'] : [])],
    suggestedAction: `Ask ${deal.contact.first} what is missing for a decision.`,
  }
}

/** The last mails of customers that nobody has answered. */
function mailAttention(story: Happening[]): Item[] {
  const last = new Map(story.flatMap((item) => (item.thread === null ? [] : [[item.thread, item] as const])))
  return [...last.values()]
    .filter(
      ({ beat, day, deal }) => beat.from === 'them' && day > -21 && beat.stage !== 'lost' && deal !== null,
    )
    .map((mail) => ({
      externalId: externalId(`attention-${mail.key}`),
      title: `Answer ${mail.contact.name}: ${mail.subject}`,
      summary: mail.text.replaceAll(/\s+/g, ' ').slice(0, 300),
      kind: 'mail',
      source: 'gmail',
      tier: mail.beat.mood === 'negative' ? 'high' : 'medium',
      importanceScore: mail.company.isVip ? 70 : 50,
      urgencyScore: Math.max(20, 80 + mail.day * 3),
      personId: personOf(mail.colleague),
      contactId: contactRef(mail.contact),
      companyId: companyRef(mail.company),
      dealId: mail.deal ? dealRef(mail.deal) : null,
      isActionRequired: true,
      reasons: ['waits for an answer'],
      suggestedAction: 'Answer today, shortly.',
    }))
}

function notificationItems(world: World, open: Deal[]): Item[] {
  const soon = open.filter(({ closeDay }) => closeDay < 30)
  return soon.map((deal) => ({
    externalId: externalId(`notification-${deal.key}`),
    personalityId: robbie,
    userId: personOf(null),
    type: deal.stage === 'commitment' ? 'alert' : 'reminder',
    title: `${deal.company.name} decides soon`,
    message: `${deal.title} is expected to close on ${world.days.spoken(deal.closeDay)}, and stands in ${STAGE_NAMES[deal.stage]}.`,
    isActionRequired: deal.stage === 'commitment',
    priority: deal.company.isVip ? 9 : 6,
    expiresAt: world.days.at(60, 0),
  }))
}

const BEHAVIORS = ['named the next step', 'gave the bad news first', 'kept it short', 'reminded a day before']

function behaviorItems(world: World): Item[] {
  return Array.from({ length: Math.round(48 * world.scale) }, (_, index) => {
    const random = Random.of(world.seed, `behavior ${index}`)
    return {
      externalId: externalId(`behavior-${index + 1}`),
      personalityId: robbie,
      behavior: BEHAVIORS[index % BEHAVIORS.length],
      effectiveness: random.int(50, 98) / 100,
      interface: 'chat',
      at: world.days.at(-1 - index * 7, random.int(8 * 60, 18 * 60)),
    }
  })
}

/** Models as they are called here, with their price for a thousand tokens in and out, in millionths of a dollar. */
const MODELS = [
  ['small-chat', 'local', 'chat', 0, 0],
  ['large-chat', 'cloud', 'chat', 3_000, 15_000],
  ['large-chat', 'cloud', 'summary', 3_000, 15_000],
  ['embedder', 'local', 'embedding', 0, 0],
] as const

function usageItems(world: World): Item[] {
  const random = Random.of(world.seed, 'usage')
  const days = Math.round(364 * world.scale)
  return Array.from({ length: days }, (_, index) => -1 - index).flatMap((day) =>
    MODELS.map(([modelName, modelProvider, taskType, priceIn, priceOut], index) => {
      const inputTokens = random.int(400, 9_000)
      const outputTokens = taskType === 'embedding' ? 0 : random.int(80, 1_400)
      const isSuccess = random.chance(0.985)
      return {
        externalId: externalId(`usage${day}-${index}`),
        modelName,
        modelProvider,
        taskType,
        userId: personOf(null),
        inputTokens,
        outputTokens,
        costMicros: Math.round((inputTokens * priceIn + outputTokens * priceOut) / 1_000),
        latencyMs: random.int(90, 4_200),
        isSuccess,
        errorMessage: isSuccess ? null : 'The model did not answer in time.',
        calledAt: world.days.at(day, random.int(7 * 60, 20 * 60)),
      }
    }),
  )
}

function simulationItem(deal: Deal): Item {
  return {
    externalId: externalId(`simulation-${deal.key}`),
    name: `Will ${deal.company.name} buy?`,
    description: `How likely ${deal.title} is won, and when.`,
    kind: 'deal_probability',
    parameters: { stage: STAGE_NAMES[deal.stage], amount: deal.amount },
    dealId: dealRef(deal),
    ownerId: personOf(deal.colleague),
    tags: [deal.product.key],
  }
}

function scenarioItems(world: World, deal: Deal): Item[] {
  const kinds = [
    ['optimistic', 'Signs this month', 0],
    ['realistic', 'Signs as expected', 1],
    ['pessimistic', 'Waits for the budget', 3],
  ] as const
  return kinds.map(([kind, name, months]) => ({
    externalId: externalId(`scenario-${deal.key}-${kind}`),
    simulationId: ref('simulation.simulations', externalId(`simulation-${deal.key}`)),
    name,
    kind,
    config: { closeOn: world.days.on(deal.closeDay + months * 30) },
  }))
}

function healthItems(world: World): Item[] {
  const services = ['gmail', 'calendar', 'slack', 'model'] as const
  return Array.from({ length: Math.round(14 * world.scale) }, (_, index) => -1 - index).flatMap((day) =>
    services.map((service) => {
      const random = Random.of(world.seed, `health ${service} ${day}`)
      const isDown = random.chance(0.03)
      return {
        externalId: externalId(`health-${service}${day}`),
        service,
        status: isDown ? 'degraded' : 'up',
        latencyMs: isDown ? random.int(2_000, 6_000) : random.int(60, 400),
        error: isDown ? 'Answers slowly.' : null,
        checkedAt: world.days.at(day, 6 * 60),
      }
    }),
  )
}
