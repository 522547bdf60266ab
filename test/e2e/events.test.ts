import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { EventReader } from '../http/event-reader.ts'
import type { Value } from './door.ts'
import { expectWholeJournal, findBrokenAudit } from './journal-check.ts'
import { addPerson, giveKey, type Person } from './people.ts'
import { proves } from './proves.ts'
import { useStage, type Stage } from './stage.ts'

/** The event stream as a person hears it. */
async function listen(stage: Stage, person: Person, lastEventId?: number): Promise<EventReader> {
  const response = await fetch(`${stage.app.address}/v1/events`, {
    headers: {
      authorization: `Bearer ${person.key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  return new EventReader(response)
}

async function readTable({ app }: Stage, townId: string): Promise<Value[]> {
  const rows = await app.query<Value>(
    `select seq, id, kind, version, operation, user_id as "userId", interface, personality_id as "personalityId",
       entity_kind as "entityKind", entity_id as "entityId", payload, at
     from journal.events where town_id = $1 order by seq`,
    [townId],
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

/** A town of its own with its owner. */
async function makeTown(stage: Stage, slug: string): Promise<Person> {
  const { id } = await stage.http().call('town.create', { slug, name: slug })
  return giveKey(stage.app.query, { userId: stage.owner.userId, townId: id })
}

eachBackend((backend) => {
  const stage = useStage(backend)

  proves('events.gapless', 'numbers events without a gap under 50 writers in two towns', async () => {
    const towns = [await makeTown(stage(), 'harbour'), await makeTown(stage(), 'island')]
    const writers = Array.from({ length: 50 }, (_, n) => stage().http(towns[n % 2]))
    await Promise.all(
      writers.map(async (http, n) => {
        await http.call('memory.remember', { content: `Writer ${n}.` })
        const { id } = await http.call('conversation.create', { personality: 'robbie-f' })
        await http.call('conversation.send', { id, content: `Writer ${n} says so.` })
        await http.call('persona.mood', { slug: 'robbie-f', keywords: n % 3 === 0 ? ['crisis'] : [] })
        // Refused and rolled back: takes no number.
        await http.refuse('memory.update', { id: crypto.randomUUID(), content: 'x' }, 'MEMORY_NOT_FOUND')
      }),
    )
    await expectWholeJournal(stage().app.query)
    for (const town of towns) {
      const rows = await readTable(stage(), town.townId)
      expect(rows.map((row) => row.seq)).toEqual(Array.from(rows, (_, index) => index + 1))
      expect(rows.filter((row) => row.kind === 'message.created')).toHaveLength(50)
      expect(rows.filter((row) => row.kind === 'memory.created')).toHaveLength(25)
    }
  })

  describe('the stream', () => {
    proves('events.replay', 'replays the table from the start and resumes where it was left', async () => {
      const town = await makeTown(stage(), 'replay')
      const http = stage().http(town)
      // More than one batch of the feed.
      const at = '2020-01-01T00:00:00Z'
      const { id } = await http.call('conversation.create', { personality: 'robbie-f' })
      for (let n = 0; n < 260; n += 1) {
        await http.call('conversation.append', { id, messages: [{ role: 'user', at, content: `${n}` }] })
      }
      const table = await readTable(stage(), town.townId)
      const whole = await listen(stage(), town, 0)
      const events = await whole.take(table.length)
      expect(events.map((event) => event.data)).toEqual(table)
      expect(events.map((event) => [event.id, event.event])).toEqual(
        table.map((row) => [String(row.seq), row.kind]),
      )
      const resumed = await listen(stage(), town, 100)
      expect((await resumed.take(table.length - 100)).map((event) => event.data)).toEqual(table.slice(100))
      // Both go on with what comes next, once.
      await http.call('memory.remember', { content: 'After the replay.' })
      for (const reader of [whole, resumed]) {
        expect(await reader.next()).toMatchObject({ event: 'memory.created', id: String(table.length + 1) })
        await reader.cancel()
      }
    })

    proves(
      'events.live',
      'begins now where no Last-Event-ID is named, and says nothing of what a person wrote',
      async () => {
        const town = await makeTown(stage(), 'live')
        const http = stage().http(town)
        const before = await http.call('memory.remember', { content: 'Before.' })
        const reader = await listen(stage(), town)
        const after = await http.call('memory.remember', { content: 'After: the mandolin.' })
        const event = await reader.next()
        expect(event!.data).toMatchObject({
          entityId: after.id,
          operation: 'memory.remember',
          entityKind: 'memory',
        })
        expect(JSON.stringify(event)).not.toContain('mandolin')
        expect(event!.data).not.toMatchObject({ entityId: before.id })
        await reader.cancel()
      },
    )

    proves('events.hidden', 'sends bare numbers for what the listener may not see', async () => {
      const town = await makeTown(stage(), 'hidden')
      const { query } = stage().app
      const guest = await addPerson(stage().http(town), {
        name: 'Gil',
        role: 'readonly',
        townId: town.townId,
      })
      const member = await addPerson(stage().http(town), { name: 'Mel', role: 'user', townId: town.townId })
      const limited = await giveKey(query, town, { personalities: ['kristina'] })
      const before = (await readTable(stage(), town.townId)).length
      for (const privacy of ['public', 'team', 'private', 'boss_only']) {
        await stage()
          .http(town)
          .call('memory.remember', { content: privacy, privacy, personality: 'robbie-f' })
      }
      const kinds = async (person: Person) => {
        const reader = await listen(stage(), person, before)
        const events = await reader.take(4)
        await reader.cancel()
        expect(events.map((event) => event.id)).toEqual([1, 2, 3, 4].map((n) => String(before + n)))
        for (const event of events.filter((item) => item.event === 'hidden')) expect(event.data).toEqual({})
        return events.map((event) => (event.event === 'hidden' ? '-' : 'seen')).join(' ')
      }
      expect(await kinds(town)).toBe('seen seen seen seen')
      expect(await kinds(member)).toBe('seen seen - -')
      expect(await kinds(guest)).toBe('seen - - -')
      expect(await kinds(limited)).toBe('- - - -')
    })

    it('ends when the key that opened it is revoked', async () => {
      const key = await giveKey(stage().app.query, stage().owner)
      const reader = await listen(stage(), key)
      await stage().http().call('identity.keys.revoke', { id: key.keyId })
      const rest = await reader.rest()
      expect(rest.at(-1)).toMatchObject({ event: 'error', data: { code: 'API_KEY_REVOKED' } })
    })

    it('refuses a place that the stream has not reached, and places that are none', async () => {
      for (const lastEventId of ['999999999', '-1', '1.5', 'x', '0x1', '99999999999999999999']) {
        const response = await fetch(`${stage().app.address}/v1/events`, {
          headers: { authorization: `Bearer ${stage().owner.key}`, 'last-event-id': lastEventId },
        })
        expect(await response.json()).toMatchObject({ code: 'INVALID_LAST_EVENT_ID', status: 400 })
      }
    })
  })

  proves('audit.chain', 'verifies, and shows a row that was changed or taken out', async () => {
    const { query } = stage().app
    await stage().http().call('memory.remember', { content: 'Audited.' })
    expect(await findBrokenAudit(query)).toEqual([])
    const [{ town_id: town, seq }] = (await query(
      `select town_id, seq from journal.audit_log where town_id = $1 and after is not null order by seq desc limit 1`,
      [stage().townId],
    )) as [Value]
    const changes = [
      `update journal.audit_log set after = after || '{"importance": 1}' where town_id = $1 and seq = $2`,
      `update journal.audit_log set user_id = gen_random_uuid() where town_id = $1 and seq = $2`,
      `update journal.audit_log set at = at + interval '1 microsecond' where town_id = $1 and seq = $2`,
      `delete from journal.audit_log where town_id = $1 and seq = $2`,
    ]
    const [kept] = await query<Value>(`select * from journal.audit_log where town_id = $1 and seq = $2`, [
      town,
      seq,
    ])
    for (const change of changes) {
      await query(change, [town, seq])
      expect(await findBrokenAudit(query), change).not.toEqual([])
      await query(`delete from journal.audit_log where town_id = $1 and seq = $2`, [town, seq])
      const columns = Object.keys(kept)
      const places = columns.map((_, index) => `$${index + 1}`)
      const values = columns.map((name) =>
        name === 'before' || name === 'after' ? jsonText(kept[name]) : kept[name],
      )
      await query(
        `insert into journal.audit_log (${columns.join(', ')}) values (${places.join(', ')})`,
        values,
      )
      expect(await findBrokenAudit(query)).toEqual([])
    }
  })

  it('lets nobody change or remove what the journal holds', async () => {
    const { query } = stage().app
    const granted = await query<Value>(
      `select table_name, privilege_type from information_schema.role_table_grants
       where grantee in ('robbieverse_app', 'PUBLIC') and table_schema = 'journal'
         and table_name in ('events', 'audit_log', 'heads') and privilege_type <> 'SELECT'`,
    )
    expect(granted).toEqual([])
  })
})

function jsonText(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
