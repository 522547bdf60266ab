import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { getPersonality } from '../persona/index.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { moodForReply } from './index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const count = async (table: string) =>
    (await test.query<{ n: number }>(`select count(*) as n from ${table}`))[0]!.n

  it('writes nothing when a state is read that nobody has changed', async () => {
    const state = await as(town.guest)('presence.state', { slug: 'gatekeeper' })
    expect(state).toMatchObject({ version: 1, mode: 'normal' })
    expect(await count('presence.ai_personality_state')).toBe(0)
  })

  it('begins in the mood that the personality’s own sliders call for, whoever looks', async () => {
    const begun = { mood: 'playful', sharedMood: 'playful' }
    const state = (person: Person) => as(person)('presence.state', { slug: 'robbie-f' })
    expect(await state(town.owner)).toMatchObject({ ...begun, attraction: 11 })
    expect(await state(town.member)).toMatchObject({ ...begun, attraction: 7 })
    await as(town.member)('persona.settings', { slug: 'robbie-f', gandhiGenghis: 9 })
    expect(await state(town.member)).toMatchObject({ ...begun, gandhiGenghis: 9 })
    await as(town.member)('persona.settings', { slug: 'robbie-f', gandhiGenghis: null })
  })

  it('keeps every version of the state, also of many first changes at once', async () => {
    const modes = Array.from({ length: 12 }, (_, n) => `mode ${n}`)
    await Promise.all(
      modes.map((mode, n) =>
        as(n % 2 ? town.owner : town.member)('presence.update', { slug: 'allanbot', mode }),
      ),
    )
    const [state] = await test.query<Value>(
      `select s.id, s.version, s.mode, p.id as personality from presence.ai_personality_state s
       join persona.personalities p on p.id = s.personality_id where p.slug = 'allanbot'`,
    )
    expect(state.version).toBe(13)
    const history = await test.query<Value>(
      `select version, mode from presence.ai_state_history where personality_id = $1 order by version`,
      [state.personality],
    )
    expect(history.map((row) => row.version)).toEqual(modes.map((_, n) => n + 2))
    expect(history.map((row) => row.mode).toSorted()).toEqual(modes.toSorted())
    expect(history.at(-1)!.mode).toBe(state.mode)
  })

  it('shows a change by one to everybody else, but for the mood they pinned', async () => {
    await as(town.other)('persona.settings', { slug: 'kristina', mood: 'surprised' })
    await as(town.member)('presence.update', { slug: 'kristina', mood: 'focused', energy: 'low' })
    expect(await as(town.guest)('presence.state', { slug: 'kristina' })).toMatchObject({
      mood: 'focused',
      energy: 'low',
      version: 2,
    })
    expect(await as(town.other)('presence.state', { slug: 'kristina' })).toMatchObject({
      mood: 'surprised',
      sharedMood: 'focused',
    })
    await as(town.other)('persona.mood', { slug: 'kristina', mood: 'bossy' })
    expect(await as(town.other)('presence.state', { slug: 'kristina' })).toMatchObject({
      mood: 'bossy',
      sharedMood: 'bossy',
    })
  })

  it('changes what is given and leaves the rest', async () => {
    const call = as(town.owner)
    await call('presence.update', { slug: 'bookkeeper', mode: 'closing the year', focus: 'busy' })
    const after = await call('presence.update', { slug: 'bookkeeper', energy: 'high' })
    expect(after).toMatchObject({ mode: 'closing the year', focus: 'busy', energy: 'high', version: 3 })
  })

  describe('what changes nothing', () => {
    const kept = async () => ({
      states: await test.query('select * from presence.ai_personality_state order by id'),
      history: await count('presence.ai_state_history'),
      moods: await count('persona.mood_events'),
      events: await count('journal.events'),
    })

    it('writes nothing: an empty change, the values that stand, an empty setting', async () => {
      const call = as(town.owner)
      const before = await kept()
      const { version } = await call('presence.state', { slug: 'gatekeeper' })
      expect((await call('presence.update', { slug: 'gatekeeper' })).version).toBe(version)
      await call('presence.update', { slug: 'gatekeeper', mode: 'normal', energy: 'normal' })
      await call('persona.settings', { slug: 'gatekeeper' })
      await call('persona.settings', { slug: 'gatekeeper', mood: null, attraction: null })
      expect(await kept()).toEqual(before)
      await call('presence.update', { slug: 'kristina', mood: 'bossy', mode: 'x' })
      await call('persona.settings', { slug: 'kristina', attraction: 2, mood: 'playful' })
      const changed = await kept()
      await call('presence.update', { slug: 'kristina', mode: 'x' })
      await call('persona.settings', { slug: 'kristina', attraction: 2, mood: 'playful' })
      expect(await kept()).toEqual(changed)
    })

    it('keeps that a pinned mood gave way, also where the shared mood stays the same', async () => {
      const call = as(town.other)
      await call('presence.update', { slug: 'bookkeeper', mood: 'focused' })
      await call('persona.settings', { slug: 'bookkeeper', mood: 'playful' })
      expect(await call('presence.update', { slug: 'bookkeeper', mood: 'focused' })).toMatchObject({
        mood: 'focused',
      })
      const { items } = await call('persona.mood_events', { personality: 'bookkeeper' })
      expect(items[0]).toMatchObject({ previousMood: 'playful', newMood: 'focused', trigger: 'unpinned' })
      const seen = await as(town.member)('persona.mood_events', { personality: 'bookkeeper' })
      expect(seen.items.map((item: Value) => item.trigger)).toEqual(['explicit'])
    })

    it('says of a slider that the mood stayed', async () => {
      const call = as(town.owner)
      await call('presence.update', { slug: 'steve-jobs', mood: 'surprised' })
      await call('persona.settings', { slug: 'steve-jobs', gandhiGenghis: 10 })
      const { items } = await call('persona.mood_events', { personality: 'steve-jobs' })
      expect(items[0]).toMatchObject({
        trigger: 'settings',
        previousMood: 'surprised',
        newMood: 'surprised',
        newGandhiGenghis: 10,
      })
      await call('persona.settings', { slug: 'steve-jobs', gandhiGenghis: null })
      await call('persona.mood', { slug: 'steve-jobs' })
    })
  })

  describe('the mood for a reply', () => {
    const ask = (person: Person, slug: string, keywords: string[], privacy: Privacy = 'private') =>
      actIn(test, person, async (ctx) => {
        const personality = await getPersonality(ctx, slug)
        const conversation = { id: newId(), privacy, created_by: person.userId }
        return (await moodForReply(ctx, personality, { keywords, interface: null, conversation })).mood
      })

    it('is called for by a keyword of the mood, also where the sliders alone would call for it', async () => {
      await as(town.owner)('presence.update', { slug: 'steve-jobs', mood: 'friendly' })
      expect(await ask(town.owner, 'steve-jobs', ['weather'])).toBe('friendly')
      expect(await ask(town.owner, 'steve-jobs', ['crisis'])).toBe('bossy')
    })

    it('shows others that the state changed, and its cause to nobody who may not read the conversation', async () => {
      const slug = (await as(town.member)('persona.create', { name: 'Open', shortDescription: 'd' })).slug
      expect(await ask(town.member, slug, ['crisis'])).toBe('bossy')
      const causes = async (person: Person) =>
        (await as(person)('persona.mood_events', { personality: slug })).items.map(
          (item: Value) => item.context,
        )
      expect(await causes(town.member)).toEqual([
        { keywords: ['crisis'], conversationId: expect.any(String) },
      ])
      for (const person of [town.owner, town.other, town.guest]) {
        expect(await causes(person)).toEqual([])
        expect(await as(person)('presence.state', { slug })).toMatchObject({ mood: 'bossy', version: 2 })
        const events = await actIn(test, person, ({ tx, town: townId }) =>
          tx
            .selectFrom('events')
            .selectAll()
            .where('town_id', '=', townId)
            .where('operation', '=', 'test.work')
            .execute(),
        )
        const caused = events.filter((event) => event.user_id === town.member.userId)
        expect(caused.map((event) => event.kind)).toEqual(['state.changed'])
        expect(JSON.stringify(caused)).not.toContain('crisis')
      }
      await ask(town.member, slug, ['urgent'], 'public')
      for (const person of [town.member, town.guest]) expect((await causes(person))[0]).toEqual({})
    })

    it('leaves no event where it stays the same', async () => {
      const before = await count('persona.mood_events')
      for (let n = 0; n < 3; n++) expect(await ask(town.owner, 'steve-jobs', [])).toBe('bossy')
      expect(await count('persona.mood_events')).toBe(before)
    })

    it('goes back to what the sliders call for when the keywords are over', async () => {
      expect(await ask(town.owner, 'robbie-m', ['urgent'])).toBe('focused')
      expect(await ask(town.owner, 'robbie-m', ['weather'])).toBe('friendly')
      const events = await test.query<Value>(
        `select e.trigger, e.previous_mood, e.new_mood from persona.mood_events e join persona.personalities p on p.id = e.personality_id
         where p.slug = 'robbie-m' order by e.at, e.id`,
      )
      expect(events).toEqual([
        { trigger: 'keywords', previous_mood: 'friendly', new_mood: 'focused' },
        { trigger: 'sliders', previous_mood: 'focused', new_mood: 'friendly' },
      ])
    })
  })

  it('shows the stream as an activity log, under the same rules', async () => {
    await as(town.member)('memory.remember', { content: 'Private to the member.' })
    const seen = (person: Person) =>
      actIn(test, person, async ({ tx, town: townId }) => {
        const rows = await tx
          .selectFrom('ai_activity_log')
          .select(['kind'])
          .where('town_id', '=', townId)
          .where('kind', '=', 'memory.created')
          .execute()
        return rows.length
      })
    expect([await seen(town.member), await seen(town.owner)]).toEqual([1, 0])
  })
})
