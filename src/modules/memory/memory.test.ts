import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { addMember, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { giveKey } from '../../../test/e2e/people.ts'

const START = '2026-03-01T12:00:00.000Z'
const LATER = '2026-03-02T12:00:00.000Z'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  const clock = stoppedClock(START)
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { now: new Date(START) })
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person, clock)
  const recall = async (person: Person, q: string) =>
    (await as(person)('memory.recall', { q })).items.map((item: Value) => item.content)

  describe('a memory that ends', () => {
    it('is recalled while it holds, and listed after that', async () => {
      clock.set(START)
      const call = as(town.owner)
      const { id } = await call('memory.remember', {
        content: 'The otter stays until March.',
        validTo: LATER,
      })
      expect(await recall(town.owner, 'otter')).toEqual(['The otter stays until March.'])
      clock.set(LATER)
      expect(await recall(town.owner, 'otter')).toEqual([])
      expect((await call('memory.get', { id })).id).toBe(id)
      expect((await call('memory.list')).items.map((item: Value) => item.id)).toContain(id)
      await call('memory.update', { id, validTo: null })
      expect(await recall(town.owner, 'otter')).toEqual(['The otter stays until March.'])
    })

    it('is shown no more once it has expired, and forgotten by the next command', async () => {
      clock.set(START)
      const call = as(town.owner)
      const { id } = await call('memory.remember', {
        content: 'The code of the vault is pangolin.',
        expiresAt: LATER,
        privacy: 'team',
      })
      const { id: conversation } = await as(town.member)('conversation.create', { personality: 'robbie-f' })
      const ask = { id: conversation, content: 'The vault?' }
      expect((await as(town.member)('conversation.send', ask)).reply.content).toContain('pangolin')
      clock.set(LATER)
      expect(await recall(town.owner, 'pangolin')).toEqual([])
      expect((await call('memory.list', { limit: 100 })).items.map((item: Value) => item.id)).not.toContain(
        id,
      )
      const gone = { code: 'MEMORY_NOT_FOUND' }
      await expect(call('memory.get', { id })).rejects.toMatchObject(gone)
      await expect(call('memory.update', { id, expiresAt: null })).rejects.toMatchObject(gone)
      expect(await test.query('select id from memory.ai_memories where id = $1', [id])).toHaveLength(1)

      await as(town.member)('memory.remember', { content: 'Something else.' })
      expect(await test.query('select id from memory.ai_memories where id = $1', [id])).toEqual([])
      expect(await test.query('select id from search.search_index where source_id = $1', [id])).toEqual([])
      const texts = await test.query(
        `select content from conversation.messages where position('pangolin' in content) > 0`,
      )
      expect(texts).toEqual([])
      expect(
        await test.query(`select kind, payload from journal.events where entity_id = $1 order by seq`, [id]),
      ).toEqual([
        { kind: 'memory.created', payload: {} },
        { kind: 'memory.forgotten', payload: { hasExpired: true } },
      ])
    })

    it('is forgotten in what those had of it who left since', async () => {
      clock.set(START)
      const leaver = await addMember(test, { town, name: 'Leaver', role: 'user' })
      const { id } = await as(town.owner)('memory.remember', {
        content: 'The numbat knows the way.',
        privacy: 'team',
      })
      const { id: conversation } = await as(leaver)('conversation.create', { personality: 'robbie-f' })
      const ask = { id: conversation, content: 'The numbat?' }
      expect((await as(leaver)('conversation.send', ask)).reply.content).toContain('knows the way')
      await as(leaver)('memory.recall', { q: 'numbat' })
      await as(leaver)('memory.update', { id, importance: 9 }, 'numbat kept')
      await as(town.owner)('identity.members.remove', { id: leaver.userId })
      await as(town.owner)('memory.forget', { id })
      expect(
        await test.query(
          `select 1 from conversation.messages where position('knows the way' in content) > 0`,
        ),
      ).toEqual([])
      expect(
        await test.query(`select state, reply from journal.idempotency_keys where key = 'numbat kept'`),
      ).toEqual([{ state: 'erased', reply: null }])
    })

    it('is not recalled before it holds', async () => {
      clock.set(START)
      const call = as(town.owner)
      await call('memory.remember', { content: 'The stoat moves in.', validFrom: LATER })
      expect(await recall(town.owner, 'stoat')).toEqual([])
      const { id } = await call('conversation.create', { personality: 'robbie-f' })
      const { reply } = await call('conversation.send', { id, content: 'What of the stoat?' })
      expect(reply.content).not.toContain('moves in')
      clock.set(LATER)
      expect(await recall(town.owner, 'stoat moves')).toContain('The stoat moves in.')
    })

    it('is ended by whoever made it and by bosses alone, as it is forgotten', async () => {
      clock.set(START)
      const call = as(town.member)
      const made = { content: 'The safe is in the cellar.', privacy: 'team', expiresAt: LATER }
      const { id } = await call('memory.remember', made)
      const denied = { code: 'FORBIDDEN', status: 403 }
      for (const expiresAt of [START, '2026-03-03T12:00:00.000Z', null]) {
        await expect(as(town.other)('memory.update', { id, expiresAt })).rejects.toMatchObject(denied)
      }
      const corrected = { id, content: 'The safe is in the attic.', expiresAt: LATER }
      expect(await as(town.other)('memory.update', corrected)).toMatchObject({ version: 2 })
      expect((await as(town.owner)('memory.update', { id, expiresAt: null })).expiresAt).toBeNull()
      expect((await call('memory.update', { id, expiresAt: LATER })).expiresAt).toBe(LATER)
    })

    it('can be forgotten before the next command comes', async () => {
      clock.set(START)
      const call = as(town.owner)
      const { id } = await call('memory.remember', { content: 'Soon gone.', expiresAt: LATER })
      clock.set(LATER)
      expect(await call('memory.forget', { id })).toEqual({ id, forgotten: true })
      expect(await test.query('select id from memory.ai_memories where id = $1', [id])).toEqual([])
    })
  })

  describe('forgetting', () => {
    it('leaves the keys of requests whose answers it erased: they are not carried out again', async () => {
      const call = as(town.owner)
      const remember = () => call('memory.remember', { content: 'The ibex is shy.' }, 'ibex')
      const { id } = await remember()
      const { id: conversation } = await call('conversation.create', { personality: 'robbie-f' })
      const send = () => call('conversation.send', { id: conversation, content: 'An ibex?' }, 'ibex sent')
      await send()
      await call('memory.forget', { id }, 'ibex forgotten')
      const erased = { code: 'IDEMPOTENCY_REPLY_ERASED', status: 409 }
      await expect(remember()).rejects.toMatchObject(erased)
      await expect(send()).rejects.toMatchObject(erased)
      expect(await recall(town.owner, 'ibex')).toEqual(['An ibex?'])
      expect((await call('conversation.get', { id: conversation })).messageCount).toBe(2)
      expect(await call('memory.forget', { id }, 'ibex forgotten')).toEqual({ id, forgotten: true })
    })

    it('finds the quote of a long text again, however it was cut', async () => {
      const call = as(town.owner)
      const texts = [
        `The tapir${' '.repeat(600)}sleeps.`,
        `A tapir ${'eats '.repeat(200)}`,
        'tapir\n\ttracks',
      ]
      const ids: string[] = []
      for (const content of texts) ids.push((await call('memory.remember', { content })).id)
      const { id: conversation } = await call('conversation.create', { personality: 'robbie-f' })
      const { reply } = await call('conversation.send', { id: conversation, content: 'Any tapir?' })
      expect(reply.content.match(/tapir/g)).toHaveLength(3)
      for (const id of ids) await call('memory.forget', { id })
      const { items } = await call('conversation.messages', { id: conversation })
      expect(items[1].content).not.toContain('tapir')
    })

    it('leaves nothing behind when replies that quote it are stored at the same time', async () => {
      const [call, ofMember] = [as(town.owner), as(town.member)]
      const { id: own } = await call('conversation.create', { personality: 'robbie-f' })
      const { id: foreign } = await ofMember('conversation.create', { personality: 'robbie-f' })
      for (let round = 0; round < 15; round++) {
        const made = { content: `The axolotl of round ${round} is called Xochitl.`, privacy: 'team' }
        const { id } = await call('memory.remember', made)
        const content = `Which axolotl of round ${round}?`
        const pause = new Promise((resolve) => setTimeout(resolve, round * 2))
        await Promise.all([
          call('conversation.send', { id: own, content }, `axolotl ${round}`),
          call('conversation.send', { id: own, content }),
          ofMember('conversation.send', { id: foreign, content }, `axolotl ${round}`),
          pause.then(() => call('memory.forget', { id })),
        ])
      }
      for (const table of ['conversation.messages', 'journal.idempotency_keys', 'search.search_index']) {
        const rows = await test.query(
          `select t::text from ${table} t where position('Xochitl' in t::text) > 0`,
        )
        expect(rows, table).toEqual([])
      }
    })

    it('is for whoever made the memory, and for bosses', async () => {
      const made = { content: 'The team has a lemur.', privacy: 'team' }
      const { id, createdBy } = await as(town.member)('memory.remember', made)
      expect(createdBy).toBe(town.member.userId)
      await expect(as(town.other)('memory.forget', { id })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        status: 403,
      })
      expect(await recall(town.other, 'lemur')).toEqual([made.content])
      expect(await as(town.member)('memory.forget', { id })).toEqual({ id, forgotten: true })
      const { id: another } = await as(town.member)('memory.remember', made)
      expect(await as(town.owner)('memory.forget', { id: another })).toEqual({ id: another, forgotten: true })
    })
  })

  it('is not recalled by a kind that nothing is of, and says which kinds there are', async () => {
    const asked = as(town.owner)('memory.recall', { q: 'otter', kinds: ['memory', 'otters'] })
    await expect(asked).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'kinds.1', message: expect.stringMatching(/"contact"\|.*"memory"\|"message"/) }],
    })
    await as(town.owner)('crm.contacts.create', { firstName: 'Otterly' })
    const found = await as(town.owner)('memory.recall', { q: 'Otterly', kinds: ['contact', 'message'] })
    expect(found.items.map((item: Value) => item.kind)).toEqual(['contact'])
  })

  describe('a key that is made for one personality', () => {
    it('gets no conversation of another by its externalId, and rests no memory on its messages', async () => {
      const key = await giveKey(test.query, town.owner, { personalities: ['robbie-m'] })
      const other = { personality: 'steve-jobs', externalId: 'thread-of-steve' }
      const { id } = await as(town.owner)('conversation.create', other)
      const { userMessage } = await as(town.owner)('conversation.send', { id, content: 'Secret plan.' })
      await expect(
        as(key)('conversation.create', { ...other, personality: 'robbie-m' }),
      ).rejects.toMatchObject({ code: 'KEY_PERSONALITY' })
      const resting = (messageId: string) => ({
        content: 'A plan.',
        evidence: [{ quote: 'plan', messageId }],
      })
      await expect(as(key)('memory.remember', resting(userMessage.id))).rejects.toMatchObject({
        code: 'MEMORY_EVIDENCE_UNKNOWN',
      })
      const own = await as(key)('conversation.create', { personality: 'robbie-m' })
      const said = await as(key)('conversation.send', { id: own.id, content: 'Our plan.' })
      expect((await as(key)('memory.remember', resting(said.userMessage.id))).evidence).toHaveLength(1)
    })
  })
})
