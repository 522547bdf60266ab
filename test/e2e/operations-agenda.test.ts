import { describe, expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage, type Stage } from './stage.ts'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

eachBackend((backend) => {
  const stage = useStage(backend)
  // One small call through the door in question; what it needs is made over HTTP, which is fast.
  const make: Make = (operation, input) => stage().http().call(operation, input)

  describe('tasks', () => taskTests(stage, make))
  describe('promises', () => commitmentTests(stage, make))
  describe('the calendar', () => calendarTests(stage, make))
  describe('attention', () => attentionTests(stage, make))
})

type Make = (operation: string, input: Record<string, unknown>) => Promise<Value>

function taskTests(stage: () => Stage, make: Make) {
  provesOnEachDoor('agenda.tasks.complete', 'marks a task as done', async (name) => {
    const { id } = await make('agenda.tasks.create', { title: 'Write the offer', progress: 'waiting' })
    const done = await (await stage().door(name)).call('agenda.tasks.complete', { id })
    expect(done).toMatchObject({
      id,
      status: 'done',
      completedAt: expect.stringMatching(INSTANT),
      version: 2,
    })
  })

  provesOnEachDoor('agenda.tasks.reopen', 'opens a task again', async (name) => {
    const { id } = await make('agenda.tasks.create', { title: 'Write the offer', progress: 'waiting' })
    await make('agenda.tasks.complete', { id })
    const open = await (await stage().door(name)).call('agenda.tasks.reopen', { id })
    expect(open).toMatchObject({ id, status: 'waiting', completedAt: null, version: 3 })
  })
}

function commitmentTests(stage: () => Stage, make: Make) {
  const promised = () =>
    make('agenda.commitments.create', { promise: 'Send the offer', deadlineAt: '2020-01-01T00:00:00.000Z' })

  provesOnEachDoor('agenda.commitments.complete', 'marks an overdue promise as kept', async (name) => {
    const { id, status } = await promised()
    expect(status).toBe('overdue')
    const kept = await (await stage().door(name)).call('agenda.commitments.complete', { id })
    expect(kept).toMatchObject({ id, status: 'completed', completedAt: expect.stringMatching(INSTANT) })
  })

  provesOnEachDoor('agenda.commitments.cancel', 'calls a promise off and keeps the reason', async (name) => {
    const { id } = await promised()
    const door = await stage().door(name)
    const cancelled = await door.call('agenda.commitments.cancel', { id, reason: 'Sold' })
    expect(cancelled).toMatchObject({ id, status: 'cancelled', progressNotes: [{ note: 'Sold' }] })
  })

  provesOnEachDoor('agenda.commitments.add_progress', 'notes how a promise gets on', async (name) => {
    const { id } = await promised()
    const note = { note: 'Half of it is written', at: '2026-02-03T04:05:06.000Z' }
    const noted = await (await stage().door(name)).call('agenda.commitments.add_progress', { id, ...note })
    expect(noted.progressNotes).toEqual([{ note: note.note, notedAt: note.at }])
  })
}

function calendarTests(stage: () => Stage, make: Make) {
  // Each door has a day of its own: the events of the others do not count there.
  const days = { http: '2031-01-01', mcp: '2031-01-02', cli: '2031-01-03' }
  const event = (title: string, startsAt: string, endsAt: string) =>
    make('agenda.calendar.create', { title, startsAt, endsAt })

  provesOnEachDoor('agenda.calendar.conflicts', 'lists events that overlap', async (name) => {
    const at = (hour: string) => `${days[name]}T${hour}:00:00.000Z`
    const first = await event('Review', at('08'), at('10'))
    const second = await event('Call', at('09'), at('11'))
    const { items, isComplete } = await (
      await stage().door(name)
    ).call('agenda.calendar.conflicts', { from: at('00'), to: at('23') })
    expect(isComplete).toBe(true)
    expect(items).toMatchObject([
      {
        first: { id: first.id },
        second: { id: second.id },
        overlap: { startsAt: at('09'), endsAt: at('10') },
      },
    ])
  })

  provesOnEachDoor('agenda.calendar.free_busy', 'says when somebody is free', async (name) => {
    const at = (hour: string) => `${days[name].replace('01-0', '02-0')}T${hour}:00:00.000Z`
    await event('Review', at('08'), at('10'))
    const personIds = [stage().owner.userId]
    const answer = await (
      await stage().door(name)
    ).call('agenda.calendar.free_busy', { from: at('06'), to: at('12'), personIds })
    expect(answer).toEqual({
      people: [{ personId: personIds[0], busy: [{ startsAt: at('08'), endsAt: at('10') }] }],
      free: [
        { startsAt: at('06'), endsAt: at('08') },
        { startsAt: at('10'), endsAt: at('12') },
      ],
      isComplete: true,
    })
  })
}

function attentionTests(stage: () => Stage, make: Make) {
  const asked = (more: Value = {}) => make('agenda.attention.create', { title: 'A question', ...more })

  provesOnEachDoor('agenda.attention.top', 'shows what is most important, with reasons', async (name) => {
    const { id } = await asked({ importanceScore: 100, urgencyScore: 100 })
    const { items } = await (await stage().door(name)).call('agenda.attention.top')
    expect(items.find(({ item }: Value) => item.id === id)).toMatchObject({
      chosenFor: 'importance',
      importance: 100,
      reasons: [expect.stringContaining('seven most important')],
    })
  })

  provesOnEachDoor('agenda.attention.snooze', 'puts an item out of sight', async (name) => {
    const { id } = await asked()
    const until = '2100-01-01T00:00:00.000Z'
    const snoozed = await (await stage().door(name)).call('agenda.attention.snooze', { id, until })
    expect(snoozed).toMatchObject({ id, status: 'snoozed', snoozedUntil: until })
  })

  provesOnEachDoor('agenda.attention.done', 'says that an item was dealt with', async (name) => {
    const { id } = await asked()
    const done = await (await stage().door(name)).call('agenda.attention.done', { id })
    expect(done).toMatchObject({ id, status: 'done', doneAt: expect.stringMatching(INSTANT) })
  })

  provesOnEachDoor('agenda.attention.dismiss', 'puts an item away', async (name) => {
    const { id } = await asked()
    const dismissed = await (await stage().door(name)).call('agenda.attention.dismiss', { id })
    expect(dismissed).toMatchObject({ id, status: 'dismissed', isOpen: false })
  })
}
