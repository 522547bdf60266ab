import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createChatModel } from '../../llm/complete.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Town } from '../../../test/support/found-town.ts'
import { startOpenAi, type ModelServer } from '../../../test/support/model-servers.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let model: ModelServer
  let call: ReturnType<typeof operationsAs>
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    model = await startOpenAi()
    const chat = createChatModel({
      provider: 'openai-compatible',
      name: 'm',
      url: model.url,
      key: null,
      silenceMs: 60_000,
    })
    call = operationsAs(test, town.owner, undefined, chat)
  })
  afterAll(async () => {
    await model.close()
    await test.drop()
  })
  beforeEach(() => {
    model.script = { kind: 'pieces', pieces: ['Well.'] }
    model.requests.length = 0
  })

  /** The model answers when `release` is called; `asked` resolves when the given number of requests has reached it. */
  function holdModel(pieces: string[]) {
    const gate = Promise.withResolvers<void>()
    model.script = { kind: 'pieces', pieces, until: gate.promise }
    const asked = async (count: number) => {
      while (model.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return { release: gate.resolve, asked }
  }
  const begin = async (more = {}): Promise<string> =>
    (await call('conversation.create', { personality: 'robbie-f', ...more })).id
  const spoken = async (id: string): Promise<string[]> =>
    (await call('conversation.context', { id, budget: 100_000 })).parts
      .filter((part: Value) => part.kind === 'message')
      .map((part: Value) => part.content)

  describe('conversation.send', () => {
    it('keeps the mood and the sliders that a reply was made with', async () => {
      const id = await begin()
      const { reply, userMessage } = await call('conversation.send', { id, content: 'Hello.' })
      const { attraction, gandhiGenghis } = await call('persona.get', { slug: 'robbie-f' })
      const made = { mood: reply.mood, attraction, gandhiGenghis, tags: [] }
      expect([userMessage, reply]).toMatchObject([made, made])
      const history = {
        role: 'assistant',
        content: 'Long ago.',
        at: '2024-01-01T00:00:00.000Z',
        mood: 'bossy',
        attraction: 3,
        gandhiGenghis: 9,
        tags: ['budget'],
      }
      await call('conversation.append', { id, messages: [history] })
      const { items } = await call('conversation.messages', { id })
      expect(items[0]).toMatchObject(history)
    })

    it("hands the model the person's words, however long they or the prompt are", async () => {
      const long = Array.from({ length: 30_000 }, (_, n) => `w${n}`).join(' ')
      const systemPrompt = `Be brief. ${Array.from({ length: 5_000 }, (_, n) => `rule${n}`).join(' ')}`
      const moods = ['friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing']
      const prompts = Object.fromEntries(moods.map((mood) => [mood, { systemPrompt }]))
      const { slug } = await call('persona.create', { name: 'Wordy', shortDescription: 'Any.', prompts })
      for (const personality of ['robbie-f', slug]) {
        for (const content of ['Where is my hat?', `Where is my hat? ${long} Say where.`]) {
          const id = await begin({ personality })
          await call('conversation.send', { id, content })
          const last = model.requests.at(-1)!.body.messages.at(-1)!
          expect(last.role).toBe('user')
          expect(last.content).toMatch(/^Where is my hat\?/)
          if (content.length > 100) expect(last.content).toMatch(/\[… cut …\][^]*Say where\.$/)
          else expect(last.content).toBe(content)
        }
      }
    })

    it('does not answer what was forgotten while the model thought, with a key or without', async () => {
      for (const key of [undefined, 'forgotten meanwhile']) {
        const { id: memory } = await call('memory.remember', { content: 'The narwhal is called Hugo.' })
        const { id: kept } = await call('memory.remember', { content: 'A narwhal has one tusk.' })
        const { release, asked } = holdModel(['I see.'])
        model.requests.length = 0
        const sent = call('conversation.send', { id: await begin(), content: 'The narwhal?' }, key)
        await asked(1)
        expect(JSON.stringify(model.requests[0]!.body)).toContain('Hugo')
        await call('memory.forget', { id: memory })
        release()
        const { recalled, reply } = await sent
        const ids = recalled.map((item: Value) => item.id)
        expect(ids).toContain(kept)
        expect(ids).not.toContain(memory)
        expect(reply.content).toBe('I see.')
        const rows = await test.query(`select reply::text, prepared::text from journal.idempotency_keys`)
        expect(JSON.stringify(rows)).not.toContain('Hugo')
        await call('memory.forget', { id: kept })
      }
    })

    it('keeps every message on the branch when the person goes on before the reply is there', async () => {
      const id = await begin()
      const at = '2020-01-01T00:00:00Z'
      const message = (externalId: string, parentExternalId?: string) => ({
        externalId,
        role: 'user',
        at,
        content: externalId,
        ...(parentExternalId ? { parentExternalId } : {}),
      })
      const messages = [message('root'), message('other', 'root'), message('leaf', 'root')]
      await call('conversation.append', { id, messages, currentLeaf: 'leaf' })
      const first = holdModel(['To the first.'])
      const one = call('conversation.send', { id, content: 'First?' })
      await first.asked(1)
      const second = holdModel(['To the second.'])
      const two = call('conversation.send', { id, content: 'Second?' })
      await second.asked(2)
      second.release()
      const answer = await two
      first.release()
      const { userMessage, reply } = await one
      expect(reply.parentId).toBe(userMessage.id)
      expect(answer.reply.parentId).toBe(answer.userMessage.id)
      expect(await spoken(id)).toEqual([
        'root',
        'leaf',
        'First?',
        'To the first.',
        'Second?',
        'To the second.',
      ])
      const { reply: third } = await call('conversation.send', { id, content: 'Third?' })
      expect((await spoken(id)).slice(-2)).toEqual(['Third?', third.content])
    })

    it('answers no whole texts of what it recalled', async () => {
      const id = await begin()
      const messages = Array.from({ length: 6 }, (_, n) => ({
        role: 'user',
        at: `2020-01-01T00:00:0${n}Z`,
        content: `okapi ${n} ${'lorem '.repeat(300_000)}`,
      }))
      for (const each of messages) await call('conversation.append', { id, messages: [each] })
      const answer = await call('conversation.send', { id: await begin(), content: 'An okapi?' }, 'okapi')
      expect(answer.recalled.filter((item: Value) => item.kind === 'message')).toHaveLength(6)
      for (const item of answer.recalled) expect([item.content.length, item.isCut]).toEqual([500, true])
      expect(JSON.stringify(answer).length).toBeLessThan(20_000)
      const [row] = await test.query<{ size: number }>(
        `select length(reply::text) as size from journal.idempotency_keys where key = 'okapi'`,
      )
      expect(row!.size).toBeLessThan(20_000)
      const whole = await call('memory.recall', { q: 'okapi', characters: 20_000 })
      const lengths = whole.items.map((item: Value) => [item.content.length, item.isCut])
      expect(lengths.filter(([length]: [number]) => length > 500)).toEqual(
        Array.from({ length: 6 }, () => [20_000, true]),
      )
    })
  })

  describe('the branch', () => {
    it('follows a newer export as long as nothing was said here', async () => {
      const id = await begin({ externalId: 'thread' })
      const message = (n: number) => ({
        externalId: `m${n}`,
        role: 'user',
        at: `2020-01-01T00:00:0${n}Z`,
        content: `text ${n}`,
        ...(n === 0 ? {} : { parentExternalId: `m${n - 1}` }),
      })
      const append = (...ns: number[]) =>
        call('conversation.append', { id, messages: ns.map(message), currentLeaf: `m${ns.at(-1)}` })
      await append(0, 1)
      await append(0, 1, 2)
      expect(await spoken(id)).toEqual(['text 0', 'text 1', 'text 2'])
      const { reply } = await call('conversation.send', { id, content: 'Said here.' })
      await append(0, 1, 2, 3)
      expect(await spoken(id)).toEqual(['text 0', 'text 1', 'text 2', 'Said here.', reply.content])
    })
  })
})
