import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { operations, type Input, type TestDoor, type Value } from './door.ts'
import { openHttp, send } from './http-client.ts'
import type { AnyOperation } from '../../src/db/operation.ts'
import { inputJsonSchema } from '../../src/doors/catalogue.ts'
import type { TownRole } from '../../src/kernel/context.ts'
import { validInput, type Schema } from './fuzz-inputs.ts'
import { addPerson, giveKey, type Person } from './people.ts'
import { proves, provesOnEachDoor } from './proves.ts'
import { seed } from './seed.ts'
import { useStage } from './stage.ts'

const PRIVACY = ['public', 'team', 'private', 'boss_only'] as const

eachBackend((backend) => {
  const stage = useStage(backend)
  const names = (items: Value[], field: string) => items.map((item) => item[field]).toSorted()
  /** The state of the whole database, by which a test sees that nothing was written. */
  const fingerprint = async () => {
    const { query } = stage().app
    const [events] = await query<Value>(
      'select sum(event_seq)::bigint as events, sum(audit_seq)::bigint as audits from journal.heads',
    )
    const [keys] = await query<Value>('select count(*) as keys from journal.idempotency_keys')
    return { ...events, ...keys }
  }

  proves(
    'people.privacy',
    'shows each person what privacy allows: in lists, by id, and around it',
    async () => {
      const { owner, member, other, guest } = stage()
      const made: { by: Person; privacy: string; memory: string; conversation: string; slug: string }[] = []
      for (const by of [owner, member]) {
        for (const privacy of PRIVACY) {
          if (privacy === 'boss_only' && by === member) continue
          const http = stage().http(by)
          const name = `${privacy} of ${by === owner ? 'owner' : 'member'}`
          const slug = name.replaceAll(/[ _]/g, '-')
          const { id: memory } = await http.call('memory.remember', { content: name, subject: name, privacy })
          const { id: conversation } = await http.call('conversation.create', {
            personality: 'robbie-f',
            title: name,
            privacy,
          })
          await http.call('conversation.send', { id: conversation, content: name })
          await http.call('persona.create', { slug, name, shortDescription: name, privacy })
          made.push({ by, privacy, memory, conversation, slug })
        }
      }
      const sees = (person: Person, { by, privacy }: { by: Person; privacy: string }) => {
        if (privacy === 'public') return true
        if (privacy === 'team') return person !== guest
        return privacy === 'private' ? person === by : person === owner
      }
      for (const person of [owner, member, other, guest]) {
        const http = stage().http(person)
        const expected = made.filter((item) => sees(person, item))
        const memories = await http.call('memory.list', { limit: 100 })
        expect(names(memories.items, 'id')).toEqual(expected.map((item) => item.memory).toSorted())
        const conversations = await http.call('conversation.list', { limit: 100 })
        expect(names(conversations.items, 'id')).toEqual(expected.map((item) => item.conversation).toSorted())
        const personas = await http.call('persona.list', { limit: 100 })
        const own = personas.items.filter((item: Value) => !item.isShipped)
        expect(names(own, 'slug')).toEqual(expected.map((item) => item.slug).toSorted())
        for (const item of made.filter((hidden) => !sees(person, hidden))) {
          await http.refuse('memory.get', { id: item.memory }, 'MEMORY_NOT_FOUND')
          for (const operation of ['conversation.get', 'conversation.messages', 'conversation.context']) {
            await http.refuse(operation, { id: item.conversation }, 'CONVERSATION_NOT_FOUND')
          }
          for (const operation of ['persona.get', 'persona.prompt', 'presence.state']) {
            await http.refuse(operation, { slug: item.slug }, 'PERSONALITY_NOT_FOUND')
          }
        }
      }
      const before = await fingerprint()
      for (const item of made.filter((hidden) => !sees(other, hidden))) {
        const http = stage().http(other)
        const { memory: id, conversation, slug } = item
        await http.refuse('memory.update', { id, content: 'Mine now.' }, 'MEMORY_NOT_FOUND')
        await http.refuse('memory.forget', { id }, 'MEMORY_NOT_FOUND')
        await http.refuse(
          'conversation.send',
          { id: conversation, content: 'Hello?' },
          'CONVERSATION_NOT_FOUND',
        )
        await http.refuse('conversation.archive', { id: conversation }, 'CONVERSATION_NOT_FOUND')
        await http.refuse('persona.update', { slug, name: 'Mine' }, 'PERSONALITY_NOT_FOUND')
        await http.refuse('persona.mood', { slug, mood: 'bossy' }, 'PERSONALITY_NOT_FOUND')
      }
      expect(await fingerprint()).toEqual(before)
    },
  )

  it('refuses members what only bosses may keep, in words', async () => {
    const before = await fingerprint()
    const http = stage().http(stage().member)
    const privacy = 'boss_only'
    await http.refuse('memory.remember', { content: 'x', privacy }, 'PRIVACY_NOT_ALLOWED')
    await http.refuse('conversation.create', { personality: 'robbie-f', privacy }, 'PRIVACY_NOT_ALLOWED')
    await http.refuse('persona.create', { name: 'x', shortDescription: 'x', privacy }, 'PRIVACY_NOT_ALLOWED')
    expect(await fingerprint()).toEqual(before)
  })

  proves('people.guest', 'lets a guest read and refuses every change', async () => {
    const http = stage().http(stage().guest)
    const before = await fingerprint()
    // A guest signs in like anybody, as themselves, and joins other towns.
    const ofGuests = ['identity.invitations.accept', 'identity.sign_in_link']
    const isOfGuests = ({ id }: AnyOperation) => ofGuests.includes(id)
    const commands = operations.filter((operation) => operation.kind === 'command' && !isOfGuests(operation))
    expect(commands.length).toBeGreaterThan(200)
    for (const operation of commands) {
      const problem = await http.refuse(operation.id, fittingInput(operation), 'FORBIDDEN')
      expect(problem).toMatchObject({ status: 403, data: { role: 'readonly' } })
    }
    // Nothing is kept of a guest, so that nothing can be repeated.
    const key = { idempotencyKey: 'once' }
    await http.refuse('identity.invitations.accept', { token: 'x' }, 'IDEMPOTENCY_UNSUPPORTED', key)
    expect(await fingerprint()).toEqual(before)
    for (const operation of [
      'persona.list',
      'conversation.list',
      'memory.list',
      'persona.mood_events',
      'town.list',
      'platform.status',
    ]) {
      await http.call(operation)
    }
    await stage().http(stage().member).refuse('town.create', { slug: 's', name: 'n' }, 'FORBIDDEN')
  })

  proves('people.towns', 'keeps towns apart: nothing of one is seen or changed from another', async () => {
    const { owner } = stage()
    const http = stage().http()
    const { id: townId } = await http.call('town.create', { slug: 'abroad', name: 'Abroad' })
    const abroad = stage().http(await giveKey(stage().app.query, { userId: owner.userId, townId }))
    const { id: memory } = await http.call('memory.remember', {
      content: 'The kumquat is at home.',
      privacy: 'public',
    })
    const { id: conversation } = await http.call('conversation.create', {
      personality: 'robbie-f',
      privacy: 'public',
    })
    const { userMessage } = await http.call('conversation.send', { id: conversation, content: 'A kumquat.' })
    const before = await fingerprint()
    await abroad.refuse('memory.get', { id: memory }, 'MEMORY_NOT_FOUND')
    await abroad.refuse('memory.update', { id: memory, content: 'Taken.' }, 'MEMORY_NOT_FOUND')
    await abroad.refuse('memory.forget', { id: memory }, 'MEMORY_NOT_FOUND')
    await abroad.refuse('conversation.messages', { id: conversation }, 'CONVERSATION_NOT_FOUND')
    await abroad.refuse('conversation.send', { id: conversation, content: 'x' }, 'CONVERSATION_NOT_FOUND')
    await abroad.refuse('identity.keys.revoke', { id: owner.keyId }, 'API_KEY_NOT_FOUND')
    const evidence = [{ quote: 'A kumquat.', messageId: userMessage.id }]
    await abroad.refuse('memory.remember', { content: 'x', evidence }, 'MEMORY_EVIDENCE_UNKNOWN')
    expect(await fingerprint()).toEqual(before)
    for (const operation of ['memory.list', 'conversation.list', 'persona.mood_events']) {
      expect((await abroad.call(operation)).items, operation).toEqual([])
    }
    expect((await abroad.call('memory.recall', { q: 'kumquat' })).items).toEqual([])
    expect((await abroad.call('identity.members')).items.map((item: Value) => item.name)).toEqual(['Owner'])
    // A key belongs to one town: naming another is refused, by slug and by id.
    for (const town of ['abroad', townId, 'nowhere']) {
      const response = await send(
        stage().app.address,
        owner.key,
        'memory.list',
        {},
        { headers: { 'robbieverse-town': town } },
      )
      expect(await response.json()).toMatchObject({ status: 403, code: 'NO_TOWN' })
    }
    const own = await send(
      stage().app.address,
      owner.key,
      'memory.list',
      {},
      { headers: { 'robbieverse-town': 'home' } },
    )
    expect(own.status).toBe(200)
  })

  describe('members', () => {
    const addTo = (door: TestDoor, role: TownRole, name = 'Someone') =>
      addPerson(door, { name, role, townId: stage().townId })
    const makeTown = async (slug: string) => {
      const { id } = await stage().http().call('town.create', { slug, name: slug })
      const { key } = await stage().http().call('identity.keys.create', { name: 'n', town: slug })
      return { id: id as string, http: openHttp(stage().app.address, key) }
    }

    proves('people.rights', 'keeps the last admin, and whoever stands above', async () => {
      const owners = await makeTown('rights')
      const admin = stage().http(await addTo(owners.http, 'admin'))
      const { userId: adminId } = await admin.call('identity.whoami')
      const ownerId = stage().owner.userId
      await admin.refuse('identity.members.update', { id: ownerId, role: 'user' }, 'FORBIDDEN')
      await admin.refuse('identity.members.remove', { id: ownerId }, 'FORBIDDEN')
      await owners.http.refuse('identity.members.remove', { id: ownerId }, 'LAST_OWNER')
      await owners.http.refuse('identity.members.update', { id: ownerId, role: 'user' }, 'LAST_OWNER')
      await admin.refuse('identity.members.update', { id: adminId, attractionCeiling: 8 }, 'FORBIDDEN')
      const high = { email: 'high@example.org', name: 'High', attractionCeiling: 11 }
      await admin.refuse('identity.members.add', high, 'FORBIDDEN')
      // Two who may each demote the other: one of them stays.
      await stage().app.query(`delete from identity.town_members where town_id = $1 and user_id = $2`, [
        owners.id,
        ownerId,
      ])
      const second = stage().http(await addTo(admin, 'admin'))
      const { userId: secondId } = await second.call('identity.whoami')
      const replies = await Promise.all([
        admin.ask('identity.members.update', { id: secondId, role: 'user' }),
        second.ask('identity.members.update', { id: adminId, role: 'user' }),
      ])
      expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
      const last = replies[0]!.ok ? admin : second
      const { userId: lastId } = await last.call('identity.whoami')
      await last.refuse('identity.members.remove', { id: lastId }, 'LAST_OWNER')
    })

    it('signs nobody in who belongs to towns of others', async () => {
      const elsewhere = await makeTown('elsewhere')
      const admin = await addTo(elsewhere.http, 'admin')
      const member = await addTo(elsewhere.http, 'user', 'Local')
      const emailOf = async (userId: string) =>
        (
          await stage().app.query<{ email: string }>('select email from identity.users where id = $1', [
            userId,
          ])
        )[0]!.email
      const http = stage().http(admin)
      const local = await emailOf(member.userId)
      expect((await http.call('identity.sign_in_link', { person: local })).email).toBe(local)
      await stage()
        .http(member)
        .refuse('identity.sign_in_link', { person: await emailOf(admin.userId) }, 'FORBIDDEN')
      const owner = await emailOf(stage().owner.userId)
      await http.refuse('identity.sign_in_link', { person: owner }, 'FORBIDDEN')
      const mia = await emailOf(stage().member.userId)
      await http.refuse('identity.sign_in_link', { person: mia }, 'MEMBER_NOT_FOUND')
      const { token } = await http.call('identity.invitations.create', { email: mia })
      await stage().http(stage().member).call('identity.invitations.accept', { token })
      await http.refuse('identity.sign_in_link', { person: mia }, 'FORBIDDEN')
      const limited = await giveKey(stage().app.query, stage().owner, {
        expiresAt: new Date(Date.now() + 60_000),
      })
      await stage().http(limited).refuse('identity.sign_in_link', {}, 'KEY_SCOPE')
    })

    it('ends the sessions of whoever is removed', async () => {
      const person = await addTo(stage().http(), 'user', 'Leaver')
      const { link } = await stage().http(person).call('identity.sign_in_link')
      const opened = await fetch(link, { redirect: 'manual' })
      const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!
      const who = () => fetch(`${stage().app.address}/v1/whoami`, { headers: { cookie } })
      expect((await who()).status).toBe(200)
      await stage().http().call('identity.members.remove', { id: person.userId })
      expect(await (await who()).json()).toMatchObject({ code: 'UNAUTHENTICATED' })
    })

    it('ends open links of whoever is removed or takes another address', async () => {
      const person = await addTo(stage().http(), 'user', 'Linker')
      const http = stage().http(person)
      const [first, kept] = [
        await http.call('identity.sign_in_link'),
        await stage().http().call('identity.sign_in_link'),
      ]
      await http.call('identity.me.update', { name: 'Linker II' })
      const status = async ({ link }: Value) => (await fetch(link, { redirect: 'manual' })).status
      const second = await http.call('identity.sign_in_link')
      expect(await status(second)).toBe(303)
      await http.call('identity.me.update', { email: `elsewhere-${person.userId}@example.org` })
      expect(await status(first)).toBe(403)
      const third = await http.call('identity.sign_in_link')
      await stage().http().call('identity.members.remove', { id: person.userId })
      expect(await status(third)).toBe(403)
      expect(await status(kept)).toBe(303)
    })

    it('tells members what changed, in the stream and the audit log', async () => {
      const { http, id } = await makeTown('told')
      const person = await addTo(http, 'user', 'Told')
      await http.call('identity.members.update', { id: person.userId, role: 'readonly' })
      await http.call('identity.members.update', { id: person.userId, role: 'readonly' })
      await http.call('identity.members.remove', { id: person.userId })
      const rows = await stage().app.query<Value>(
        `select e.kind, a.before ->> 'role' as before, a.after ->> 'role' as after
         from journal.events e join journal.audit_log a on a.town_id = e.town_id and a.id = e.id
         where e.town_id = $1 and e.kind like 'member.%' order by e.seq`,
        [id],
      )
      expect(rows).toEqual([
        { kind: 'member.added', before: null, after: 'user' },
        { kind: 'member.updated', before: 'user', after: 'readonly' },
        { kind: 'member.removed', before: 'readonly', after: null },
      ])
    })
  })

  describe('keys', () => {
    provesOnEachDoor(
      'key.operations',
      'lets a limited key do what it is for and nothing else',
      async (name) => {
        const key = await giveKey(stage().app.query, stage().owner, {
          operations: ['memory.recall', 'persona.*'],
        })
        const door = await stage().door(name, key)
        await door.call('memory.recall', { q: 'anything' })
        await door.call('persona.get', { slug: 'robbie-f' })
        const before = await fingerprint()
        const problem = await door.refuse('memory.remember', { content: 'x' }, 'KEY_SCOPE')
        expect(problem).toMatchObject({ status: 403, data: { operation: 'memory.remember' } })
        const direct = stage().http(key)
        await direct.refuse('memory.list', {}, 'KEY_SCOPE')
        await direct.refuse('presence.state', { slug: 'robbie-f' }, 'KEY_SCOPE')
        await direct.refuse('identity.keys.create', { name: 'wider' }, 'KEY_SCOPE')
        const events = await fetch(`${stage().app.address}/v1/events`, {
          headers: { authorization: `Bearer ${key.key}` },
        })
        expect(await events.json()).toMatchObject({ code: 'KEY_SCOPE' })
        expect(await fingerprint()).toEqual(before)
      },
    )

    it('lets no key make one that outlives it, nor a town or a member beyond its personalities', async () => {
      const { app, owner } = stage()
      const expiresAt = new Date(Date.now() + 3_600_000)
      const http = stage().http(await giveKey(app.query, owner, { expiresAt }))
      const expiries = [undefined, '2090-01-01T00:00:00.000Z', new Date(Date.now() + 60_000).toISOString()]
      const made: string[] = []
      for (const asked of expiries) {
        made.push((await http.call('identity.keys.create', { name: 'n', expiresAt: asked })).expiresAt)
      }
      expect(made).toEqual([expiresAt.toISOString(), expiresAt.toISOString(), expiries[2]])
      const email = `short-${Date.now()}@example.org`
      const { member, apiKey } = await http.call('identity.members.add', { email, name: 'Short' })
      expect(apiKey.expiresAt).toBe(expiresAt.toISOString())
      await http.call('identity.members.remove', { id: member.userId })
      const some = stage().http(await giveKey(app.query, owner, { personalities: ['robbie-f'] }))
      const before = await fingerprint()
      await some.refuse('town.create', { slug: 'some', name: 'Some' }, 'KEY_SCOPE')
      await some.refuse('identity.members.add', { email, name: 'Some' }, 'KEY_SCOPE')
      await some.refuse('identity.members.remove', { id: stage().guest.userId }, 'KEY_SCOPE')
      await some.refuse('identity.sign_in_link', {}, 'KEY_SCOPE')
      expect(await fingerprint()).toEqual(before)
    })

    it('leaves an event of the key that a start makes for the owner', async () => {
      const { app, owner } = stage()
      const rows = await app.query<Value>(
        `select e.kind, e.user_id, k.name from journal.events e join identity.api_keys k on k.id = e.entity_id
         where e.operation = 'platform.replace_owner_key'`,
      )
      expect(rows).toEqual([
        { kind: 'api_key.created', user_id: owner.userId, name: 'Owner key of this home' },
      ])
    })

    it('limits keys to operations and personalities that there are', async () => {
      const http = stage().http()
      const input = { name: 'typo', operations: ['memory.*', 'memry.recall', 'journal.events', 'memo.*'] }
      const scopes = await http.refuse('identity.keys.create', input, 'INVALID_INPUT')
      expect(scopes.errors!.map((error) => error.path)).toEqual(['operations.1', 'operations.3'])
      const slugs = { name: 'typo', personalities: ['robbie-f', 'robie-f'] }
      const personalities = await http.refuse('identity.keys.create', slugs, 'INVALID_INPUT')
      expect(personalities.errors!.map((error) => error.path)).toEqual(['personalities.1'])
    })

    it('opens another town of the person who makes the key, and no town of others', async () => {
      const { app, owner, member } = stage()
      const http = stage().http()
      const { id } = await http.call('town.create', { slug: 'keyed', name: 'Keyed' })
      await openHttp(
        app.address,
        (await http.call('identity.keys.create', { name: 'n', town: id })).key,
      ).call('persona.create', { slug: 'local', name: 'Local', shortDescription: 'd' })
      const before = await http.call('memory.list')
      const local = { name: 'n', town: 'keyed', personalities: ['local'] }
      const { key, id: keyId } = await http.call('identity.keys.create', local)
      const there = openHttp(app.address, key)
      expect(await there.call('identity.whoami')).toMatchObject({
        town: { slug: 'keyed' },
        key: { id: keyId, personalities: ['local'] },
      })
      // Recorded where the key is, with the key that made it; the caller is back in their own town.
      const [row] = await app.query<Value>(
        'select town_id, key_id, user_id from journal.events where entity_id = $1',
        [keyId],
      )
      expect(row).toEqual({ town_id: id, key_id: owner.keyId, user_id: owner.userId })
      expect(await http.call('memory.list')).toEqual(before)
      await http.refuse(
        'identity.keys.create',
        { ...local, personalities: ['kristina', 'x'] },
        'INVALID_INPUT',
      )
      await stage().http(member).refuse('identity.keys.create', { name: 'n', town: 'keyed' }, 'NO_TOWN')
      const limited = await giveKey(app.query, owner, { operations: ['identity.*'] })
      await stage().http(limited).refuse('identity.keys.create', { name: 'n', town: 'keyed' }, 'KEY_SCOPE')
      const guest = await addPerson(http, { name: 'Visitor', role: 'user', townId: stage().townId })
      const [visitor] = await app.query<{ email: string }>('select email from identity.users where id = $1', [
        guest.userId,
      ])
      const all = openHttp(
        app.address,
        (await http.call('identity.keys.create', { name: 'n', town: 'keyed' })).key,
      )
      const invite = { email: visitor!.email, role: 'readonly' }
      const { token } = await all.call('identity.invitations.create', invite)
      await stage().http(guest).call('identity.invitations.accept', { token })
      await stage().http(guest).refuse('identity.keys.create', { name: 'n', town: 'keyed' }, 'FORBIDDEN')
    })

    it('does not let a limited key make a key that reaches further', async () => {
      const { app, owner } = stage()
      for (const limits of [{ operations: ['identity.*'] }, { personalities: ['robbie-f'] }]) {
        const key = await giveKey(app.query, owner, limits)
        await stage().http(key).refuse('identity.keys.create', { name: 'wider' }, 'KEY_SCOPE')
      }
    })

    proves('key.personalities', 'hides every other personality from a key that is made for one', async () => {
      const { app, owner } = stage()
      const all = stage().http()
      const word = 'persimmon'
      const made = new Map<string, { memory: string; conversation: string }>()
      for (const personality of ['kristina', 'bookkeeper']) {
        const { id: memory } = await all.call('memory.remember', {
          content: `${word} of ${personality}`,
          personality,
        })
        const { id: conversation } = await all.call('conversation.create', { personality })
        await all.call('conversation.send', { id: conversation, content: `${word}, ${personality}!` })
        await all.call('persona.mood', { slug: personality, mood: 'playful' })
        made.set(personality, { memory, conversation })
      }
      const key = stage().http(await giveKey(app.query, owner, { personalities: ['kristina'] }))
      expect(names((await key.call('persona.list')).items, 'slug')).toEqual(['kristina'])
      const ours = made.get('kristina')!
      const theirs = made.get('bookkeeper')!
      expect(names((await key.call('conversation.list')).items, 'personality')).toEqual(['kristina'])
      expect(
        (await key.call('memory.list', { limit: 100 })).items.map((item: Value) => item.id),
      ).not.toContain(theirs.memory)
      expect(names((await key.call('persona.mood_events')).items, 'personality')).toEqual(['kristina'])
      const recalled = (await key.call('memory.recall', { q: word })).items
      expect(
        recalled.every((item: Value) => item.id === ours.memory || item.conversationId === ours.conversation),
      ).toBe(true)
      expect(recalled.length).toBeGreaterThan(1)
      const refused: [string, Input][] = [
        ['persona.get', { slug: 'bookkeeper' }],
        ['persona.prompt', { slug: 'bookkeeper' }],
        ['persona.settings', { slug: 'bookkeeper', attraction: 2 }],
        ['persona.mood', { slug: 'bookkeeper', mood: 'bossy' }],
        ['persona.update', { slug: 'bookkeeper', name: 'x' }],
        ['presence.state', { slug: 'bookkeeper' }],
        ['presence.update', { slug: 'bookkeeper', mode: 'x' }],
        ['conversation.create', { personality: 'bookkeeper' }],
        ['conversation.get', { id: theirs.conversation }],
        ['conversation.messages', { id: theirs.conversation }],
        ['conversation.context', { id: theirs.conversation }],
        ['conversation.send', { id: theirs.conversation, content: 'x' }],
        ['conversation.archive', { id: theirs.conversation }],
        ['memory.get', { id: theirs.memory }],
        ['memory.update', { id: theirs.memory, content: 'x' }],
        ['memory.forget', { id: theirs.memory }],
        ['memory.remember', { content: 'x', personality: 'bookkeeper' }],
        ['memory.recall', { q: word, personality: 'bookkeeper' }],
        ['memory.list', { personality: 'bookkeeper' }],
      ]
      const before = await fingerprint()
      for (const [operation, input] of refused) {
        const reply = await key.ask(operation, input)
        const isHidden = reply.ok
          ? (reply.value as Value).items?.length === 0
          : reply.problem.code === 'KEY_PERSONALITY'
        expect(isHidden, `${operation}: ${JSON.stringify(reply)}`).toBe(true)
      }
      expect(await fingerprint()).toEqual(before)
    })

    proves(
      'key.ends',
      'refuses keys that are expired, revoked, unknown or missing, each with its own code',
      async () => {
        const { app, owner } = stage()
        const before = await fingerprint()
        const keys: [string | null, string][] = [
          [(await giveKey(app.query, owner, { expiresAt: new Date(Date.now() - 1) })).key, 'API_KEY_EXPIRED'],
          [(await giveKey(app.query, owner, { revokedAt: new Date() })).key, 'API_KEY_REVOKED'],
          ['rv_nobody', 'API_KEY_UNKNOWN'],
          [owner.key.slice(0, -1), 'API_KEY_UNKNOWN'],
          [null, 'UNAUTHENTICATED'],
        ]
        for (const [key, code] of keys) {
          for (const [operation, input] of [
            ['memory.remember', { content: 'x' }],
            ['identity.whoami', {}],
          ] as const) {
            const response = await send(app.address, key, operation, input)
            expect(response.headers.get('www-authenticate')).toBe('Bearer')
            expect(await response.json()).toMatchObject({ status: 401, code })
          }
        }
        expect(await fingerprint()).toEqual(before)
      },
    )

    it('tells a key that expires from one that has', async () => {
      const { app, owner } = stage()
      const key = await giveKey(app.query, owner, { expiresAt: new Date(Date.now() + 3_600_000) })
      await stage().http(key).call('identity.whoami')
      await app.query('update identity.api_keys set expires_at = $2 where id = $1', [
        key.keyId,
        new Date(Date.now() - 1),
      ])
      await stage().http(key).refuse('identity.whoami', {}, 'API_KEY_EXPIRED')
    })
  })

  describe('sign-in', () => {
    proves(
      'sign-in.once',
      'opens a session once, which acts as the person in each of their towns',
      async () => {
        const { app } = stage()
        const link = app.signInLink!
        expect(link.startsWith(app.address)).toBe(true)
        const first = await fetch(link, { redirect: 'manual' })
        expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
        const cookie = first.headers
          .getSetCookie()
          .map((text) => text.split(';')[0])
          .join('; ')
        expect(
          first.headers.getSetCookie().every((text) => /httponly/i.test(text) && /samesite=lax/i.test(text)),
        ).toBe(true)
        const again = await fetch(link, { redirect: 'manual' })
        expect(await again.json()).toMatchObject({ status: 403, code: 'SIGN_IN_LINK_INVALID' })
        const ask = (path: string, init: RequestInit = {}) =>
          fetch(`${app.address}${path}`, {
            redirect: 'manual',
            ...init,
            headers: { cookie, ...init.headers },
          })
        expect(await (await ask('/v1/whoami')).json()).toMatchObject({
          name: 'Owner',
          key: null,
          town: { slug: 'home' },
        })
        const body = JSON.stringify({ slug: 'signed-in', name: 'Signed in' })
        const json = { 'content-type': 'application/json' }
        const foreign = await ask('/v1/towns', { method: 'POST', body, headers: json })
        expect(await foreign.json()).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' })
        const own = await ask('/v1/towns', {
          method: 'POST',
          body,
          headers: { ...json, origin: app.address },
        })
        expect(own.status).toBe(201)
        const there = await ask('/v1/whoami', { headers: { 'robbieverse-town': 'signed-in' } })
        expect(await there.json()).toMatchObject({ town: { slug: 'signed-in' }, role: 'admin' })
        const out = await ask('/v1/auth/sign-out', { method: 'POST', headers: { origin: app.address } })
        expect(out.status).toBe(303)
        expect(await (await ask('/v1/whoami')).json()).toMatchObject({ code: 'UNAUTHENTICATED' })
      },
    )
  })
})

/** An input that fits an operation, with what must be given alone: rights are asked for after its form. */
function fittingInput(operation: AnyOperation): Input {
  const inputs = validInput(withoutOptional(inputJsonSchema(operation) as Schema), {})
  for (let n = 0; n < 100; n += 1) {
    const [input] = fc.sample(inputs, { seed: seed + n, numRuns: 1 })
    if (operation.input.safeParse(input).success) return input!
  }
  throw new Error(`nothing fits ${operation.id}`)
}

function withoutOptional(schema: Schema): Schema {
  const { properties = {}, required = [], items } = schema
  const kept = required.map((name) => [name, withoutOptional(properties[name]!)])
  return {
    ...schema,
    ...(schema.properties ? { properties: Object.fromEntries(kept) } : {}),
    ...(items ? { items: withoutOptional(items) } : {}),
  }
}
