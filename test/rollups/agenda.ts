import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { at, expectSame, privacyOf, type Dice, type Part, type Viewer, type World } from './world.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const LOOKED_AT = 30

const later = (world: World, hours: number) => new Date(world.now + hours * HOUR_MS).toISOString()

function newMeeting({ a, b, c }: Dice, world: World): Value {
  return {
    title: `Meeting ${a}`,
    startsAt: later(world, a % 100),
    endsAt: new Date(Date.parse(later(world, a % 100)) + (1 + (b % 200)) * MINUTE_MS).toISOString(),
    isAllDay: c % 7 === 0,
    attendees: Array.from({ length: at([0, 2, 9, 16], b) }, (_, n) => `person ${n}`),
    agenda: at([null, '  ', 'What to decide.'], c),
    location: a % 2 ? 'Room 1' : null,
  }
}

function newAttention(die: Dice, world: World): Value {
  const { a, b, c } = die
  return {
    title: `Something ${a}`,
    importanceScore: (a % 200) / 2,
    urgencyScore: (b % 200) / 2,
    personId: at([null, world.town.member.userId, world.town.owner.userId], c),
    contactId: a % 3 ? null : world.some('contacts', b),
    companyId: b % 3 ? null : world.some('companies', c),
    deadlineAt: c % 2 ? null : later(world, (a % 300) - 50),
    privacy: privacyOf(die),
  }
}

/** What asks for attention, how good meetings are planned, and how promises get on. */
export const agenda: Part = {
  refusals: ['ATTENTION_CLOSED', 'COMMITMENT_CLOSED', 'TASK_OPEN', 'TASK_CLOSED'],
  steps: {
    async notice(die, call, world) {
      const { id } = await call('agenda.attention.create', newAttention(die, world))
      world.know('attention', id)
    },
    snooze: ({ a, b }, call, world) =>
      call('agenda.attention.snooze', { id: world.some('attention', a), until: later(world, 1 + (b % 60)) }),
    done: ({ a, b }, call, world) =>
      call(`agenda.attention.${b % 2 ? 'done' : 'dismiss'}`, { id: world.some('attention', a) }),
    rate: ({ a, b }, call, world) =>
      call('agenda.attention.update', { id: world.some('attention', a), importanceScore: b % 101 }),
    async meet(die, call, world) {
      const { id } = await call('agenda.calendar.create', {
        ...newMeeting(die, world),
        privacy: privacyOf(die),
      })
      world.know('meetings', id)
    },
    replan: (die, call, world) =>
      call('agenda.calendar.update', { id: world.some('meetings', die.c), ...newMeeting(die, world) }),
    remind: ({ a, b }, call, world) =>
      call('agenda.calendar_reminders.create', {
        calendarEventId: world.some('meetings', a),
        minutesBefore: b % 120,
      }),
    async promise(die, call, world) {
      const { id } = await call('agenda.commitments.create', {
        promise: `Promise ${die.a}`,
        deadlineAt: at([null, '2020-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'], die.b),
        privacy: privacyOf(die),
      })
      world.know('promises', id)
    },
    progress: (die, call, world) =>
      call('agenda.commitments.add_progress', {
        id: world.some('promises', die.a),
        note: `Note ${die.b}`,
        at: world.before(die),
      }),
    keep: ({ a, b }, call, world) =>
      call(`agenda.commitments.${b % 3 ? 'complete' : 'cancel'}`, { id: world.some('promises', a) }),
    async assign({ a, b }, call, world) {
      const { id } = await call('agenda.tasks.create', {
        title: `Task ${a}`,
        assignedTo: at([null, world.town.member.userId, world.town.owner.userId], b),
        privacy: at(['team', 'public', 'private'], a),
      })
      world.know('tasks', id)
    },
    finish: ({ a, b }, call, world) =>
      call(`agenda.tasks.${b % 3 ? 'complete' : 'reopen'}`, { id: world.some('tasks', a) }),
  },
  async compare(world, viewer) {
    await compareAttention(world, viewer)
    await compareMeetings(viewer)
    await comparePromises(viewer)
  },
}

async function compareAttention(world: World, viewer: Viewer): Promise<void> {
  const contacts = await viewer.rows('crm.contacts')
  const companies = await viewer.rows('crm.companies')
  const isVip = (list: Value[], id: string | null) => list.find((each) => each.id === id)?.is_vip === true
  const standing = (await viewer.rows('agenda.attention_items'))
    .filter(({ done_at: done, dismissed_at: dismissed }) => done === null && dismissed === null)
    .filter(({ person_id: id }) => id === null || id === viewer.person.userId)
    .filter(({ snoozed_until: until }) => until === null || +until <= world.now)
    .map((item) => {
      const gain = isVip(contacts, item.contact_id) || isVip(companies, item.company_id) ? 15 : 0
      const hours = item.deadline_at === null ? Infinity : (+item.deadline_at - world.now) / HOUR_MS
      const pressing = hours <= 0 ? 100 : hours <= 24 ? 90 : hours <= 72 ? 70 : hours <= 168 ? 50 : 0
      return {
        id: item.id,
        importance: Math.min(100, item.importance_score + gain),
        urgency: Math.max(item.urgency_score, pressing),
      }
    })
  const by = (first: 'importance' | 'urgency', second: 'importance' | 'urgency') =>
    standing.toSorted((x, y) => y[first] - x[first] || y[second] - x[second] || (x.id < y.id ? -1 : 1))
  const important = by('importance', 'urgency').slice(0, 7)
  const urgent = by('urgency', 'importance')
    .filter((item) => !important.includes(item))
    .slice(0, 3)
  const { items } = await viewer.call('agenda.attention.top')
  expect(
    items.map(({ item, chosenFor, importance, urgency }: Value) => ({
      id: item.id,
      chosenFor,
      importance,
      urgency,
    })),
    `attention of ${viewer.name}`,
  ).toEqual([
    ...important.map((item) => ({ ...item, chosenFor: 'importance' })),
    ...urgent.map((item) => ({ ...item, chosenFor: 'urgency' })),
  ])
}

async function compareMeetings(viewer: Viewer): Promise<void> {
  const meetings = await viewer.rows('agenda.calendar_events')
  for (const row of meetings.slice(-LOOKED_AT)) {
    const { health } = await viewer.call('agenda.calendar.get', { id: row.id })
    const minutes = Math.floor((row.ends_at - row.starts_at) / MINUTE_MS)
    const people = row.attendees.length
    if (row.is_all_day || people === 0) {
      expect(health).toBeNull()
      continue
    }
    const hasAgenda = (row.agenda ?? '').trim() !== ''
    const score =
      100 -
      (hasAgenda ? 0 : 40) -
      (minutes > 120 ? 30 : minutes > 60 ? 15 : 0) -
      (people > 15 ? 20 : people > 8 ? 10 : 0) -
      (row.location === null ? 10 : 0)
    const status = score >= 80 ? 'healthy' : score >= 50 ? 'fair' : 'poor'
    expect(health).toMatchObject({
      score,
      status,
      hasAgenda,
      durationMinutes: minutes,
      attendeeCount: people,
    })
  }
  const { items } = await viewer.call('agenda.calendar_reminders.list', { limit: 100 })
  for (const { calendarEventId, minutesBefore, remindAt } of items) {
    const event = meetings.find((each) => each.id === calendarEventId)
    expect(Date.parse(remindAt)).toBe(+event.starts_at - minutesBefore * MINUTE_MS)
  }
}

async function comparePromises(viewer: Viewer): Promise<void> {
  const notes = await viewer.rows('agenda.ai_commitment_progress')
  const { items } = await viewer.call('agenda.commitments.list', { limit: 100 })
  for (const { id, status, completedAt, cancelledAt, deadlineAt, progressNotes } of items) {
    const own = notes.filter((note) => note.commitment_id === id)
    const counted = own.map((note) => ({ note: note.note, notedAt: note.noted_at.toISOString() }))
    expectSame(progressNotes, counted, `promise as ${viewer.name}`)
    const isOver = deadlineAt !== null && Date.parse(deadlineAt) < Date.now()
    const open = isOver ? 'overdue' : 'active'
    expect(status).toBe(completedAt !== null ? 'completed' : cancelledAt !== null ? 'cancelled' : open)
  }
}
