import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let personalityId: string
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    personalityId = (await as(town.owner)('persona.get', { slug: 'kristina' })).id
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const rowsAs = (person: Person, from: string): Promise<Value[]> =>
    actAs(test, person, async (tx) => (await sql<Value>`select * from ${sql.table(from)}`.execute(tx)).rows)
  const notify = (person: Person, more: Value = {}) =>
    as(person)('presence.notifications.create', {
      personalityId,
      type: 'reminder',
      title: 'Call Ada',
      message: 'About the offer.',
      ...more,
    })

  describe('a notification', () => {
    it('is gone from every interface once it is acknowledged in one', async () => {
      const { id } = await notify(town.owner)
      for (const at of ['chat', 'mobile']) {
        await as(town.owner)('presence.deliveries.create', {
          notificationId: id,
          interface: at,
          interfaceId: '1',
        })
      }
      const first = await as(town.member)('presence.notifications.acknowledge', {
        id,
        interface: 'mobile',
        interfaceId: '1',
        response: 'I did.',
      })
      expect(first).toMatchObject({ acknowledgedBy: town.member.userId, wasAcknowledged: false })
      const { items } = await as(town.other)('presence.deliveries.list', { notificationId: id })
      const seen = items.map((item: Value) => [item.interface, item.isAcknowledged, item.response])
      expect(seen.toSorted()).toEqual([
        ['chat', true, null],
        ['mobile', true, 'I did.'],
      ])
      const again = await as(town.owner)('presence.notifications.acknowledge', { id, interface: 'web' })
      expect(again).toEqual({ ...first, wasAcknowledged: true })
      const after = await as(town.owner)('presence.notifications.get', { id })
      expect(after).toMatchObject({ isAcknowledged: true, version: 2 })
      const events = await test.query<Value>(
        `select kind from journal.events where entity_id = $1 order by seq`,
        [id],
      )
      expect(events.map((event) => event.kind)).toEqual(['notification.created', 'notification.acknowledged'])
    })

    it('keeps the answer that stands when it is acknowledged without one, and tells of a new one', async () => {
      const answered = async (response?: string) => {
        const { id } = await notify(town.owner)
        const place = { interface: 'chat', interfaceId: '1' }
        const delivery = await as(town.member)('presence.deliveries.create', {
          notificationId: id,
          ...place,
          response: 'On my way.',
        })
        await as(town.other)('presence.notifications.acknowledge', {
          id,
          ...place,
          ...(response === undefined ? {} : { response }),
        })
        const row = await as(town.member)('presence.deliveries.get', { id: delivery.id })
        const audit = await test.query<Value>(
          `select e.kind, a.before ->> 'response' as before, a.after ->> 'response' as after, e.created_by
           from journal.events e join journal.audit_log a on a.town_id = e.town_id and a.id = e.id
           where e.entity_id = $1 order by e.seq`,
          [delivery.id],
        )
        return { row, last: audit.at(-1) }
      }
      const by = { kind: 'delivery.updated', created_by: town.other.userId }
      const silent = await answered()
      expect(silent.row).toMatchObject({ response: 'On my way.', isAcknowledged: true, version: 2 })
      expect(silent.last).toMatchObject(by)
      const spoken = await answered('I am there.')
      expect(spoken.row).toMatchObject({ response: 'I am there.', isAcknowledged: true, version: 2 })
      expect(spoken.last).toEqual({ ...by, before: 'On my way.', after: 'I am there.' })
    })

    it('is acknowledged once, also by many at the same time', async () => {
      const { id } = await notify(town.owner)
      const answers = await Promise.all(
        [town.owner, town.member, town.other].map((person) =>
          as(person)('presence.notifications.acknowledge', { id }),
        ),
      )
      expect(answers.filter((answer) => !answer.wasAcknowledged)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.acknowledgedBy)).size).toBe(1)
    })

    it('of one person is nothing for others to see or acknowledge', async () => {
      const { id } = await notify(town.member, { privacy: 'private' })
      expect(await codeOf(as(town.owner)('presence.notifications.acknowledge', { id }))).toBe(
        'RESOURCE_NOT_FOUND',
      )
      const pending = async (person: Person) =>
        (await rowsAs(person, 'ai_pending_notifications')).some((row) => row.id === id)
      expect([await pending(town.member), await pending(town.owner)]).toEqual([true, false])
    })

    it('is pending until it is acknowledged or has expired', async () => {
      const open = await notify(town.owner, { expiresAt: '2999-01-01T00:00:00Z' })
      const expired = await notify(town.owner, { expiresAt: '2020-01-01T00:00:00Z' })
      const done = await notify(town.owner)
      await as(town.owner)('presence.notifications.acknowledge', { id: done.id })
      const ids = (await rowsAs(town.owner, 'ai_pending_notifications')).map((row) => row.id)
      expect([open, expired, done].map(({ id }) => ids.includes(id))).toEqual([true, false, false])
    })

    it('reaches an interface once', async () => {
      const { id } = await notify(town.owner)
      const delivery = { notificationId: id, interface: 'chat', interfaceId: '1' }
      await as(town.owner)('presence.deliveries.create', delivery)
      expect(await codeOf(as(town.owner)('presence.deliveries.create', delivery))).toBe('DELIVERY_THERE')
    })

    it('is made by no key that is for other personalities', async () => {
      const { key } = await as(town.owner)('identity.keys.create', {
        name: 'One',
        personalities: ['robbie-f'],
      })
      expect(await codeOf(notify({ ...town.owner, key }))).toBe('REFERENCE_NOT_FOUND')
    })
  })

  describe('an interface', () => {
    it('stays live by its heartbeat, of which only a new status is an event', async () => {
      const { id, isLive } = await as(town.member)('presence.interfaces.create', {
        personalityId,
        interface: 'cursor',
        interfaceId: 'window-1',
        lastActiveAt: '2020-01-01T00:00:00Z',
      })
      expect(isLive).toBe(false)
      const beat = (more = {}) => as(town.member)('presence.interfaces.heartbeat', { id, ...more })
      await beat()
      expect(await as(town.other)('presence.interfaces.get', { id })).toMatchObject({
        isLive: true,
        version: 1,
      })
      await beat({ status: 'disconnected' })
      expect(await as(town.other)('presence.interfaces.get', { id })).toMatchObject({
        isLive: false,
        status: 'disconnected',
        version: 2,
      })
      const events = await test.query<Value>(
        `select kind from journal.events where entity_id = $1 order by seq`,
        [id],
      )
      expect(events.map((event) => event.kind)).toEqual(['interface.created', 'interface.updated'])
    })
  })

  describe('the views', () => {
    it('of the event stream show nobody an event that they may not see', async () => {
      const { id } = await notify(town.member, { privacy: 'private' })
      for (const view of ['ai_activity_log', 'ai_sync_queue']) {
        const sees = async (person: Person) =>
          (await rowsAs(person, view)).some((row) => row.entity_id === id)
        expect([await sees(town.member), await sees(town.owner), await sees(town.guest)], view).toEqual([
          true,
          false,
          false,
        ])
      }
    })

    it('show the state of every personality that is offered, also where nobody has changed it', async () => {
      await as(town.owner)('presence.update', { slug: 'allanbot', mood: 'focused' })
      const rows = await rowsAs(town.guest, 'ai_personalities_current_state')
      const of = (slug: string) => rows.find((row) => row.slug === slug)
      expect(rows).toHaveLength(7)
      expect(of('allanbot')).toMatchObject({ mood: 'focused', version: 2 })
      expect(of('robbie-f')).toMatchObject({ mood: 'playful', mode: 'normal', version: 1 })
    })
  })
})
