import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { proves } from './proves.ts'
import { useStage } from './stage.ts'

type Item = { externalId?: string; parentExternalId?: string; role?: string; at?: string; content?: string }

eachBackend((backend) => {
  const stage = useStage(backend)
  const begin = async (more = {}) =>
    (
      await stage()
        .http()
        .call('conversation.create', { personality: 'robbie-m', ...more })
    ).id as string
  const append = (id: string, messages: Item[], more = {}) =>
    stage()
      .http()
      .call('conversation.append', {
        id,
        messages: messages.map((item, index) => ({
          role: 'user',
          at: new Date(Date.UTC(2020, 0, 1, 0, index)).toISOString(),
          content: `text of ${item.externalId}`,
          ...item,
        })),
        ...more,
      })
  const read = async (id: string) =>
    (await stage().http().call('conversation.messages', { id, limit: 100 })).items
  const spoken = async (id: string, budget = 100_000) => {
    const { parts } = await stage().http().call('conversation.context', { id, budget })
    return parts.filter((part: Value) => part.kind === 'message').map((part: Value) => part.content)
  }

  describe('history from elsewhere', () => {
    proves(
      'history.idempotent',
      'adds what is new of overlapping batches, also when two arrive at once',
      async () => {
        const id = await begin()
        const all = Array.from({ length: 30 }, (_, n) => ({
          externalId: `e${n}`,
          at: `2020-01-01T00:00:${String(n).padStart(2, '0')}Z`,
        }))
        expect(await append(id, all.slice(0, 10))).toMatchObject({ added: 10, alreadyThere: 0 })
        expect(await append(id, all.slice(5, 15))).toMatchObject({ added: 5, alreadyThere: 5 })
        const rivals = await Promise.all([append(id, all), append(id, all), append(id, all.toReversed())])
        expect(rivals.map((answer) => answer.added).toSorted((a, b) => a - b)).toEqual([0, 0, 15])
        const items = await read(id)
        expect(items.map((item: Value) => item.externalId)).toEqual(all.map((item) => item.externalId))
        expect(await stage().http().call('conversation.get', { id })).toMatchObject({ messageCount: 30 })
      },
    )

    it('counts a message that stands twice in one batch once', async () => {
      const id = await begin()
      const twice = [
        { externalId: 'same', content: 'first' },
        { externalId: 'same', content: 'second' },
      ]
      expect(await append(id, twice)).toMatchObject({ added: 1, alreadyThere: 1 })
      expect((await read(id)).map((item: Value) => item.content)).toEqual(['first'])
    })

    it('keeps each conversation to its own external ids, and finds an imported conversation again', async () => {
      const first = await begin({ externalId: 'thread-1' })
      const second = await begin()
      await append(first, [{ externalId: 'x' }])
      expect(await append(second, [{ externalId: 'x' }])).toMatchObject({ added: 1 })
      expect(await begin({ externalId: 'thread-1' })).toBe(first)
    })

    it('is recalled like anything that was said here', async () => {
      const id = await begin()
      await append(id, [{ externalId: 'r', role: 'assistant', content: 'The zucchini harvest failed.' }])
      const { items } = await stage().http().call('memory.recall', { q: 'zucchini' })
      expect(items.map((item: Value) => [item.conversationId, item.content])).toEqual([
        [id, 'The zucchini harvest failed.'],
      ])
    })
  })

  describe('branches', () => {
    const tree = [
      { externalId: 'root' },
      { externalId: 'a1', parentExternalId: 'root', role: 'assistant' },
      { externalId: 'a2', parentExternalId: 'a1' },
      { externalId: 'b1', parentExternalId: 'root', role: 'assistant' },
      { externalId: 'b2', parentExternalId: 'b1' },
    ]
    const text = (...names: string[]) => names.map((name) => `text of ${name}`)

    proves('history.branches', 'keeps all branches and follows the one the person is on', async () => {
      const http = stage().http()
      const id = await begin()
      await append(id, tree, { currentLeaf: 'b2' })
      expect((await read(id)).map((item: Value) => item.content)).toEqual(
        text('root', 'a1', 'a2', 'b1', 'b2'),
      )
      expect(await spoken(id)).toEqual(text('root', 'b1', 'b2'))
      expect(await append(id, [tree[0]!], { currentLeaf: 'a2' })).toMatchObject({ added: 0, alreadyThere: 1 })
      expect(await spoken(id)).toEqual(text('root', 'a1', 'a2'))
      const { userMessage, reply } = await http.call('conversation.send', { id, content: 'And now?' })
      const parent = (await read(id)).find((item: Value) => item.externalId === 'a2')
      expect(userMessage.parentId).toBe(parent.id)
      expect(await spoken(id)).toEqual([...text('root', 'a1', 'a2'), 'And now?', reply.content])
      // Whoever went on here is not taken back by what was said elsewhere.
      await append(id, [{ externalId: 'b3', parentExternalId: 'b2' }], { currentLeaf: 'b3' })
      expect(await spoken(id)).toEqual([...text('root', 'a1', 'a2'), 'And now?', reply.content])
      expect(await read(id)).toHaveLength(8)
    })

    it('stays with all that was said where nothing branches and the person went on here', async () => {
      const id = await begin()
      await append(id, [tree[0]!])
      const { reply } = await stage().http().call('conversation.send', { id, content: 'And now?' })
      await append(id, tree.slice(0, 2), { currentLeaf: 'a1' })
      expect(await spoken(id)).toEqual([...text('root', 'a1'), 'And now?', reply.content])
    })

    it('takes parents that come later in the batch or came in an earlier one', async () => {
      const id = await begin()
      await append(id, tree.toReversed().slice(0, 2).concat(tree[0]!))
      await append(id, [tree[1]!, { externalId: 'b3', parentExternalId: 'b2' }], { currentLeaf: 'b3' })
      expect(await spoken(id)).toEqual(text('root', 'b1', 'b2', 'b3'))
    })

    it('refuses a parent that is nowhere, with nothing of the batch kept', async () => {
      const id = await begin()
      await append(id, [{ externalId: 'there' }])
      const bad = [
        { messages: [{ externalId: 'n', parentExternalId: 'nowhere' }] },
        { messages: [{ externalId: 'n' }], currentLeaf: 'nowhere' },
      ]
      for (const { messages, ...more } of bad) {
        await expect(append(id, messages, more)).rejects.toMatchObject({
          problem: { code: 'PARENT_NOT_FOUND', status: 422 },
        })
      }
      expect(await read(id)).toHaveLength(1)
    })

    it('refuses messages that follow themselves', async () => {
      const id = await begin()
      const circles = [
        [{ externalId: 'self', parentExternalId: 'self' }],
        [
          { externalId: 'x', parentExternalId: 'z' },
          { externalId: 'y', parentExternalId: 'x' },
          { externalId: 'z', parentExternalId: 'y' },
        ],
      ]
      for (const circle of circles) {
        await expect(append(id, circle)).rejects.toMatchObject({
          problem: { code: 'PARENT_CIRCLE', status: 422 },
        })
      }
      expect(await read(id)).toEqual([])
    })
  })
})
