import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { openHttp } from './http-client.ts'
import { addPerson, giveKey } from './people.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage, type Stage } from './stage.ts'

const SHIPPED = ['robbie-f', 'robbie-m', 'steve-jobs', 'allanbot', 'kristina', 'bookkeeper', 'gatekeeper']
const MOODS = ['blushing', 'bossy', 'focused', 'friendly', 'playful', 'surprised']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

let last = 0
/** A name that nothing else of this file has. */
const fresh = (word: string) => `${word}-${++last}`

eachBackend((backend) => {
  const stage = useStage(backend)
  // One small call through the door in question; what it needs is made over HTTP, which is fast.
  const make = (operation: string, input: Record<string, unknown>) => stage().http().call(operation, input)

  describe('persona', () => personaTests(stage, make))
  describe('presence', () => presenceTests(stage, make))
  describe('conversation', () => conversationTests(stage, make))
  describe('memory', () => memoryTests(stage, make))
  describe('town, identity and platform', () => installationTests(stage, make))
})

type Make = (operation: string, input: Record<string, unknown>) => Promise<Value>

function personaTests(stage: () => Stage, make: Make) {
  provesOnEachDoor('persona.list', 'lists the shipped personalities in their order', async (name) => {
    const { items, nextCursor } = await (await stage().door(name, stage().guest)).call('persona.list')
    const slugs = items.map((item: Value) => item.slug)
    expect(slugs.slice(0, 7)).toEqual(SHIPPED)
    expect(nextCursor).toBeNull()
    expect(items[0]).toMatchObject({ name: 'Robbie F', category: 'robbie', attraction: 11, gandhiGenghis: 5 })
    expect(Object.keys(items[0].prompts).toSorted()).toEqual(MOODS)
    expect(items.slice(0, 7).map((item: Value) => [item.attraction, item.gandhiGenghis])).toEqual([
      [11, 5],
      [3, 7],
      [1, 9],
      [5, 7],
      [5, 4],
      [items[5].attraction, items[5].gandhiGenghis],
      [items[6].attraction, items[6].gandhiGenghis],
    ])
  })

  provesOnEachDoor('persona.get', 'shows a personality with the prompt of each mood', async (name) => {
    const shown = await (await stage().door(name)).call('persona.get', { slug: 'steve-jobs' })
    expect(shown).toMatchObject({ slug: 'steve-jobs', category: 'mentors', isShipped: true, isActive: true })
    expect(shown.prompts.friendly).toMatchObject({ version: 1, tone: expect.any(String) })
  })

  provesOnEachDoor(
    'persona.create',
    'makes a personality with prompts from its description',
    async (name) => {
      const slug = fresh('navigator')
      const written = { systemPrompt: 'Read the stars.', tone: 'calm', exampleReplies: ['North, then.'] }
      const made = await (
        await stage().door(name)
      ).call('persona.create', {
        slug,
        name: 'The Navigator, née "Ångström"',
        shortDescription: 'Finds the way; never in a hurry.',
        attraction: 4,
        prompts: { focused: written },
      })
      expect(made).toMatchObject({
        slug,
        category: 'pros',
        attraction: 4,
        gandhiGenghis: 5,
        isShipped: false,
      })
      expect(made.id).toMatch(UUID)
      expect(Object.keys(made.prompts).toSorted()).toEqual(MOODS)
      const prompt = await make('persona.prompt', { slug, mood: 'focused' })
      expect(prompt).toMatchObject({ systemPrompt: 'Read the stars.', tone: 'calm', version: 1 })
      const described = await make('persona.prompt', { slug, mood: 'bossy' })
      expect(described.systemPrompt).toContain('Finds the way; never in a hurry.')
    },
  )

  provesOnEachDoor(
    'persona.update',
    'changes what is given and publishes the prompt as version 2',
    async (name) => {
      const slug = fresh('changed')
      const before = await make('persona.create', { slug, name: 'Before', shortDescription: 'As it was.' })
      const after = await (
        await stage().door(name)
      ).call('persona.update', {
        slug,
        version: before.version,
        name: 'After',
        prompts: { playful: { systemPrompt: 'Play.' } },
      })
      expect(after).toMatchObject({ name: 'After', shortDescription: 'As it was.', version: 2 })
      expect(after.prompts.playful.version).toBe(2)
      expect(after.prompts.friendly.version).toBe(1)
      expect(await make('persona.prompt', { slug, mood: 'playful' })).toMatchObject({ systemPrompt: 'Play.' })
    },
  )

  provesOnEachDoor('persona.prompt', 'shows the prompt of the mood asked for', async (name) => {
    const door = await stage().door(name, stage().guest)
    const prompt = await door.call('persona.prompt', { slug: 'kristina', mood: 'bossy' })
    expect(prompt).toEqual({
      personality: 'kristina',
      mood: 'bossy',
      systemPrompt: expect.stringContaining('Your mood now is bossy.'),
      tone: expect.any(String),
      style: expect.any(String),
      emojiGuidelines: expect.any(String),
      version: 1,
    })
  })

  provesOnEachDoor('persona.settings', 'sets sliders and mood, and null goes back', async (name) => {
    const slug = fresh('tuned')
    await make('persona.create', { slug, name: 'Tuned', shortDescription: 'Any.', attraction: 6 })
    const door = await stage().door(name)
    const set = await door.call('persona.settings', { slug, attraction: 9, gandhiGenghis: 2, mood: 'bossy' })
    expect(set).toMatchObject({
      attraction: 9,
      gandhiGenghis: 2,
      mood: 'bossy',
      clamped: false,
      notice: null,
    })
    const back = await make('persona.settings', { slug, attraction: null, mood: null })
    expect(back).toMatchObject({ attraction: 6, gandhiGenghis: 2, mood: null })
  })

  provesOnEachDoor(
    'persona.mood',
    'sets the mood that keywords call for and answers the event',
    async (name) => {
      const slug = fresh('moody')
      await make('persona.create', { slug, name: 'Moody', shortDescription: 'Any.' })
      const { state, event } = await (
        await stage().door(name)
      ).call('persona.mood', {
        slug,
        keywords: ['weather', 'crisis'],
        trigger: 'pager',
        explanation: 'The server room is on fire.',
        interface: 'phone',
        privacy: 'private',
      })
      expect(state).toMatchObject({ personality: slug, mood: 'bossy', sharedMood: 'bossy' })
      expect(event).toMatchObject({
        previousMood: 'friendly',
        newMood: 'bossy',
        trigger: 'pager',
        explanation: 'The server room is on fire.',
        interface: 'phone',
        context: { keywords: ['weather', 'crisis'] },
      })
    },
  )

  provesOnEachDoor(
    'persona.mood_events',
    'lists the events of one personality, newest first',
    async (name) => {
      const slug = fresh('eventful')
      await make('persona.create', { slug, name: 'Eventful', shortDescription: 'Any.' })
      for (const mood of ['playful', 'focused']) await make('persona.mood', { slug, mood })
      const { items } = await (await stage().door(name)).call('persona.mood_events', { personality: slug })
      expect(items.map((item: Value) => [item.previousMood, item.newMood])).toEqual([
        ['playful', 'focused'],
        ['friendly', 'playful'],
      ])
    },
  )
}

function presenceTests(stage: () => Stage, make: Make) {
  provesOnEachDoor('presence.state', 'shows a state that nobody has changed yet', async (name) => {
    const door = await stage().door(name, stage().guest)
    expect(await door.call('presence.state', { slug: 'gatekeeper' })).toMatchObject({
      personality: 'gatekeeper',
      mode: 'normal',
      energy: 'normal',
      focus: 'available',
      version: 1,
    })
  })

  provesOnEachDoor('presence.history', 'lists the states there were, page by page', async (name) => {
    const slug = fresh('changeable')
    await make('persona.create', { slug, name: 'Changeable', shortDescription: 'Any.' })
    for (const mode of ['working', 'resting', 'dreaming']) await make('presence.update', { slug, mode })
    const door = await stage().door(name, stage().guest)
    const first = await door.call('presence.history', { slug, limit: 2 })
    expect(first.items).toMatchObject([
      { version: 4, mode: 'dreaming' },
      { version: 3, mode: 'resting' },
    ])
    const { items } = await door.call('presence.history', { slug, limit: 2, cursor: first.nextCursor })
    expect(items).toMatchObject([{ version: 2, mode: 'working', energy: 'normal' }])
  })

  provesOnEachDoor('presence.update', 'changes the state and refuses the version before', async (name) => {
    const slug = fresh('present')
    await make('persona.create', { slug, name: 'Present', shortDescription: 'Any.' })
    const { version } = await make('presence.state', { slug })
    const door = await stage().door(name)
    const after = await door.call('presence.update', {
      slug,
      version,
      mode: 'writing',
      energy: 'low',
      focus: 'busy',
    })
    expect(after).toMatchObject({ mode: 'writing', energy: 'low', focus: 'busy', version: version + 1 })
    await door.refuse('presence.update', { slug, version, mode: 'late' }, 'STATE_VERSION_STALE')
  })
}

function conversationTests(stage: () => Stage, make: Make) {
  const begin = (input: Record<string, unknown> = {}) =>
    make('conversation.create', { personality: 'robbie-m', ...input })

  provesOnEachDoor('conversation.create', 'begins a conversation', async (name) => {
    const made = await (
      await stage().door(name)
    ).call('conversation.create', {
      personality: 'robbie-f',
      title: 'Plans, and "quotes"',
      interface: 'cursor',
      tags: ['a', 'b, c'],
    })
    expect(made).toMatchObject({
      personality: 'robbie-f',
      title: 'Plans, and "quotes"',
      interface: 'cursor',
      tags: ['a', 'b, c'],
      status: 'active',
      messageCount: 0,
      privacy: 'private',
    })
    expect(made.id).toMatch(UUID)
    expect(made.createdAt).toMatch(INSTANT)
  })

  provesOnEachDoor('conversation.list', 'lists the one that changed last first', async (name) => {
    const slug = fresh('lister')
    await make('persona.create', { slug, name: 'Lister', shortDescription: 'Any.' })
    const first = await begin({ personality: slug })
    const second = await begin({ personality: slug })
    await make('conversation.send', { id: first.id, content: 'Later than the second.' })
    const { items } = await (
      await stage().door(name)
    ).call('conversation.list', { personality: slug, limit: 5, mine: true })
    expect(items.map((item: Value) => item.id)).toEqual([first.id, second.id])
  })

  provesOnEachDoor('conversation.get', 'shows a conversation with its counters', async (name) => {
    const { id } = await begin()
    await make('conversation.send', { id, content: 'One.' })
    const shown = await (await stage().door(name)).call('conversation.get', { id })
    expect(shown).toMatchObject({ id, personality: 'robbie-m', messageCount: 2 })
    expect(shown.lastMessageAt).toMatch(INSTANT)
  })

  provesOnEachDoor('conversation.archive', 'takes no more messages and keeps what was said', async (name) => {
    const { id } = await begin()
    await make('conversation.send', { id, content: 'Kept.' })
    const door = await stage().door(name)
    expect(await door.call('conversation.archive', { id })).toMatchObject({ id, status: 'archived' })
    await stage().http().refuse('conversation.send', { id, content: 'Too late.' }, 'CONVERSATION_ARCHIVED')
    const { items } = await make('conversation.messages', { id })
    expect(items.map((item: Value) => item.content)).toContain('Kept.')
    const listed = await make('conversation.list', { status: 'archived', limit: 100 })
    expect(listed.items.map((item: Value) => item.id)).toContain(id)
  })

  provesOnEachDoor(
    'conversation.send',
    'answers both messages, mood, and what was recalled and why',
    async (name) => {
      const secret = fresh('Zanzibar')
      const memory = await make('memory.remember', {
        content: `We meet in ${secret} in June.`,
        subject: 'summer',
      })
      const { id } = await begin()
      const door = await stage().door(name)
      // How the answer travels is an input of every door; the answer is the same.
      const asked = { id, content: `When do we meet in ${secret}?`, stream: false }
      const answer = await door.call('conversation.send', asked)
      expect(Object.keys(answer).toSorted()).toEqual(['mood', 'recalled', 'reply', 'userMessage'])
      expect(answer.userMessage).toMatchObject({ role: 'user', status: 'complete', conversationId: id })
      expect(answer.reply).toMatchObject({ role: 'assistant', status: 'complete', model: 'offline' })
      expect(answer.reply.parentId).toBe(answer.userMessage.id)
      expect(answer.reply.content).toContain('no language model is configured')
      expect(answer.reply.content).toContain(`We meet in ${secret} in June.`)
      const found = answer.recalled.find((item: Value) => item.id === memory.id)
      expect(found).toMatchObject({ kind: 'memory', subject: 'summer' })
      expect(found.reasons.join()).toContain('of the question')
      const from = name === 'http' ? null : name
      expect(answer.userMessage.interface).toBe(from)
    },
  )

  provesOnEachDoor('conversation.messages', 'lists messages oldest first', async (name) => {
    const { id } = await begin()
    for (const content of ['first', 'second']) await make('conversation.send', { id, content })
    const door = await stage().door(name)
    const { items, nextCursor } = await door.call('conversation.messages', { id, limit: 3 })
    expect(items.map((item: Value) => item.role)).toEqual(['user', 'assistant', 'user'])
    expect([items[0].content, items[2].content]).toEqual(['first', 'second'])
    const rest = await door.call('conversation.messages', { id, limit: 3, cursor: nextCursor })
    expect(rest.items.map((item: Value) => item.role)).toEqual(['assistant'])
    expect(rest.nextCursor).toBeNull()
  })

  provesOnEachDoor('conversation.append', 'stores history once, with no reply', async (name) => {
    const { id } = await begin()
    const at = '2019-05-06T07:08:09.123Z'
    const messages = [
      { externalId: 'e1', role: 'user', speaker: 'Ada', at, content: 'Is the engine ready, "really"?' },
      { externalId: 'e2', role: 'assistant', at: '2019-05-06T09:08:10+02:00', content: 'Nearly,\nyes.' },
    ]
    const door = await stage().door(name)
    expect(await door.call('conversation.append', { id, messages })).toMatchObject({
      added: 2,
      alreadyThere: 0,
    })
    expect(await door.call('conversation.append', { id, messages })).toMatchObject({
      added: 0,
      alreadyThere: 2,
    })
    const { items } = await make('conversation.messages', { id })
    expect(items.map((item: Value) => [item.speaker, item.at, item.content])).toEqual([
      ['Ada', at, 'Is the engine ready, "really"?'],
      [null, '2019-05-06T07:08:10.000Z', 'Nearly,\nyes.'],
    ])
  })

  provesOnEachDoor(
    'conversation.context',
    'answers the parts of the next reply with their tokens',
    async (name) => {
      const { id } = await begin()
      await make('conversation.send', { id, content: 'What was that about?' })
      const context = await (await stage().door(name)).call('conversation.context', { id, budget: 2_000 })
      expect(context).toMatchObject({ format: 'parts', personality: 'robbie-m', budget: 2_000 })
      expect(context.tokens).toBeLessThanOrEqual(2_000)
      const kinds = context.parts.map((part: Value) => part.kind)
      expect(kinds).toEqual(['prompt', 'manner', 'message', 'message'])
      expect(context.parts.every((part: Value) => part.tokens > 0)).toBe(true)
    },
  )
}

function memoryTests(stage: () => Stage, make: Make) {
  const remember = (content: string, more: Record<string, unknown> = {}) =>
    make('memory.remember', { content, ...more })

  provesOnEachDoor('memory.remember', 'keeps a memory with its evidence', async (name) => {
    const { id: conversationId } = await make('conversation.create', { personality: 'robbie-f' })
    const { userMessage } = await make('conversation.send', {
      id: conversationId,
      content: 'I take tea, never coffee.',
    })
    const door = await stage().door(name)
    const kept = await door.call('memory.remember', {
      content: 'Drinks tea.',
      category: 'preference',
      subject: 'drinks',
      confidence: 0.9,
      importance: 7,
      emotionalWeight: -3,
      people: ['Ada', 'Grace, the admiral'],
      tags: ['kitchen'],
      personality: 'robbie-f',
      validFrom: '2020-01-01T00:00:00Z',
      evidence: [{ quote: 'I take tea', messageId: userMessage.id }],
    })
    expect(kept).toMatchObject({
      category: 'preference',
      confidence: 0.9,
      importance: 7,
      emotionalWeight: -3,
      people: ['Ada', 'Grace, the admiral'],
      personality: 'robbie-f',
      privacy: 'private',
      validFrom: '2020-01-01T00:00:00.000Z',
      evidence: [{ quote: 'I take tea', messageId: userMessage.id }],
      version: 1,
    })
    expect(kept.id).toMatch(UUID)
  })

  provesOnEachDoor('memory.list', 'lists memories newest first, by category', async (name) => {
    const subject = fresh('list')
    const older = await remember('older', { category: 'skill', subject })
    const newer = await remember('newer', { category: 'skill', subject })
    await remember('of another category', { category: 'goal', subject })
    const { items } = await (await stage().door(name)).call('memory.list', { category: 'skill', limit: 2 })
    expect(items.map((item: Value) => item.id)).toEqual([newer.id, older.id])
  })

  provesOnEachDoor('memory.get', 'shows a memory', async (name) => {
    const kept = await remember('Shown again.')
    expect(await (await stage().door(name)).call('memory.get', { id: kept.id })).toEqual(kept)
  })

  provesOnEachDoor('memory.update', 'corrects a memory and what is recalled of it', async (name) => {
    const [wrong, right] = [fresh('Lisbon'), fresh('Porto')]
    const kept = await remember(`Lives in ${wrong}.`, { expiresAt: '2099-01-01T00:00:00Z' })
    const door = await stage().door(name)
    const change = { id: kept.id, version: 1, content: `Lives in ${right}.`, importance: 9, expiresAt: null }
    const corrected = await door.call('memory.update', change)
    expect(corrected).toMatchObject({
      content: `Lives in ${right}.`,
      importance: 9,
      version: 2,
      expiresAt: null,
    })
    const found = await make('memory.recall', { q: right })
    expect(found.items.map((item: Value) => item.id)).toContain(kept.id)
  })

  provesOnEachDoor('memory.forget', 'forgets a memory', async (name) => {
    const word = fresh('Xylophone')
    const { id } = await remember(`Plays the ${word}.`)
    const door = await stage().door(name)
    expect(await door.call('memory.forget', { id })).toEqual({ id, forgotten: true })
    await door.refuse('memory.get', { id }, 'MEMORY_NOT_FOUND')
    const found = await make('memory.recall', { q: word })
    expect(found.items.map((item: Value) => item.id)).not.toContain(id)
  })

  provesOnEachDoor(
    'memory.recall',
    'recalls memories and messages, or only the kinds asked for',
    async (name) => {
      const word = fresh('quokka')
      const memory = await remember(`Saw a ${word} once.`)
      const { id } = await make('conversation.create', { personality: 'robbie-f' })
      const { userMessage } = await make('conversation.send', { id, content: `A ${word}, smiling!` })
      const door = await stage().door(name)
      const both = await door.call('memory.recall', { q: word, limit: 20 })
      expect(both.items.map((item: Value) => item.id)).toEqual(
        expect.arrayContaining([memory.id, userMessage.id]),
      )
      const only = await door.call('memory.recall', { q: word, kinds: ['message'] })
      expect(only.items.map((item: Value) => item.kind)).not.toContain('memory')
      expect(only.items.map((item: Value) => item.id)).toContain(userMessage.id)
      expect(only.nextCursor).toBeNull()
    },
  )
}

function installationTests(stage: () => Stage, make: Make) {
  provesOnEachDoor('town.create', 'makes a town with the shipped personalities', async (name) => {
    const slug = fresh('harbour')
    const door = await stage().door(name)
    const town = await door.call('town.create', { slug, name: 'The Harbour' })
    expect(town).toMatchObject({ slug, name: 'The Harbour' })
    const key = await giveKey(stage().app.query, { userId: stage().owner.userId, townId: town.id })
    const { items } = await stage().http(key).call('persona.list')
    expect(items.map((item: Value) => item.slug)).toEqual(SHIPPED)
    await door.refuse('town.create', { slug, name: 'Again' }, 'TOWN_SLUG_TAKEN')
  })

  provesOnEachDoor('town.list', 'lists the towns of the caller alone', async (name) => {
    await stage()
      .http()
      .call('town.create', { slug: fresh('listed'), name: 'Listed' })
    const ofOwner = await (await stage().door(name)).call('town.list', { limit: 100 })
    expect(ofOwner.items[0].slug).toBe('home')
    expect(ofOwner.items.length).toBeGreaterThan(1)
    const ofMember = await stage().http(stage().member).call('town.list')
    expect(ofMember.items.map((item: Value) => item.slug)).toEqual(['home'])
  })

  provesOnEachDoor('identity.members', 'lists the members with role and ceiling', async (name) => {
    const { items } = await (await stage().door(name)).call('identity.members')
    expect(items.map((item: Value) => [item.name, item.role, item.attractionCeiling])).toEqual([
      ['Owner', 'admin', 11],
      ['Mia', 'user', 7],
      ['Otto', 'user', 7],
      ['Gus', 'readonly', 7],
    ])
  })

  provesOnEachDoor(
    'identity.members.add',
    'makes a person a member with a key that works, shown this once',
    async (name) => {
      const email = `${fresh('Added')}@Example.org`
      const door = await stage().door(name)
      const { member, apiKey } = await door.call('identity.members.add', { email, name: 'Ada' })
      expect(member).toMatchObject({
        name: 'Ada',
        email: email.toLowerCase(),
        role: 'user',
        attractionCeiling: 7,
      })
      const ada = openHttp(stage().app.address, apiKey.key)
      expect(await ada.call('identity.whoami')).toMatchObject({
        userId: member.userId,
        name: 'Ada',
        role: 'user',
      })
      await door.refuse('identity.members.add', { email, name: 'Ada' }, 'MEMBER_ALREADY')
      await ada.refuse('identity.members.add', { email: 'x@example.org', name: 'X' }, 'FORBIDDEN')
      // In another town they are asked, and given no key.
      const slug = fresh('joined')
      await make('town.create', { slug, name: slug })
      const { key } = await make('identity.keys.create', { name: 'there', town: slug })
      const there = openHttp(stage().app.address, key)
      await there.refuse('identity.members.add', { email, name: 'Other' }, 'MEMBER_ELSEWHERE')
      await ada.refuse('identity.keys.create', { name: 'more' }, 'KEY_NOT_OWN')
      await make('identity.members.remove', { id: member.userId })
    },
  )

  provesOnEachDoor('identity.members.update', 'changes role and ceiling of a member', async (name) => {
    const person = await addPerson(stage().http(), { name: 'Upton', role: 'user', townId: stage().townId })
    const door = await stage().door(name)
    const input = { id: person.userId, role: 'readonly', attractionCeiling: 9 }
    expect(await door.call('identity.members.update', input)).toMatchObject({
      userId: person.userId,
      role: 'readonly',
      attractionCeiling: 9,
    })
    expect(await stage().http(person).call('identity.whoami')).toMatchObject({
      clearance: 'guest',
      attractionCeiling: 9,
    })
    await door.refuse(
      'identity.members.update',
      { id: crypto.randomUUID(), role: 'user' },
      'MEMBER_NOT_FOUND',
    )
    await make('identity.members.remove', { id: person.userId })
  })

  provesOnEachDoor('identity.members.remove', 'takes a member out, keys and all', async (name) => {
    const person = await addPerson(stage().http(), { name: 'Remo', role: 'admin', townId: stage().townId })
    const door = await stage().door(name)
    await door.call('identity.members.remove', { id: person.userId })
    await stage().http(person).refuse('identity.whoami', {}, 'API_KEY_UNKNOWN')
    const { items } = await make('identity.members', {})
    expect(items.map((item: Value) => item.userId)).not.toContain(person.userId)
    await door.refuse('identity.members.remove', { id: person.userId }, 'MEMBER_NOT_FOUND')
  })

  provesOnEachDoor('identity.me.update', 'changes what messages are signed with', async (name) => {
    const person = await addPerson(stage().http(), { name: 'Nameless', role: 'user', townId: stage().townId })
    const door = await stage().door(name, person)
    const email = `${fresh('renamed')}@example.org`
    expect(await door.call('identity.me.update', { name: 'Renata', email })).toMatchObject({
      userId: person.userId,
      name: 'Renata',
      email,
    })
    const http = stage().http(person)
    const { id } = await http.call('conversation.create', { personality: 'robbie-m' })
    const { userMessage } = await http.call('conversation.send', { id, content: 'Who am I?' })
    expect(userMessage.speaker).toBe('Renata')
    await stage().http().refuse('identity.me.update', { email: email.toUpperCase() }, 'EMAIL_TAKEN')
    await make('identity.members.remove', { id: person.userId })
  })

  provesOnEachDoor('identity.sign_in_link', 'makes a link that signs the caller in', async (name) => {
    const { link, email, expiresAt } = await (
      await stage().door(name, stage().guest)
    ).call('identity.sign_in_link')
    expect(email).toContain('gus')
    expect(expiresAt).toMatch(INSTANT)
    // A command that opens a database server itself names the port of the settings, which these tests leave open.
    const { search } = new URL(link)
    const opened = await fetch(`${stage().app.address}/v1/auth/link${search}`, { redirect: 'manual' })
    const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!
    const who = await fetch(`${stage().app.address}/v1/whoami`, { headers: { cookie } })
    expect(await who.json()).toMatchObject({ userId: stage().guest.userId, key: null })
  })

  provesOnEachDoor('identity.whoami', 'says person, town, role and key', async (name) => {
    const { guest, townId } = stage()
    expect(await (await stage().door(name, guest)).call('identity.whoami')).toEqual({
      userId: guest.userId,
      name: 'Gus',
      timeZone: 'UTC',
      town: { id: townId, slug: 'home' },
      role: 'readonly',
      clearance: 'guest',
      attractionCeiling: 7,
      key: { id: guest.keyId, operations: null, personalities: null },
    })
  })

  provesOnEachDoor('identity.keys.create', 'makes a key that works, shown this once', async (name) => {
    const expiresAt = '2090-01-01T00:00:00.000Z'
    const door = await stage().door(name, stage().member)
    const made = await door.call('identity.keys.create', {
      name: 'For the phone',
      operations: ['identity.*', 'memory.recall'],
      personalities: ['robbie-f'],
      expiresAt,
    })
    expect(made).toMatchObject({
      name: 'For the phone',
      expiresAt,
      revokedAt: null,
      personalities: ['robbie-f'],
    })
    expect(made.key.startsWith(made.prefix)).toBe(true)
    const who = await stage()
      .http({ ...stage().member, key: made.key })
      .call('identity.whoami')
    expect(who).toMatchObject({ userId: stage().member.userId, key: { id: made.id } })
    const [row] = await stage().app.query<{ text: string }>(
      `select k::text as text from identity.api_keys k where id = $1`,
      [made.id],
    )
    expect(row!.text).not.toContain(made.key)
  })

  provesOnEachDoor(
    'identity.keys.list',
    "lists the caller's keys, an admin's view all, without the key",
    async (name) => {
      const { member, owner } = stage()
      const ofMember = await (await stage().door(name, member)).call('identity.keys.list', { limit: 100 })
      const ids = ofMember.items.map((item: Value) => item.id)
      expect(ids).toContain(member.keyId)
      expect(ids).not.toContain(owner.keyId)
      expect(ofMember.items.every((item: Value) => item.key === undefined)).toBe(true)
      const ofOwner = await stage().http().call('identity.keys.list', { limit: 100 })
      expect(ofOwner.items.map((item: Value) => item.id)).toEqual(
        expect.arrayContaining([member.keyId, owner.keyId]),
      )
    },
  )

  provesOnEachDoor('identity.keys.revoke', 'ends a key, and doing it twice is fine', async (name) => {
    const { member, app } = stage()
    const doomed = await giveKey(app.query, member)
    const door = await stage().door(name, member)
    const first = await door.call('identity.keys.revoke', { id: doomed.keyId })
    expect(first.revokedAt).toMatch(INSTANT)
    await stage().http(doomed).refuse('identity.whoami', {}, 'API_KEY_REVOKED')
    expect(await stage().http(member).call('identity.keys.revoke', { id: doomed.keyId })).toEqual(first)
    const foreign = stage().owner.keyId
    await stage().http(member).refuse('identity.keys.revoke', { id: foreign }, 'API_KEY_NOT_FOUND')
  })

  it('awaits a reply for 15 minutes, as long as its message reads as pending', async () => {
    const { id } = await make('conversation.create', { personality: 'robbie-m' })
    const { userMessage } = await make('conversation.send', { id, content: 'Anybody?' })
    const pendingSince = async (minutes: number) => {
      const since = new Date(Date.now() - minutes * 60_000)
      await stage().app.query(
        `update conversation.messages set status = 'pending', created_at = $2 where id = $1`,
        [userMessage.id, since],
      )
      return (await make('platform.status', {})).queue.pendingReplies
    }
    expect([await pendingSince(1), await pendingSince(16)]).toEqual([1, 0])
  })

  provesOnEachDoor('platform.status', 'says how the installation is', async (name) => {
    const ofGuest = await stage().http(stage().guest).call('platform.status')
    expect(ofGuest).toMatchObject({ drift: null, sizes: null, migrations: { pending: [] } })
    const status = await (await stage().door(name)).call('platform.status')
    expect(status).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      backend: stage().home.backend,
      model: 'offline',
      migrations: { pending: [] },
      drift: [],
      queue: { pendingReplies: 0 },
    })
    expect(status.vectorVersion).toMatch(/^\d+\.\d+/)
    expect(status.migrations.applied).toBeGreaterThan(0)
    expect(status.sizes.databaseBytes).toBeGreaterThan(1_000_000)
    const events = status.sizes.largestTables.find((table: Value) => table.name === 'journal.events')
    if (stage().home.backend === 'embedded') expect(events.rows).toBeGreaterThan(0)
  })
}
