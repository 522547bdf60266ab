import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { getPersonality } from '../persona/index.ts'
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

  it('begins in the mood that the sliders of the one who looks call for', async () => {
    expect(await as(town.owner)('presence.state', { slug: 'robbie-f' })).toMatchObject({
      mood: 'playful',
      attraction: 11,
    })
    expect(await as(town.member)('presence.state', { slug: 'robbie-f' })).toMatchObject({
      mood: 'friendly',
      attraction: 7,
    })
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

  describe('the mood for a reply', () => {
    const ask = (person: Person, slug: string, keywords: string[]) =>
      actIn(test, person, async (ctx) => {
        const personality = await getPersonality(ctx, slug)
        return (await moodForReply(ctx, personality, { keywords, interface: null, context: {} })).mood
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
