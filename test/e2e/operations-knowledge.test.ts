import { createHash } from 'node:crypto'

import { describe, expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

eachBackend((backend) => {
  const stage = useStage(backend)
  const make = (operation: string, input: Record<string, unknown>) => stage().http().call(operation, input)
  const article = (more: Record<string, unknown> = {}) =>
    make('knowledge.articles.create', { title: 'Tea', topic: 'drinks', content: 'Four minutes.', ...more })

  describe('knowledge', () => {
    provesOnEachDoor('knowledge.documents.store', 'keeps a document with its chunks, once', async (name) => {
      const input = {
        title: 'A report',
        fileHash: hashOf(name),
        chunks: [{ content: 'One, "two".', page: 1 }, { content: 'Three.' }],
      }
      const door = await stage().door(name)
      const stored = await door.call('knowledge.documents.store', input)
      expect(stored).toMatchObject({ isNew: true, chunkCount: 2 })
      expect(await door.call('knowledge.documents.store', input)).toEqual({ ...stored, isNew: false })
      const { items } = await make('knowledge.chunks.list', { documentId: stored.id })
      expect(items.map((item: Value) => item.content).toSorted()).toEqual(['One, "two".', 'Three.'])
    })

    provesOnEachDoor('knowledge.verify', 'keeps who verified an article', async (name) => {
      const { id } = await article()
      const verified = await (await stage().door(name)).call('knowledge.verify', { id })
      expect(verified).toMatchObject({ id, isVerified: true, verifiedBy: stage().owner.userId, version: 2 })
      expect((await make('knowledge.articles.get', { id })).verifiedAt).toBe(verified.verifiedAt)
    })

    provesOnEachDoor('knowledge.use', 'counts that an article was used', async (name) => {
      const { id } = await article()
      const used = await (await stage().door(name)).call('knowledge.use', { id, isHelpful: true })
      expect(used).toEqual({ id, accessCount: 1, helpfulCount: 1 })
    })
  })

  describe('search', () => {
    provesOnEachDoor('search.find', 'finds things of every kind, and keeps the search', async (name) => {
      const word = `pemmican${name}`
      const { id } = await article({ content: `All about ${word}.` })
      const { searchId, items } = await (await stage().door(name)).call('search.find', { q: word })
      expect(items).toMatchObject([{ kind: 'article', id }])
      expect(await make('search.history.get', { id: searchId })).toMatchObject({
        query: word,
        resultIds: [id],
      })
    })

    const keep = async (name: string) => {
      const model = `model of ${name}`
      const known = await make('search.models.list', { name: model })
      if (known.items.length === 0) {
        await make('search.models.create', { name: model, provider: 'local', dimensions: 2 })
      }
      return { model, items: [{ hash: hashOf(name), vector: [0.5, -1] }] }
    }

    provesOnEachDoor('search.embeddings.put', 'keeps vectors', async (name) => {
      const kept = await keep(name)
      expect(await (await stage().door(name)).call('search.embeddings.put', kept)).toEqual({ count: 1 })
    })

    provesOnEachDoor('search.embeddings.take', 'answers with the vectors that are kept', async (name) => {
      const { model, items } = await keep(name)
      await make('search.embeddings.put', { model, items })
      const door = await stage().door(name)
      const hashes = [hashOf(name), hashOf('another')]
      expect(await door.call('search.embeddings.take', { model, hashes })).toEqual({ items })
    })
  })
})
