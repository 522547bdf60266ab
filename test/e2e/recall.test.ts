import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { proves } from './proves.ts'
import { useStage } from './stage.ts'

eachBackend((backend) => {
  const stage = useStage(backend)
  const remember = (content: string, more = {}) =>
    stage()
      .http()
      .call('memory.remember', { content, ...more })
  const recall = async (q: string, more = {}): Promise<Value[]> =>
    (
      await stage()
        .http()
        .call('memory.recall', { q, ...more })
    ).items

  proves('recall.identifiers', 'finds exact identifiers among many that resemble them', async () => {
    const identifiers = [
      'INV-2024-0042',
      'ORD#77-1301',
      'ada.lovelace@example.org',
      'https://example.org/a/b?c=7',
      '192.168.17.42',
      'v2.13.7-rc1',
      'snake_case_name',
      '+41 79 123 45 67',
      'GB29NWBK60161331926819',
    ]
    for (let n = 0; n < 60; n++) {
      await remember(
        `Invoice INV-2024-1${n}7, order ORD#77-2${n}, mail ada${n}@example.org, host 192.168.18.${n}, v2.1${n}.0.`,
      )
    }
    for (const identifier of identifiers) {
      const { id } = await remember(`The one about ${identifier} is settled.`)
      const question = `What was it with ${identifier} again?`
      for (const q of [identifier, question]) {
        const [first] = await recall(q, { limit: 3 })
        expect(first.id, q).toBe(id)
      }
    }
  })

  proves('recall.reasons', 'scores best first and says why', async () => {
    await remember('The lighthouse keeper plays the accordion.', { importance: 9 })
    await remember('The lighthouse is white.', { importance: 2 })
    const items = await recall('accordion lighthouse')
    expect(items.map((item) => item.content)).toEqual([
      'The lighthouse keeper plays the accordion.',
      'The lighthouse is white.',
    ])
    expect(items.map((item) => item.score)).toEqual(items.map((item) => item.score).toSorted((a, b) => b - a))
    for (const item of items) {
      expect(item.scoreParts).toEqual({
        keyword: expect.any(Number),
        recency: expect.any(Number),
        importance: expect.any(Number),
      })
      expect(item.score).toBeGreaterThan(0)
    }
    expect(items[0].reasons).toEqual([
      'has "accordion", "lighthous" of the question',
      'is recent',
      'has importance 9',
    ])
    expect(items[1].reasons).toEqual(['has "lighthous" of the question', 'is recent'])
  })

  it('answers an empty list to a question of common words, signs, or what was never said', async () => {
    for (const q of ['the and of', '?!', '   ', "'", '\\', 'a & !b | (c <-> d)', ':*', 'qwertzuiopü']) {
      expect(await recall(q), q).toEqual([])
    }
  })

  it('recalls what a personality may draw on: its own and what is shared', async () => {
    const { id: own } = await remember('The password hint is begonia.', { personality: 'kristina' })
    const { id: shared } = await remember('A begonia stands in the hall.')
    const { id: foreign } = await remember('The begonia is for the auditor.', { personality: 'bookkeeper' })
    const ids = async (more = {}) => (await recall('begonia', more)).map((item) => item.id).toSorted()
    expect(await ids()).toEqual([own, shared, foreign].toSorted())
    expect(await ids({ personality: 'kristina' })).toEqual([own, shared].toSorted())
    const { id } = await stage().http().call('conversation.create', { personality: 'bookkeeper' })
    const { recalled } = await stage().http().call('conversation.send', { id, content: 'Any begonia?' })
    expect(recalled.map((item: Value) => item.id).toSorted()).toEqual([shared, foreign].toSorted())
  })

  it('does not recall what the offline responder said', async () => {
    const { id: memory } = await remember('The heirloom is a theodolite.')
    const { id } = await stage().http().call('conversation.create', { personality: 'robbie-f' })
    for (const content of ['Which theodolite?', 'What theodolite?']) {
      await stage().http().call('conversation.send', { id, content })
    }
    const items = await recall('theodolite', { limit: 50 })
    expect(items.filter((item) => item.speaker === 'Robbie F')).toEqual([])
    expect(items.map((item) => item.id)).toContain(memory)
    expect(items).toHaveLength(3)
  })

  proves('recall.archived', 'still recalls what was said in an archived conversation', async () => {
    const { id } = await stage().http().call('conversation.create', { personality: 'robbie-f' })
    const { userMessage } = await stage()
      .http()
      .call('conversation.send', { id, content: 'My locker is number gooseberry.' })
    await stage().http().call('conversation.archive', { id })
    expect((await recall('gooseberry')).map((item) => item.id)).toEqual([userMessage.id])
  })

  describe('privacy', () => {
    proves('recall.private', "hides other people's private rows, however many there are", async () => {
      const { member, other, guest } = stage()
      const ofMember = stage().http(member)
      const kept = new Map<string, string>()
      for (const privacy of ['public', 'team', 'private']) {
        const { id } = await ofMember.call('memory.remember', { content: `A ${privacy} marzipan.`, privacy })
        kept.set(privacy, id)
      }
      const { id: bossOnly } = await remember('A marzipan for bosses.', { privacy: 'boss_only' })
      const found = async (person?: typeof member) => {
        const { items } = await stage().http(person).call('memory.recall', { q: 'marzipan', limit: 100 })
        return items.map((item: Value) => item.id).toSorted()
      }
      const pick = (...names: string[]) => names.map((name) => kept.get(name)!)
      expect(await found(member)).toEqual(pick('public', 'team', 'private').toSorted())
      expect(await found(other)).toEqual(pick('public', 'team').toSorted())
      expect(await found(guest)).toEqual(pick('public'))
      expect(await found()).toEqual([...pick('public', 'team'), bossOnly].toSorted())
      // Enough private rows with the same word to fill every limit that a search may set itself before it looks at
      // privacy.
      const { id } = await stage().http().call('conversation.create', { personality: 'robbie-m' })
      for (let batch = 0; batch < 6; batch++) {
        const messages = Array.from({ length: 1_000 }, (_, n) => ({
          role: 'user',
          at: new Date(Date.UTC(2020, 0, 1, batch, 0, n)).toISOString(),
          content: `marzipan ${batch} ${n}`,
        }))
        await stage().http().call('conversation.append', { id, messages })
      }
      expect(await found(other)).toEqual(pick('public', 'team').toSorted())
      expect(await found(guest)).toEqual(pick('public'))
    })
  })
})
