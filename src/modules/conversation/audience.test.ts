import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    for (const [who, privacy] of [
      ['owner', 'public'],
      ['owner', 'team'],
      ['owner', 'private'],
      ['owner', 'boss_only'],
      ['member', 'private'],
    ] as const) {
      const content = `The medlar of the ${who} is ${privacy}.`
      await as(town[who])('memory.remember', { content, privacy })
    }
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const of = (who: string, ...levels: string[]) =>
    levels.map((level) => `The medlar of the ${who} is ${level}.`)
  const texts = (items: Value[]) =>
    items
      .filter((item) => item.kind === 'memory')
      .map((item) => item.content)
      .toSorted()

  /** What a reply in a conversation of this privacy recalls for the person, in `send` and in `context` alike. */
  async function recalledIn(person: Person, privacy: string): Promise<{ id: string; recalled: string[] }> {
    const call = as(person)
    const { id } = await call('conversation.create', { personality: 'robbie-f', privacy })
    const sent = await call('conversation.send', { id, content: 'Which medlar?' })
    const { recalled } = await call('conversation.context', { id })
    expect(texts(recalled)).toEqual(texts(sent.recalled))
    const quoted = sent.reply.content.match(/(?<=“).*(?=”)/g)
    expect(texts(sent.recalled)).toEqual(expect.arrayContaining(quoted))
    return { id, recalled: texts(sent.recalled) }
  }

  describe('what is recalled for a reply', () => {
    it('is what everybody may see who reads the conversation', async () => {
      const { owner, member } = town
      const open = of('owner', 'public', 'team')
      expect((await recalledIn(owner, 'public')).recalled).toEqual(of('owner', 'public'))
      expect((await recalledIn(owner, 'team')).recalled).toEqual(open)
      expect((await recalledIn(owner, 'boss_only')).recalled).toEqual([...of('owner', 'boss_only'), ...open])
      expect((await recalledIn(owner, 'private')).recalled).toEqual(
        of('owner', 'boss_only', 'private', 'public', 'team'),
      )
      expect((await recalledIn(member, 'public')).recalled).toEqual(of('owner', 'public'))
      expect((await recalledIn(member, 'team')).recalled).toEqual(open)
      expect((await recalledIn(member, 'private')).recalled).toEqual([...of('member', 'private'), ...open])
    })

    it('shows no reader more than they could recall themselves', async () => {
      for (const privacy of ['public', 'team'] as const) {
        const { id } = await recalledIn(town.owner, privacy)
        const readers =
          privacy === 'public' ? [town.member, town.other, town.guest] : [town.member, town.other]
        for (const reader of readers) {
          const own = texts((await as(reader)('memory.recall', { q: 'medlar', limit: 100 })).items)
          const { recalled, parts } = await as(reader)('conversation.context', { id })
          expect(own).toEqual(expect.arrayContaining(texts(recalled)))
          const { items } = await as(reader)('conversation.messages', { id })
          const read = JSON.stringify([items, parts])
          for (const hidden of of('owner', 'private', 'boss_only')) expect(read).not.toContain(hidden)
        }
      }
    })

    it('takes what others say into account: a question by a member in a conversation of the owner', async () => {
      const { id } = await as(town.owner)('conversation.create', { personality: 'robbie-f', privacy: 'team' })
      const { recalled, reply } = await as(town.member)('conversation.send', {
        id,
        content: 'And the medlar?',
      })
      expect(texts(recalled)).toEqual(of('owner', 'public', 'team'))
      expect(reply.content).not.toContain('private')
    })
  })
})
