import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'

const HOUR_MS = 3_600_000
const soon = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const call = (operation: string, input: Record<string, unknown> = {}) => as(town.owner)(operation, input)
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const rowsOf = (view: 'ai_upcoming_reminders' | 'ai_calendar_events') =>
    actIn(test, town.owner, async (ctx) => {
      const result = await sql<Value>`select * from ${sql.table(view)} where town_id = ${ctx.town}`.execute(
        ctx.tx,
      )
      return result.rows
    })

  describe('a task', () => {
    it('is done when it is completed, and goes on where it was when it is reopened', async () => {
      const { id, status } = await call('agenda.tasks.create', { title: 'Write', progress: 'in_progress' })
      expect(status).toBe('in_progress')
      expect(await codeOf(call('agenda.tasks.reopen', { id }))).toBe('TASK_OPEN')
      const done = await call('agenda.tasks.complete', { id, version: 1 })
      expect(done).toMatchObject({ status: 'done', version: 2, completedAt: expect.any(String) })
      expect(await codeOf(call('agenda.tasks.complete', { id }))).toBe('TASK_CLOSED')
      expect(
        (await call('agenda.tasks.list', { status: 'done' })).items.map((item: Value) => item.id),
      ).toContain(id)
      const open = await call('agenda.tasks.reopen', { id })
      expect(open).toMatchObject({ status: 'in_progress', completedAt: null })
      expect(await codeOf(call('agenda.tasks.complete', { id, version: 1 }))).toBe('RESOURCE_VERSION_STALE')
    })

    it('that was cancelled is cancelled until it is reopened', async () => {
      const { id } = await call('agenda.tasks.create', { title: 'Call' })
      const cancelled = await call('agenda.tasks.update', { id, cancelledAt: soon(0) })
      expect(cancelled.status).toBe('cancelled')
      expect(await codeOf(call('agenda.tasks.complete', { id }))).toBe('TASK_CLOSED')
      expect((await call('agenda.tasks.reopen', { id })).status).toBe('todo')
    })

    it('is no step of itself, however many steps lie between', async () => {
      const first = await call('agenda.tasks.create', { title: 'First' })
      const second = await call('agenda.tasks.create', { title: 'Second', parentTaskId: first.id })
      const third = await call('agenda.tasks.create', { title: 'Third', parentTaskId: second.id })
      const under = (parentTaskId: string) =>
        codeOf(call('agenda.tasks.update', { id: first.id, parentTaskId }))
      expect([await under(first.id), await under(second.id), await under(third.id)]).toEqual([
        'TASK_CYCLE',
        'TASK_CYCLE',
        'TASK_CYCLE',
      ])
      expect(await codeOf(call('agenda.tasks.delete', { id: second.id }))).toBe('RESOURCE_IN_USE')
    })

    it('is no step of itself after a bulk upsert either', async () => {
      const task = (externalId: string, parentTaskId?: string) => ({
        title: externalId,
        externalId,
        parentTaskId,
      })
      const { ids } = await call('agenda.tasks.upsert', { items: [task('over'), task('under')] })
      const upsert = (items: Value[]) => codeOf(call('agenda.tasks.upsert', { items }))
      expect(await upsert([task('over', ids.under), task('under', ids.over)])).toBe('TASK_CYCLE')
      expect(await upsert([task('under', ids.over)])).toBe('success')
      expect(await upsert([task('over', ids.under)])).toBe('TASK_CYCLE')
    })

    it('says of what kind the thing is that it is about', async () => {
      const alone = { title: 'Look', relatedId: newId() }
      expect(await codeOf(call('agenda.tasks.create', alone))).toBe('AGENDA_RELATED_KIND')
      expect(await codeOf(call('agenda.tasks.create', { ...alone, relatedKind: 'deal' }))).toBe('success')
    })
  })

  describe('a promise', () => {
    it('is overdue by the clock of whoever asks', async () => {
      const { id } = await call('agenda.commitments.create', {
        promise: 'x',
        deadlineAt: '2020-06-01T00:00:00Z',
      })
      const statusAt = async (time: string) =>
        (await operationsAs(test, town.owner, stoppedClock(time))('agenda.commitments.get', { id })).status
      expect([await statusAt('2020-01-01'), await statusAt('2020-07-01')]).toEqual(['active', 'overdue'])
    })

    it('is overdue from its deadline on, until it is kept', async () => {
      const later = await call('agenda.commitments.create', { promise: 'Send it', deadlineAt: soon(1) })
      expect(later).toMatchObject({ status: 'active', isOpen: true })
      const { id } = await call('agenda.commitments.create', { promise: 'Send it', deadlineAt: soon(-1) })
      expect((await call('agenda.commitments.get', { id })).status).toBe('overdue')
      const kept = await call('agenda.commitments.complete', { id })
      expect(kept).toMatchObject({ status: 'completed', isOpen: false, completedAt: expect.any(String) })
      expect(await codeOf(call('agenda.commitments.complete', { id }))).toBe('COMMITMENT_CLOSED')
      expect(await codeOf(call('agenda.commitments.cancel', { id }))).toBe('COMMITMENT_CLOSED')
    })

    it('keeps its notes in order, the reason for calling it off last', async () => {
      const { id } = await call('agenda.commitments.create', { promise: 'Visit' })
      await call('agenda.commitments.add_progress', { id, note: 'Booked' })
      const noted = await call('agenda.commitments.add_progress', { id, note: 'Asked', at: soon(-5) })
      expect(noted.progressNotes.map((item: Value) => item.note)).toEqual(['Asked', 'Booked'])
      const cancelled = await call('agenda.commitments.cancel', { id, reason: 'They moved' })
      expect(cancelled.status).toBe('cancelled')
      expect(cancelled.progressNotes.map((item: Value) => item.note)).toEqual([
        'Asked',
        'Booked',
        'They moved',
      ])
      const unknown = call('agenda.commitments.add_progress', { id: newId(), note: 'Nothing' })
      expect(await codeOf(unknown)).toBe('RESOURCE_NOT_FOUND')
    })

    it('takes only zones that there are', async () => {
      const inZone = (timeZone: string) =>
        codeOf(call('agenda.commitments.create', { promise: 'Call', timeZone }))
      expect(await inZone('Europe/Berlin')).toBe('success')
      expect([await inZone('Berlin'), await inZone('+02:00')]).toEqual(['INVALID_INPUT', 'INVALID_INPUT'])
    })
  })

  describe('the reminders of the next day', () => {
    it('are those that were not sent, of what is still to come', async () => {
      const commitment = async (remindAt: string, more: Value = {}) => {
        const { id } = await call('agenda.commitments.create', { promise: 'Ring', ...more })
        return (await call('agenda.commitment_reminders.create', { commitmentId: id, remindAt })).id
      }
      const event = async (hours: number, more: Value = {}) => {
        const { id } = await call('agenda.calendar.create', {
          title: 'Lunch',
          startsAt: soon(hours),
          endsAt: soon(hours + 1),
          ...more,
        })
        return call('agenda.calendar_reminders.create', { calendarEventId: id, minutesBefore: 30 })
      }
      const due = await commitment(soon(2))
      await commitment(soon(-1))
      await commitment(soon(25))
      await commitment(soon(2), { cancelledAt: soon(0) })
      const lunch = await event(24)
      expect(Date.parse(lunch.remindAt) / HOUR_MS).toBeCloseTo(Date.parse(soon(23.5)) / HOUR_MS, 2)
      await event(26)
      await event(3, { status: 'cancelled' })
      const { id: sent } = await event(3)
      await call('agenda.calendar_reminders.update', { id: sent, sentAt: soon(0) })
      const rows = await rowsOf('ai_upcoming_reminders')
      expect(rows.map((row) => [row.id, row.about_kind, row.title])).toEqual(
        expect.arrayContaining([
          [due, 'commitment', 'Ring'],
          [lunch.id, 'calendar_event', 'Lunch'],
        ]),
      )
      expect(rows).toHaveLength(2)
    })
  })

  describe('the health of a meeting', () => {
    it('is what its event says, however it was changed', async () => {
      const many = (count: number) => Array.from({ length: count }, (_, n) => `person ${n}`)
      const facts = fc.record({
        minutes: fc.constantFrom(0, 30, 60, 61, 120, 121, 600),
        agenda: fc.constantFrom(null, ' ', 'Decide'),
        location: fc.constantFrom(null, 'Room 1'),
        meetingUrl: fc.constantFrom(null, 'https://example.com/meet'),
        attendees: fc.constantFrom(0, 1, 8, 9, 15, 16).map(many),
        isAllDay: fc.boolean(),
      })
      const startsAt = soon(48)
      const input = ({ minutes, ...rest }: Value) => ({
        ...rest,
        startsAt,
        endsAt: new Date(Date.parse(startsAt) + minutes * 60_000).toISOString(),
      })
      const { id } = await call('agenda.calendar.create', { title: 'Plan', startsAt, endsAt: startsAt })
      await fc.assert(
        fc.asyncProperty(facts, async (some) => {
          const { health } = await call('agenda.calendar.update', { id, ...input(some) })
          expect(health && health.score).toBe(naiveScore(some))
          if (!health) return
          expect(health.issues.length === 0).toBe(health.score === 100)
          expect(health.recommendations).toHaveLength(health.issues.length)
          expect(health.status).toBe(health.score >= 80 ? 'healthy' : health.score >= 50 ? 'fair' : 'poor')
        }),
        { numRuns: 40 },
      )
      expect((await rowsOf('ai_calendar_events')).map((row) => row.id)).toContain(id)
    })
  })

  describe('an event', () => {
    it('does not end before it begins, and concerns personalities that there are', async () => {
      const event = { title: 'Talk', startsAt: soon(2), endsAt: soon(1) }
      expect(await codeOf(call('agenda.calendar.create', event))).toBe('AGENDA_PERIOD')
      const strange = { ...event, endsAt: soon(3), personalityIds: [newId()] }
      expect(await codeOf(call('agenda.calendar.create', strange))).toBe('REFERENCE_NOT_FOUND')
      const { items } = await call('persona.list')
      const known = { ...strange, personalityIds: [items[0].id] }
      expect(await call('agenda.calendar.create', known)).toMatchObject(known)
    })
  })
})

function naiveScore({ minutes, agenda, location, meetingUrl, attendees, isAllDay }: Value): number | null {
  if (isAllDay || attendees.length === 0) return null
  let score = 100
  if (agenda !== 'Decide') score -= 40
  if (minutes > 60) score -= 15
  if (minutes > 120) score -= 15
  if (attendees.length > 8) score -= 10
  if (attendees.length > 15) score -= 10
  if (!location && !meetingUrl) score -= 10
  return score
}
