import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

const HOUR_MS = 3_600_000

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())

  const NOW = '2030-05-01T12:00:00.000Z'
  const after = (hours: number) => new Date(Date.parse(NOW) + hours * HOUR_MS).toISOString()
  const call = (operation: string, input: Value = {}) =>
    operationsAs(test, town.owner, stoppedClock(NOW))(operation, input)
  beforeEach(async () => {
    await test.query('delete from agenda.attention_items')
  })

  const score = fc.constantFrom(0, 10, 20, 50, 85, 90, 100)
  const shape = fc.record({
    importanceScore: score,
    urgencyScore: score,
    due: fc.constantFrom(null, -1, 0, 24, 25, 72, 73, 168, 169),
    snoozed: fc.constantFrom(null, -1, 0, 1),
    isVip: fc.boolean(),
    how: fc.constantFrom('open', 'open', 'open', 'open', 'mine', 'theirs', 'done', 'dismissed'),
  })
  const inputOf = (item: Value, index: number, contact: string) => ({
    title: `item ${index}`,
    importanceScore: item.importanceScore,
    urgencyScore: item.urgencyScore,
    deadlineAt: item.due === null ? null : after(item.due),
    snoozedUntil: item.snoozed === null ? null : after(item.snoozed),
    contactId: item.isVip ? contact : null,
    personId: item.how === 'mine' ? town.owner.userId : item.how === 'theirs' ? town.member.userId : null,
    doneAt: item.how === 'done' ? NOW : null,
    dismissedAt: item.how === 'dismissed' ? NOW : null,
    externalId: `item:${index}`,
  })
  const raised = (due: number | null) =>
    due === null ? 0 : due <= 0 ? 100 : due <= 24 ? 90 : due <= 72 ? 70 : due <= 168 ? 50 : 0

  /** The ids that should be shown, from the items as they were written: each taken as the best of those that are left. */
  function naiveTop(items: Value[]): string[] {
    const left = new Set(
      items.filter(
        ({ how, snoozed }) => ['open', 'mine'].includes(how) && (snoozed === null || snoozed <= 0),
      ),
    )
    const importance = (item: Value) => Math.min(100, item.importanceScore + (item.isVip ? 15 : 0))
    const urgency = (item: Value) => Math.max(item.urgencyScore, raised(item.due))
    const take = (first: (item: Value) => number, second: (item: Value) => number) => {
      const best = [...left].toSorted(
        (a, b) => first(b) - first(a) || second(b) - second(a) || (a.id < b.id ? -1 : 1),
      )[0]
      left.delete(best)
      return best ? [best.id] : []
    }
    const important = Array.from({ length: 7 }, () => take(importance, urgency)).flat()
    return [...important, ...Array.from({ length: 3 }, () => take(urgency, importance)).flat()]
  }

  describe('what asks for attention', () => {
    it('shows seven that are most important and three that are most urgent, and none of them twice', async () => {
      const vip = await call('crm.contacts.create', { firstName: 'Vera', isVip: true })
      await fc.assert(
        fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 25 }), async (items) => {
          await test.query('delete from agenda.attention_items')
          const inputs = items.map((item, index) => inputOf(item, index, vip.id))
          const { ids } = await call('agenda.attention.upsert', { items: inputs })
          const expected = naiveTop(items.map((item, index) => ({ ...item, id: ids[`item:${index}`] })))
          const { items: top } = await call('agenda.attention.top')
          const shown = top.map(({ item }: Value) => item.id)
          expect(shown).toEqual(expected)
          expect(new Set(shown).size).toBe(shown.length)
          const chosen = top.map(({ chosenFor }: Value) => chosenFor)
          expect(chosen).toEqual(
            shown.map((_: string, place: number) => (place < 7 ? 'importance' : 'urgency')),
          )
          for (const { reasons } of top) expect(reasons.length).toBeGreaterThan(0)
        }),
        { numRuns: 30 },
      )
    })

    it('says why each is among them', async () => {
      const vip = await call('crm.companies.create', { name: 'Acme', isVip: true })
      await call('agenda.attention.create', {
        title: 'Contract',
        importanceScore: 80,
        companyId: vip.id,
        deadlineAt: after(5),
        isActionRequired: true,
        reasons: ['They asked twice'],
      })
      const { items } = await call('agenda.attention.top')
      expect(items).toMatchObject([{ chosenFor: 'importance', importance: 95, urgency: 90 }])
      expect(items[0].reasons).toEqual([
        'one of the seven most important: 95 of 100',
        'it is about somebody very important',
        'its deadline is within a day',
        'something has to be done',
        'They asked twice',
      ])
    })

    it('goes out of sight when it is snoozed, dealt with or dismissed', async () => {
      const make = async (title: string) => (await call('agenda.attention.create', { title })).id
      const [later, done, away, left] = [await make('a'), await make('b'), await make('c'), await make('d')]
      const past = call('agenda.attention.snooze', { id: later, until: NOW })
      await expect(past).rejects.toMatchObject({ code: 'ATTENTION_SNOOZE_PAST' })
      const snoozed = await call('agenda.attention.snooze', { id: later, until: after(2) })
      expect(snoozed).toMatchObject({ status: 'snoozed', seenAt: NOW, snoozedUntil: after(2) })
      expect(await call('agenda.attention.done', { id: done })).toMatchObject({ status: 'done', doneAt: NOW })
      const dismissed = await call('agenda.attention.dismiss', { id: away })
      expect(dismissed).toMatchObject({ status: 'dismissed', dismissedAt: NOW, isOpen: false })
      const { items } = await call('agenda.attention.top')
      expect(items.map(({ item }: Value) => item.id)).toEqual([left])
      const again = call('agenda.attention.done', { id: away })
      await expect(again).rejects.toMatchObject({ code: 'ATTENTION_CLOSED' })
      const queue = await actIn(test, town.owner, async (ctx) => {
        const result =
          await sql<Value>`select * from allan_attention_queue where town_id = ${ctx.town}`.execute(ctx.tx)
        return result.rows
      })
      const statusOf = new Map(queue.map((row) => [row.id, row.status]))
      expect([later, done, away, left].map((id) => statusOf.get(id))).toEqual([
        'snoozed',
        'done',
        'dismissed',
        'new',
      ])
    })
  })

  describe('a touch', () => {
    it('has the status that its times give it', async () => {
      const { id: contactId } = await call('crm.contacts.create', { firstName: 'Carl' })
      const { id, status } = await call('agenda.touches.create', { contactId, suggestedMessage: 'Hello' })
      const become = async (change: Value) => (await call('agenda.touches.update', { id, ...change })).status
      expect([status, await become({ scheduledAt: after(1) }), await become({ sentAt: after(1) })]).toEqual([
        'ready',
        'scheduled',
        'sent',
      ])
      expect(await become({ sentAt: null, dismissedAt: after(1) })).toBe('dismissed')
    })
  })
})
