import { describe, expect, it } from 'vitest'

import { makeDemo, type DemoChoice } from './make-demo.ts'
import { isRef, type Chat, type Item, type Step } from './step.ts'

const choice: DemoChoice = { seed: 7, until: '2026-05-17', size: 'year' }
const steps = makeDemo(choice, 'home')

function itemsOf(of: string, among: Step[] = steps): Item[] {
  return among.filter((step) => step.of === of).flatMap(({ items }): Item[] => items)
}

const chats = itemsOf('conversation') as unknown as Chat[]

function* valuesIn(value: unknown): Generator {
  yield value
  if (isRef(value) || typeof value !== 'object' || value === null) return
  for (const inner of Object.values(value)) yield* valuesIn(inner)
}

describe('the demo', () => {
  it('is the same to the letter for the same seed and day', () => {
    expect(makeDemo(choice, 'home')).toEqual(steps)
  })

  it('is another one for another seed', () => {
    const other = makeDemo({ ...choice, seed: 8 }, 'home')
    const names = (among: Step[]) => itemsOf('crm.companies', among).map(({ name }) => name)
    expect(names(other)).not.toEqual(names(steps))
    expect(itemsOf('crm.deals', other).map(({ amountCents }) => amountCents)).not.toEqual(
      itemsOf('crm.deals').map(({ amountCents }) => amountCents),
    )
  })

  it('can end at every day of a week, at a leap day and with a size of a tenth', () => {
    const days = [
      '2026-05-11',
      '2026-05-12',
      '2026-05-13',
      '2026-05-14',
      '2026-05-15',
      '2026-05-16',
      '2024-02-29',
    ]
    for (const until of days) {
      const demo = makeDemo({ seed: 1, until, size: 'sample' }, 'home')
      expect(itemsOf('crm.companies', demo)).toHaveLength(6)
      expect(itemsOf('crm.interactions', demo).length).toBeGreaterThan(50)
    }
  })

  it('has the size of a year of business', () => {
    const sizes = Object.fromEntries(steps.map(({ of, items }) => [of, items.length]))
    expect(sizes['crm.companies']).toBe(60)
    expect(sizes['crm.contacts']).toBeGreaterThanOrEqual(180)
    expect(sizes['crm.deals']).toBe(160)
    expect(sizes['crm.interactions']! + sizes['google.mails']!).toBeGreaterThan(3_000)
    expect(sizes['agenda.tasks']).toBeGreaterThan(400)
    expect(sizes['agenda.commitments']).toBeGreaterThan(150)
    expect(chats).toHaveLength(60)
  })

  it('names each thing once, and nothing before it is made', () => {
    const known = new Set(['person me', 'personality robbie-f'])
    const stages = ['lead', 'qualified', 'discovery', 'proposal', 'negotiation', 'commitment', 'won', 'lost']
    for (const stage of stages) known.add(`stage shipped:${stage}`)
    for (const { of, items } of steps) {
      const before = known.size
      const keys = (items as Item[]).map(
        ({ externalId, $key, key }) => `${of} ${String(externalId ?? $key ?? key)}`,
      )
      const named = [...valuesIn(items)].filter(isRef).map(({ $ref }) => $ref.join(' '))
      expect(named.filter((name) => !known.has(name))).toEqual([])
      const told = keys.filter((key) => !key.endsWith(' undefined'))
      for (const key of told) known.add(key)
      expect(known.size - before).toBe(told.length)
    }
  })

  it('leaves no word in braces, and no line that ends in nothing', () => {
    const texts = [...valuesIn(steps)].filter((value) => typeof value === 'string')
    expect(texts.length).toBeGreaterThan(10_000)
    expect(texts.filter((text) => /\{\w+\}|undefined|NaN/.test(text))).toEqual([])
  })

  it('fills the year before its day, and has things due in the weeks after it', () => {
    const months = new Set(
      itemsOf('crm.interactions').map(({ occurredAt }) => String(occurredAt).slice(0, 7)),
    )
    expect(months.size).toBeGreaterThanOrEqual(12)
    const past = [
      ...itemsOf('crm.interactions').map(({ occurredAt }) => occurredAt),
      ...itemsOf('google.mails').map(({ receivedAt }) => receivedAt),
      ...chats.flatMap(({ messages }) => messages.map(({ at }) => at)),
      ...itemsOf('insight.model_usage').map(({ calledAt }) => calledAt),
    ]
    expect(past.filter((at) => String(at) >= '2026-05-17')).toEqual([])
    const soon = (at: unknown) => String(at) >= '2026-05-17' && String(at) < '2026-05-31'
    expect(itemsOf('agenda.tasks').filter(({ dueAt, completedAt }) => completedAt === null && soon(dueAt)).length)
      .toBeGreaterThan(10) // prettier-ignore
    expect(itemsOf('agenda.calendar').filter(({ startsAt }) => soon(startsAt)).length).toBeGreaterThan(10)
    expect(
      itemsOf('crm.deals').filter(({ expectedCloseOn }) => soon(expectedCloseOn)).length,
    ).toBeGreaterThan(2)
    expect(itemsOf('agenda.commitments').filter(({ completedAt }) => completedAt === null).length)
      .toBeGreaterThan(5) // prettier-ignore
  })
})

describe('what the demo tells', () => {
  it('has for each promise the words it was made with, and a task that is done when it is kept', () => {
    const words = new Map(itemsOf('crm.interactions').map(({ externalId, content }) => [externalId, content]))
    const tasks = new Map(itemsOf('agenda.tasks').map((task) => [task['externalId'], task]))
    for (const { externalId, quote, completedAt, deadlineAt } of itemsOf('agenda.commitments')) {
      const key = String(externalId).slice('demo:promise-'.length)
      expect(words.get(`demo:${key}`)).toContain(quote)
      const task = tasks.get(`demo:task-${key}`)
      expect(task).toMatchObject({ completedAt, dueAt: deadlineAt })
    }
  })

  it('talks in chats about deals and customers that are there', () => {
    const companies = itemsOf('crm.companies').map(({ name }) => String(name))
    const aboutDeals = chats.filter(({ tags }) => tags.includes('deal'))
    expect(aboutDeals.length).toBeGreaterThan(30)
    const strangers = aboutDeals.filter(({ title, messages }) => {
      const said = [title, ...messages.map(({ content }) => content)].join('\n')
      return !companies.some((name) => said.includes(name))
    })
    expect(strangers.map(({ title }) => title)).toEqual([])
  })

  it('answers a mail after it came, and in its thread', () => {
    const mails = itemsOf('crm.interactions').filter(({ interactionType }) => interactionType === 'email')
    const answered = mails.filter(({ repliedAt }) => repliedAt !== null)
    expect(answered.length).toBeGreaterThan(200)
    expect(answered.filter(({ repliedAt, occurredAt }) => String(repliedAt) < String(occurredAt))).toEqual([])
    const threads = Map.groupBy(mails, ({ threadId }) => threadId)
    for (const [, thread] of threads) {
      const [first, ...others] = thread.map(({ subject }) => String(subject))
      expect(new Set(others.filter((subject) => subject !== `Re: ${first}`))).toEqual(new Set())
    }
  })

  it('mirrors mails of the timeline, and counts them in their threads', () => {
    const words = new Set(itemsOf('crm.interactions').map(({ content }) => content))
    const mails = itemsOf('google.mails')
    expect(mails.filter(({ bodyText }) => !words.has(bodyText))).toEqual([])
    const counts = Map.groupBy(mails, ({ threadExternalId }) => threadExternalId)
    for (const { externalId, messageCount } of itemsOf('google.threads')) {
      expect(counts.get(externalId)).toHaveLength(Number(messageCount))
    }
  })

  it('closes deals on the way through the stages, and never before they began', () => {
    const steps = Map.groupBy(itemsOf('crm.deal_activities'), ({ dealId }) => JSON.stringify(dealId))
    for (const [, way] of steps) {
      const times = way.map(({ happenedAt }) => String(happenedAt))
      expect(times).toEqual(times.toSorted())
    }
    for (const { closedAt, begunOn } of itemsOf('crm.deals')) {
      if (typeof closedAt === 'string') expect(closedAt > String(begunOn)).toBe(true)
    }
  })
})
