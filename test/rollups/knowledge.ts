import { createHash } from 'node:crypto'

import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { privacyOf, type Part, type World } from './world.ts'

const MODEL = 'counted'
const TEXTS = 12
const hashOf = (n: number) =>
  createHash('sha256')
    .update(`text ${n % TEXTS}`)
    .digest('hex')

/** How often knowledge is used, what collections and documents hold, and how often vectors are asked for. */
export const knowledge: Part = {
  refusals: ['CHUNK_ORDINAL_TAKEN', 'COLLECTION_ITEM_TAKEN', 'DOCUMENT_DOUBLE'],
  async prepare(world) {
    await world.owner('search.models.create', { name: MODEL, provider: 'here', dimensions: 2 })
  },
  steps: {
    async learn(die, call, world) {
      if (world.known('articles').length > 60) return
      const { id } = await call('knowledge.articles.create', {
        title: `Article ${die.a}`,
        topic: 'counting',
        content: 'One, two, three.',
        privacy: privacyOf(die),
      })
      world.know('articles', id)
    },
    async use({ a, b }, call, world) {
      const id = world.some('articles', a)
      await call('knowledge.use', { id, isHelpful: b % 2 === 0 })
      world.tally(`use of ${id}`)
      if (b % 2 === 0) world.tally(`help of ${id}`)
    },
    rewrite: ({ a, b }, call, world) =>
      call('knowledge.articles.update', { id: world.some('articles', a), content: `Version ${b}.` }),
    async collect(die, call, world) {
      if (world.known('collections').length > 20) return
      const { id } = await call('knowledge.collections.create', {
        name: `Collection ${die.a}`,
        privacy: privacyOf(die),
      })
      world.know('collections', id)
    },
    async store(die, call, world) {
      const { id } = await call('knowledge.documents.store', {
        title: `Document ${die.a}`,
        fileHash: createHash('sha256')
          .update(`file ${die.a % 400}`)
          .digest('hex'),
        privacy: privacyOf(die),
        ...(die.b % 3 ? { collectionId: world.some('collections', die.b) } : {}),
        chunks: Array.from({ length: 1 + (die.c % 4) }, (_, n) => ({ content: `Passage ${n}.` })),
      })
      world.know('documents', id)
      const chunks = await world.test.query<Value>(
        `select id from knowledge.chunks where document_id = '${id}'`,
      )
      world.know('chunks', ...chunks.map((chunk) => chunk.id))
    },
    addChunk: ({ a, b }, call, world) =>
      call('knowledge.chunks.create', {
        documentId: world.some('documents', a),
        ordinal: b % 12,
        content: 'One more.',
      }),
    dropChunk: ({ a }, call, world) => call('knowledge.chunks.delete', { id: world.some('chunks', a) }),
    move: ({ a, b }, call, world) =>
      call('knowledge.documents.update', {
        id: world.some('documents', a),
        collectionId: b % 4 === 0 ? null : world.some('collections', b),
      }),
    dropDocument: ({ a }, call, world) =>
      call('knowledge.documents.delete', { id: world.some('documents', a) }),
    gather: ({ a, b }, call, world) =>
      call('knowledge.items.create', {
        collectionId: world.some('collections', a),
        chunkId: world.some('chunks', b),
      }),
    keepVector: ({ a, b }, call) =>
      call('search.embeddings.put', { model: MODEL, items: [{ hash: hashOf(a), vector: [b, 1] }] }),
    async takeVectors({ a, b }, call, world) {
      const hashes = [...new Set([hashOf(a), hashOf(b)])]
      const { items } = await call('search.embeddings.take', { model: MODEL, hashes })
      world.tally('hits', items.length)
    },
  },
  async compare(world, viewer) {
    const articles = await viewer.rows('knowledge.knowledge_base')
    for (const { id } of articles) {
      expect(await viewer.call('knowledge.articles.get', { id }), viewer.name).toMatchObject({
        accessCount: world.tally(`use of ${id}`, 0),
        helpfulCount: world.tally(`help of ${id}`, 0),
      })
    }
    await compareHits(world)
    const documents = await viewer.rows('knowledge.documents')
    const items = await viewer.rows('knowledge.collection_items')
    for (const { id } of await viewer.rows('knowledge.collections')) {
      expect(await viewer.call('knowledge.collections.get', { id }), viewer.name).toMatchObject({
        documentCount: documents.filter((each) => each.collection_id === id).length,
        itemCount: items.filter((each) => each.collection_id === id).length,
      })
    }
    const chunks = await viewer.rows('knowledge.chunks')
    const shown = await viewer.call('knowledge.documents.list', { limit: 100 })
    expect(shown.items.length).toBe(Math.min(100, documents.length))
    for (const { id, chunkCount } of shown.items) {
      expect(chunkCount, viewer.name).toBe(chunks.filter((chunk) => chunk.document_id === id).length)
    }
  },
}

async function compareHits(world: World): Promise<void> {
  const [row] = await world.test.query<{ hits: number }>(
    `select coalesce(sum(hit_count), 0)::integer as hits from search.embedding_cache where town_id = '${world.town.id}'`,
  )
  expect(row!.hits).toBe(world.tally('hits', 0))
}
