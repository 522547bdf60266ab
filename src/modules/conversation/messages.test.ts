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
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const begin = (person: Person, privacy = 'team') =>
    as(person)('conversation.create', { personality: 'kristina', privacy })
  const say = async (person: Person, id: string, content: string) =>
    as(person)('conversation.send', { id, content })
  const recalled = async (q: string): Promise<string[]> =>
    (await as(town.owner)('memory.recall', { q, kinds: ['message'] })).items.map((item: Value) => item.id)
  const contextOf = async (id: string) =>
    JSON.stringify(await as(town.owner)('conversation.context', { id, format: 'openai' }))

  describe('an edit', () => {
    it('changes what is read, found and sent to a model, and keeps the former text', async () => {
      const { id } = await begin(town.owner)
      const { userMessage } = await say(town.owner, id, 'The walrus arrives on Monday.')
      const edited = await as(town.owner)('conversation.messages.edit', {
        id: userMessage.id,
        content: 'The narwhal arrives on Tuesday.',
      })
      expect(edited).toMatchObject({ content: 'The narwhal arrives on Tuesday.', deletedAt: null })
      expect(edited.editedAt).not.toBeNull()
      expect(await recalled('walrus')).toEqual([])
      expect(await recalled('narwhal')).toEqual([userMessage.id])
      expect(await contextOf(id)).toContain('narwhal')
      const { items } = await as(town.guest)('conversation.messages.history', { id: userMessage.id }).catch(
        () => ({ items: 'hidden' }),
      )
      expect(items).toBe('hidden')
      const history = await as(town.member)('conversation.messages.history', { id: userMessage.id })
      expect(history.items).toMatchObject([
        { change: 'edited', content: 'The walrus arrives on Monday.', changedBy: town.owner.userId },
      ])
    })

    it('is for whoever said it, and for nothing that a model said', async () => {
      const { id } = await begin(town.owner)
      const { userMessage, reply } = await say(town.member, id, 'Mine to change.')
      const edit = (person: Person, message: string) =>
        codeOf(as(person)('conversation.messages.edit', { id: message, content: 'Other words.' }))
      expect(await edit(town.owner, userMessage.id)).toBe('FORBIDDEN')
      expect(await edit(town.other, userMessage.id)).toBe('FORBIDDEN')
      expect(await edit(town.member, reply.id)).toBe('MESSAGE_NOT_EDITABLE')
      expect(await edit(town.member, userMessage.id)).toBe('success')
      const secret = await begin(town.member, 'private')
      const said = await say(town.member, secret.id, 'Nobody reads this.')
      expect(await edit(town.owner, said.userMessage.id)).toBe('MESSAGE_NOT_FOUND')
      await as(town.member)('conversation.archive', { id: secret.id })
      expect(await edit(town.member, said.userMessage.id)).toBe('CONVERSATION_ARCHIVED')
    })
  })

  describe('a deletion', () => {
    it('hides the text everywhere, and keeps that something was said', async () => {
      const { id } = await begin(town.owner)
      const { userMessage } = await say(town.owner, id, 'An ocelot in the attic.')
      await as(town.owner)('conversation.messages.edit', { id: userMessage.id, content: 'Ocelot gone.' })
      await as(town.owner)('conversation.messages.delete', { id: userMessage.id })
      const { items } = await as(town.member)('conversation.messages', { id })
      expect(items[0]).toMatchObject({ id: userMessage.id, content: '', tokenCount: 0 })
      expect(items[0].deletedAt).not.toBeNull()
      expect(items).toHaveLength(2)
      expect(await recalled('ocelot')).toEqual([])
      expect(await contextOf(id)).not.toContain('celot')
      const history = await as(town.owner)('conversation.messages.history', { id: userMessage.id })
      expect(history.items.map((item: Value) => [item.change, item.content])).toEqual([
        ['deleted', null],
        ['edited', null],
      ])
      const again = as(town.owner)('conversation.messages.delete', { id: userMessage.id })
      expect(await codeOf(again)).toBe('MESSAGE_DELETED')
    })

    it('is for who said it, whose conversation it is, and admins', async () => {
      const { id } = await begin(town.member)
      const remove = async (person: Person) => {
        const { userMessage } = await say(town.other, id, 'Said by Otto.')
        return codeOf(as(person)('conversation.messages.delete', { id: userMessage.id }))
      }
      expect(await remove(town.other)).toBe('success')
      expect(await remove(town.member)).toBe('success')
      expect(await remove(town.owner)).toBe('success')
      expect(await remove(town.guest)).toBe('FORBIDDEN')
      const mine = await begin(town.owner)
      const { userMessage } = await say(town.owner, mine.id, 'Said by the owner.')
      expect(await codeOf(as(town.member)('conversation.messages.delete', { id: userMessage.id }))).toBe(
        'FORBIDDEN',
      )
    })
  })

  it('carries pins, flags and everybody’s reactions', async () => {
    const { id } = await begin(town.owner)
    const { userMessage } = await say(town.owner, id, 'Ship it.')
    const call = (person: Person, verb: string, more = {}) =>
      as(person)(`conversation.messages.${verb}`, { id: userMessage.id, ...more })
    await call(town.owner, 'react', { reaction: '👍' })
    await call(town.member, 'react', { reaction: '👍' })
    await call(town.member, 'react', { reaction: 'wow' })
    const both = await call(town.member, 'react', { reaction: '👍' })
    expect(both.reactions['👍'].toSorted()).toEqual([town.owner.userId, town.member.userId].toSorted())
    const one = await call(town.owner, 'react', { reaction: '👍', isOn: false })
    expect(one.reactions['👍']).toEqual([town.member.userId])
    expect(await call(town.member, 'pin')).toMatchObject({ isPinned: true })
    expect(await call(town.member, 'pin', { isPinned: false })).toMatchObject({ isPinned: false })
    const flagged = await call(town.member, 'flag', { reason: 'Not true.' })
    expect(flagged).toMatchObject({ isFlagged: true, flagReason: 'Not true.' })
    expect(await call(town.owner, 'flag', { isFlagged: false })).toMatchObject({
      isFlagged: false,
      flagReason: null,
    })
    const kinds = await test.query<Value>(
      `select kind from journal.events where entity_id = $1 order by seq`,
      [userMessage.id],
    )
    expect(kinds.map((row) => row.kind)).toEqual([
      'message.created',
      ...Array.from({ length: 4 }, () => 'message.reacted'),
      'message.pinned',
      'message.pinned',
      'message.flagged',
      'message.flagged',
    ])
  })

  it('changes title, tags, importance and type of a conversation, once for each version', async () => {
    const { id, version } = await begin(town.owner)
    const change = { id, version, title: 'Renamed', tags: ['a'], importance: 9, type: 'support' }
    const changed = await as(town.member)('conversation.update', change)
    expect(changed).toMatchObject({ ...change, version: version + 1 })
    expect(await codeOf(as(town.owner)('conversation.update', change))).toBe('CONVERSATION_VERSION_STALE')
  })
})
