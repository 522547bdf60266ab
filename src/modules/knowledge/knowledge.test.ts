import { createHash } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { giveKey } from '../../../test/e2e/people.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

const START = '2026-03-01T12:00:00.000Z'
const LATER = '2026-03-02T12:00:00.000Z'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  const clock = stoppedClock(START)
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { now: new Date(START) })
    abroad = await foundTown(test, { slug: 'abroad', now: new Date(START) })
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person, clock)
  const code = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const passages = (words: string) => [
    { content: `First the ${words}.`, heading: 'Beginning', page: 1, startOffset: 0, endOffset: 20 },
    { content: `Then more of the ${words}.` },
  ]
  const found = async (person: Person, q: string) =>
    (await as(person)('knowledge.chunks.search', { q })).items
      .map(({ item }: Value) => item.ordinal)
      .toSorted()

  describe('a document with its chunks', () => {
    it('is ready at once, its chunks in their order with their tokens, and found by their words', async () => {
      const stored = await as(town.member)('knowledge.documents.store', {
        title: 'On walruses',
        fileHash: hashOf('walrus'),
        chunks: passages('walrus'),
      })
      expect(stored).toMatchObject({ isNew: true, chunkCount: 2 })
      expect(await as(town.other)('knowledge.documents.get', { id: stored.id })).toMatchObject({
        title: 'On walruses',
        status: 'ready',
        processedAt: START,
        chunkCount: 2,
      })
      const { items } = await as(town.other)('knowledge.chunks.list', {
        documentId: stored.id,
        sort: 'ordinal',
      })
      expect(items).toMatchObject([
        { ordinal: 0, heading: 'Beginning', page: 1, startOffset: 0, endOffset: 20, tokenCount: 5 },
        { ordinal: 1, heading: null, page: null, tokenCount: 7 },
      ])
      expect(await found(town.other, 'walrus')).toEqual([0, 1])
      expect(await found(abroad.owner, 'walrus')).toEqual([])
    })

    it('is kept once for each file in a town', async () => {
      const input = { title: 'Twice', fileHash: hashOf('twice'), chunks: passages('ibex') }
      const first = await as(town.member)('knowledge.documents.store', input)
      const again = await as(town.other)('knowledge.documents.store', { ...input, chunks: passages('yak') })
      expect(again).toEqual({ ...first, isNew: false })
      expect(await found(town.member, 'yak')).toEqual([])
      const single = { title: 'x', fileHash: hashOf('twice') }
      expect(await code(as(town.other)('knowledge.documents.create', single))).toBe('DOCUMENT_DOUBLE')
      expect(await as(abroad.owner)('knowledge.documents.store', input)).toMatchObject({ isNew: true })
    })

    it('lends its chunks its privacy, also when that changes, and takes them along when it goes', async () => {
      const { id } = await as(town.member)('knowledge.documents.store', {
        title: 'Secret',
        chunks: passages('quokka'),
      })
      await as(town.other)('knowledge.chunks.create', {
        documentId: id,
        ordinal: 2,
        content: 'A quokka of the other.',
      })
      expect(await found(town.other, 'quokka')).toEqual([0, 1, 2])
      await as(town.member)('knowledge.documents.update', { id, privacy: 'private' })
      expect(await found(town.other, 'quokka')).toEqual([])
      expect((await as(town.other)('knowledge.chunks.list', { documentId: id })).items).toEqual([])
      expect(await found(town.member, 'quokka')).toEqual([0, 1, 2])
      await as(town.member)('knowledge.documents.delete', { id })
      expect(await found(town.member, 'quokka')).toEqual([])
      const left = await test.query(`select from search.search_index where position('quokka' in content) > 0`)
      expect(left).toEqual([])
    })

    it('refuses chunks that end before they begin, and two at one place', async () => {
      const chunk = { content: 'x', startOffset: 5, endOffset: 4 }
      const whole = { title: 'x', chunks: [chunk] }
      expect(await code(as(town.member)('knowledge.documents.store', whole))).toBe('INVALID_INPUT')
      const { id } = await as(town.member)('knowledge.documents.create', { title: 'x' })
      const call = as(town.member)
      const one = { documentId: id, ordinal: 0, content: 'x' }
      expect(await code(call('knowledge.chunks.create', { ...one, ...chunk }))).toBe('CHUNK_OFFSETS')
      await call('knowledge.chunks.create', one)
      expect(await code(call('knowledge.chunks.create', one))).toBe('CHUNK_ORDINAL_TAKEN')
    })
  })

  describe('a collection', () => {
    it('counts its documents and the chunks it gathers, each once', async () => {
      const call = as(town.member)
      const { id } = await call('knowledge.collections.create', { name: 'Animals' })
      const document = await call('knowledge.documents.store', {
        title: 'On emus',
        collectionId: id,
        chunks: passages('emu'),
      })
      const { items } = await call('knowledge.chunks.list', { documentId: document.id })
      const item = { collectionId: id, chunkId: items[0].id, notes: 'the best of it' }
      const gathered = await call('knowledge.items.create', item)
      expect(await code(call('knowledge.items.create', item))).toBe('COLLECTION_ITEM_TAKEN')
      const counts = { documentCount: 1, itemCount: 1 }
      expect(await call('knowledge.collections.get', { id })).toMatchObject(counts)
      expect(await code(call('knowledge.collections.delete', { id }))).toBe('RESOURCE_IN_USE')
      await call('knowledge.items.delete', { id: gathered.id })
      await call('knowledge.documents.delete', { id: document.id })
      expect(await call('knowledge.collections.get', { id })).toMatchObject({
        documentCount: 0,
        itemCount: 0,
      })
    })

    it('loses nothing that its owner gathered because somebody else removes what it is from', async () => {
      const document = await as(town.member)('knowledge.documents.store', {
        title: 'On bilbies',
        chunks: passages('bilby'),
      })
      const { items } = await as(town.other)('knowledge.chunks.list', { documentId: document.id })
      const own = await as(town.other)('knowledge.collections.create', { name: 'Own', privacy: 'private' })
      const item = await as(town.other)('knowledge.items.create', {
        collectionId: own.id,
        chunkId: items[0].id,
        notes: 'my thoughts',
      })
      const remove = (what: string, id: string) => code(as(town.member)(`knowledge.${what}.delete`, { id }))
      expect(await remove('documents', document.id)).toBe('RESOURCE_IN_USE')
      expect(await remove('chunks', items[0].id)).toBe('RESOURCE_IN_USE')
      expect(await as(town.other)('knowledge.items.get', { id: item.id })).toMatchObject({
        notes: 'my thoughts',
      })
      expect(await found(town.member, 'bilby')).toEqual([0, 1])
      await as(town.other)('knowledge.items.delete', { id: item.id })
      expect(await remove('documents', document.id)).toBe('success')
    })
  })

  describe('an article', () => {
    it('is verified until its words change', async () => {
      const call = as(town.member)
      const article = { title: 'Emus', topic: 'birds', content: 'They run.', externalId: 'wiki:emu' }
      const { id } = await call('knowledge.articles.create', article)
      const shown = () => call('knowledge.articles.get', { id })
      expect(await shown()).toMatchObject({ isVerified: false, verifiedBy: null, verifiedAt: null })
      expect(await as(town.other)('knowledge.verify', { id })).toEqual({
        id,
        isVerified: true,
        verifiedBy: town.other.userId,
        verifiedAt: START,
        version: 2,
      })
      await call('knowledge.articles.update', { id, importance: 9 })
      expect(await shown()).toMatchObject({ isVerified: true, verifiedBy: town.other.userId })
      const changed = await call('knowledge.articles.update', { id, content: 'They run fast.' })
      expect(changed).toMatchObject({ isVerified: false, verifiedBy: null, verifiedAt: null })
      await call('knowledge.verify', { id })
      await call('knowledge.articles.upsert', { items: [{ ...article, content: 'They fly.' }] })
      expect(await shown()).toMatchObject({ isVerified: false })
      await call('knowledge.verify', { id })
      expect(await call('knowledge.verify', { id, isVerified: false })).toMatchObject({ verifiedBy: null })
      expect(await code(as(abroad.owner)('knowledge.verify', { id }))).toBe('RESOURCE_NOT_FOUND')
    })

    it('counts how often it was used and helped, under its version', async () => {
      const article = { title: 'Rheas', topic: 'birds', content: 'They run too.' }
      const { id } = await as(town.member)('knowledge.articles.create', article)
      await as(town.member)('knowledge.use', { id })
      const used = await as(town.other)('knowledge.use', { id, isHelpful: true })
      expect(used).toEqual({ id, accessCount: 2, helpfulCount: 1 })
      expect(await as(town.member)('knowledge.articles.get', { id })).toMatchObject({
        accessCount: 2,
        helpfulCount: 1,
        lastAccessedAt: START,
        version: 1,
      })
    })

    it('is found no more once it has expired', async () => {
      const article = { title: 'Moas', topic: 'birds', content: 'They ran.', expiresAt: LATER }
      await as(town.member)('knowledge.articles.create', article)
      const titles = async () =>
        (await as(town.member)('knowledge.articles.search', { q: 'moas' })).items.length
      expect(await titles()).toBe(1)
      clock.set(LATER)
      expect(await titles()).toBe(0)
      clock.set(START)
    })
  })

  describe('a search', () => {
    it('finds things of every kind, and stands in the history of whoever made it alone', async () => {
      const call = as(town.member)
      const words = { title: 'Narwhals', content: 'A narwhal has a tooth.' }
      const article = await call('knowledge.articles.create', { ...words, topic: 'sea' })
      const note = await call('memory.notes.create', { ...words, category: 'intel' })
      const { searchId, items } = await call('search.find', { q: 'narwhal' })
      expect(items.map((item: Value) => item.id).toSorted()).toEqual([article.id, note.id].toSorted())
      expect(items[0].reasons.join(' ')).toContain('narwhal')
      const kept = await call('search.history.get', { id: searchId })
      expect(kept).toMatchObject({
        query: 'narwhal',
        searchType: 'keyword',
        resultIds: items.map((item: Value) => item.id),
        resultCount: 2,
        feedback: null,
        privacy: 'private',
      })
      await call('search.history.update', { id: searchId, feedback: 'helpful' })
      const listed = await call('search.history.list', { feedback: 'helpful' })
      expect(listed.items.map((item: Value) => item.id)).toEqual([searchId])
      expect(await code(as(town.owner)('search.history.get', { id: searchId }))).toBe('RESOURCE_NOT_FOUND')
      const robbie = await giveKey(test.query, town.member, { personalities: ['robbie-m'] })
      await call('memory.remember', { content: 'Of the narwhal.', personality: 'robbie-f' })
      expect((await call('search.find', { q: 'narwhal' })).items).toHaveLength(3)
      const limited = await as(robbie)('search.find', { q: 'narwhal' })
      expect(limited.items.map((item: Value) => item.kind).toSorted()).toEqual(['article', 'note'])
      const narrow = await call('search.find', { q: 'narwhal', kinds: ['article'] })
      expect(narrow.items.map((item: Value) => item.id)).toEqual([article.id])
    })
  })

  describe('the vector of a text', () => {
    it('is kept under its model for whoever has the text, and counts its hits', async () => {
      await as(town.owner)('search.models.create', { name: 'tiny', provider: 'local', dimensions: 3 })
      const [one, two] = [hashOf('one'), hashOf('two')]
      const items = [
        { hash: one, vector: [0.1, -2, 3e-9] },
        { hash: two, vector: [1, 2, 3] },
      ]
      const call = as(town.member)
      expect(await call('search.embeddings.put', { model: 'tiny', items })).toEqual({ count: 2 })
      const take = (person: Person, hashes: string[]) =>
        as(person)('search.embeddings.take', { model: 'tiny', hashes })
      expect((await take(town.member, [two, hashOf('three'), one])).items).toEqual(items.toReversed())
      expect((await take(town.other, [one])).items).toEqual([])
      const newer = { hash: one, vector: [7, 7, 7] }
      await call('search.embeddings.put', { model: 'tiny', items: [newer], expiresAt: LATER })
      expect((await take(town.member, [one])).items).toEqual([newer])
      const hits = await test.query(
        'select hit_count from search.embedding_cache where town_id = $1 order by content_hash = $2 desc',
        [town.id, one],
      )
      expect(hits).toEqual([{ hit_count: 2 }, { hit_count: 1 }])
      clock.set(LATER)
      expect((await take(town.member, [one, two])).items).toEqual([items[1]])
      clock.set(START)
    })

    it('stays, and keeps its model, whoever would remove that', async () => {
      const model = { name: 'kept', provider: 'local', dimensions: 1 }
      const { id } = await as(town.owner)('search.models.create', model)
      const items = [{ hash: hashOf('kept'), vector: [4] }]
      await as(town.other)('search.embeddings.put', { model: 'kept', items })
      expect(await code(as(town.member)('search.models.delete', { id }))).toBe('FORBIDDEN')
      expect(await code(as(town.owner)('search.models.delete', { id }))).toBe('EMBEDDING_MODEL_USED')
      const asked = { model: 'kept', hashes: [hashOf('kept')] }
      expect(await as(town.other)('search.embeddings.take', asked)).toEqual({ items })
    })

    it('has the dimensions of its model, which must be there', async () => {
      await as(town.owner)('search.models.create', { name: 'flat', provider: 'local', dimensions: 2 })
      const items = [{ hash: hashOf('x'), vector: [1, 2, 3] }]
      const put = (model: string) => code(as(town.member)('search.embeddings.put', { model, items }))
      expect(await put('flat')).toBe('EMBEDDING_DIMENSIONS')
      expect(await put('none')).toBe('EMBEDDING_MODEL_UNKNOWN')
      const again = { name: 'flat', provider: 'local', dimensions: 2 }
      expect(await code(as(town.owner)('search.models.create', again))).toBe('EMBEDDING_MODEL_TAKEN')
    })
  })
})
