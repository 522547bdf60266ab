import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { proves, provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

/** The rules in words: first match wins. */
function moodByRule(attraction: number, gandhiGenghis: number, keywords: string[]): string {
  const has = (...words: string[]) => words.some((word) => keywords.includes(word))
  if (attraction === 11 && has('private')) return 'blushing'
  if (gandhiGenghis >= 8 || has('crisis')) return 'bossy'
  if (attraction >= 8) return 'playful'
  if (has('urgent', 'deadline', 'critical')) return 'focused'
  if (has('unexpected', 'surprise')) return 'surprised'
  return 'friendly'
}

// Every keyword by itself, none, an unknown one, and combinations in which a later rule must give way.
const keywordSets = [
  [],
  ['private'],
  ['crisis'],
  ['urgent'],
  ['deadline'],
  ['critical'],
  ['unexpected'],
  ['surprise'],
  ['weather'],
  ['surprise', 'urgent'],
  ['private', 'crisis', 'urgent', 'surprise'],
]

eachBackend((backend) => {
  const stage = useStage(backend)
  let last = 0
  const makePersonality = async (more: Record<string, unknown> = {}) => {
    const slug = `mood-${++last}`
    await stage()
      .http()
      .call('persona.create', { slug, name: slug, shortDescription: 'Any.', ...more })
    return slug
  }

  proves('mood.rules', 'calls for the mood of the rules, at all sliders with all keywords', async () => {
    const http = stage().http()
    const slug = await makePersonality()
    const wrong: unknown[] = []
    for (let attraction = 1; attraction <= 11; attraction++) {
      for (let gandhiGenghis = 1; gandhiGenghis <= 10; gandhiGenghis++) {
        await http.call('persona.settings', { slug, attraction, gandhiGenghis })
        // A whole table of 1,210 calls: the keyword sets take turns, so that each meets each slider's ends.
        const sets = keywordSets.filter(
          (_, index) => isEnd(attraction, gandhiGenghis) || (attraction + gandhiGenghis + index) % 3 === 0,
        )
        for (const keywords of sets) {
          const { state } = await http.call('persona.mood', { slug, keywords })
          const expected = moodByRule(attraction, gandhiGenghis, keywords)
          if (state.mood !== expected)
            wrong.push({ attraction, gandhiGenghis, keywords, mood: state.mood, expected })
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('finds keywords in what is said, as words and in any case', async () => {
    const http = stage().http()
    const { id } = await http.call('conversation.create', { personality: await makePersonality() })
    const moodOf = async (content: string, more = {}) =>
      (await http.call('conversation.send', { id, content, ...more })).mood
    expect(await moodOf('Nothing much.')).toBe('friendly')
    expect(await moodOf('URGENT: the deadline!')).toBe('focused')
    expect(await moodOf('Insurgents write deadlines.')).toBe('friendly')
    expect(await moodOf('What a surprise, in a crisis.')).toBe('bossy')
    expect(await moodOf('What a crisis.', { keywords: ['surprise'] })).toBe('surprised')
    expect(await moodOf('What a crisis.', { keywords: [] })).toBe('friendly')
  })

  it('blushes only in private and only at 11', async () => {
    const http = stage().http()
    const slug = await makePersonality({ attraction: 11 })
    expect((await http.call('persona.mood', { slug, private: true })).state.mood).toBe('blushing')
    expect((await http.call('persona.mood', { slug })).state.mood).toBe('playful')
    const ofMember = await stage().http(stage().member).call('persona.mood', { slug, private: true })
    expect(ofMember.state).toMatchObject({ mood: 'friendly', attraction: 7 })
  })

  provesOnEachDoor('mood.ceiling', 'holds a member to their ceiling and says so', async (name) => {
    const { member } = stage()
    const slug = await makePersonality({ attraction: 10 })
    const door = await stage().door(name, member)
    const set = await door.call('persona.settings', { slug, attraction: 11 })
    expect(set).toMatchObject({ attraction: 7, attractionCeiling: 7, clamped: true })
    expect(set.notice).toContain('11')
    expect(set.notice).toContain('7')
    const ofMember = stage().http(member)
    expect(await ofMember.call('presence.state', { slug })).toMatchObject({ attraction: 7, mood: 'playful' })
    expect(await ofMember.call('persona.settings', { slug, attraction: 7 })).toMatchObject({
      clamped: false,
      notice: null,
    })
    expect(await stage().http().call('persona.settings', { slug, attraction: 11 })).toMatchObject({
      attraction: 11,
      clamped: false,
    })
  })

  proves('mood.explicit', 'keeps a chosen mood until a keyword calls for another', async () => {
    const http = stage().http()
    const slug = await makePersonality()
    const { id } = await http.call('conversation.create', { personality: slug })
    const say = async (content: string) => (await http.call('conversation.send', { id, content })).mood
    await http.call('persona.mood', { slug, mood: 'playful' })
    expect([await say('Hello.'), await say('And again.')]).toEqual(['playful', 'playful'])
    expect(await say('Now it is urgent.')).toBe('focused')
    expect(await say('Over.')).toBe('friendly')
    await http.call('presence.update', { slug, mood: 'surprised' })
    expect([await say('Hello.'), await say('Hello!')]).toEqual(['surprised', 'surprised'])
    // A mood that a person pinned for themselves is theirs alone and outlasts keywords.
    await http.call('persona.settings', { slug, mood: 'bossy' })
    expect(await say('Still urgent.')).toBe('bossy')
    expect((await stage().http(stage().member).call('presence.state', { slug })).mood).toBe('surprised')
    await http.call('persona.settings', { slug, mood: null })
    expect(await say('Hello.')).toBe('surprised')
  })

  proves(
    'mood.events',
    'keeps every change with what was before, so that the state follows from them',
    async () => {
      const http = stage().http()
      const slug = await makePersonality()
      const { id } = await http.call('conversation.create', { personality: slug })
      await http.call('persona.mood', { slug, mood: 'playful', explanation: 'For fun.' })
      await http.call('presence.update', { slug, mood: 'bossy' })
      await http.call('conversation.send', { id, content: 'A deadline!', interface: 'phone' })
      await http.call('persona.settings', { slug, attraction: 9, gandhiGenghis: 2 })
      await http.call('persona.settings', { slug, mood: 'surprised' })
      const { items } = await http.call('persona.mood_events', { personality: slug })
      const seen = items.toReversed().map((item: Value) => [item.previousMood, item.newMood, item.trigger])
      expect(seen.slice(0, 3)).toEqual([
        ['friendly', 'playful', 'explicit'],
        ['playful', 'bossy', 'explicit'],
        ['bossy', 'focused', 'keywords'],
      ])
      expect(items[2]).toMatchObject({
        interface: 'phone',
        context: { conversationId: id, keywords: ['deadline'] },
      })
      expect(items[1]).toMatchObject({
        trigger: 'settings',
        previousAttraction: 3,
        newAttraction: 9,
        previousGandhiGenghis: 5,
        newGandhiGenghis: 2,
      })
      expect(items[0]).toMatchObject({ trigger: 'settings', newMood: 'surprised' })
      expect((await http.call('presence.state', { slug })).mood).toBe(items[0].newMood)
      // Sliders, a pinned mood and what a private conversation called for are one person's own.
      const ofMember = await stage().http(stage().member).call('persona.mood_events', { personality: slug })
      expect(ofMember.items.map((item: Value) => item.trigger)).toEqual(['explicit', 'explicit'])
    },
  )

  describe('versions', () => {
    proves(
      'version.stale',
      'refuses what was read before another change, and lets one of many through',
      async () => {
        const http = stage().http()
        const slug = await makePersonality()
        const { id } = await http.call('memory.remember', { content: 'Contested.' })
        const contests = [
          {
            operation: 'persona.update',
            code: 'PERSONALITY_VERSION_STALE',
            input: (n: number) => ({ slug, version: 1, name: `N${n}` }),
          },
          {
            operation: 'presence.update',
            code: 'STATE_VERSION_STALE',
            input: (n: number) => ({ slug, version: 1, mode: `m${n}` }),
          },
          {
            operation: 'memory.update',
            code: 'MEMORY_VERSION_STALE',
            input: (n: number) => ({ id, version: 1, content: `C${n}` }),
          },
        ]
        for (const { operation, code, input } of contests) {
          const replies = await Promise.all(
            Array.from({ length: 8 }, (_, n) => http.ask(operation, input(n))),
          )
          const refused = replies.filter((reply) => !reply.ok)
          expect(
            refused.map((reply) => [reply.problem.status, reply.problem.code]),
            operation,
          ).toEqual(Array.from({ length: 7 }, () => [409, code]))
          const problem = await http.refuse(operation, input(9), code)
          expect(problem.data).toEqual({ expected: 1, current: 2 })
        }
      },
    )
  })
})

function isEnd(attraction: number, gandhiGenghis: number): boolean {
  return [1, 7, 8, 10, 11].includes(attraction) && [1, 7, 8, 10].includes(gandhiGenghis)
}
