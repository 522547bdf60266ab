import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let channel: string
  const as = (person: Person) => operationsAs(test, person)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const only = async (answer: Promise<Value>) => Object.values((await answer).ids)[0] as string
  const say = (ts: string, more: Value = {}) => ({
    externalId: ts,
    channelId: channel,
    content: `Message ${ts}`,
    postedAt: new Date(Number(ts) * 1000).toISOString(),
    ...more,
  })
  const keep = (items: Value[], person = town.member) => as(person)('slack.messages.upsert', { items })
  const list = async (input: Value, person = town.member) =>
    (await as(person)('slack.messages.list', input)).items as Value[]

  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    const workspaces = as(town.member)('slack.workspaces.upsert', {
      items: [{ externalId: 'T1', name: 'Guild' }],
    })
    const workspaceId = await only(workspaces)
    const channels = [{ externalId: 'C1', workspaceId, name: 'general' }]
    channel = await only(as(town.member)('slack.channels.upsert', { items: channels }))
  })
  afterAll(() => test.drop())

  describe('slack messages', () => {
    it('are found as a thread: the first one and its answers, newest first', async () => {
      await keep([
        say('1700000000.000100', { threadTs: '1700000000.000100', replyCount: 2 }),
        say('1700000001.000100', { threadTs: '1700000000.000100' }),
        say('1700000002.000100', { threadTs: '1700000000.000100', reactions: { eyes: ['U1'] } }),
        say('1700000003.000100'),
      ])
      const thread = await list({ channelId: channel, threadTs: '1700000000.000100' })
      expect(thread.map((message) => message.externalId)).toEqual([
        '1700000002.000100',
        '1700000001.000100',
        '1700000000.000100',
      ])
      expect(thread[0]!.reactions).toEqual({ eyes: ['U1'] })
    })

    it('are private to whoever keeps them unless the bulk says otherwise', async () => {
      const open = say('1700000010.000100', { privacy: 'team', content: 'A lantern for all' })
      await keep([open, say('1700000011.000100', { content: 'A lantern of mine' })])
      const found = async (person: Person) =>
        (await as(person)('slack.messages.search', { q: 'lantern' })).items.map(
          ({ item }: Value) => item.content,
        )
      expect((await found(town.member)).toSorted()).toEqual(['A lantern for all', 'A lantern of mine'])
      expect(await found(town.other)).toEqual(['A lantern for all'])
      expect(await found(town.guest)).toEqual([])
    })

    it('keep what their reader holds of them when they are edited, and stay unfound once deleted', async () => {
      const message = say('1700000020.000100', { content: 'Please send the ledger' })
      const id = await only(keep([message]))
      const marks = { requiresAction: true, isImportant: true, sentiment: 'neutral' }
      expect(await as(town.member)('slack.mark_message', { id, ...marks })).toMatchObject(marks)
      expect((await list({ requiresAction: true })).map((each) => each.id)).toEqual([id])
      const editedAt = '2026-01-01T00:00:00.000Z'
      await keep([{ ...message, content: 'Please send the ledgers', editedAt }])
      expect(await as(town.member)('slack.messages.get', { id })).toMatchObject({ ...marks, editedAt })
      const finds = async () =>
        (await as(town.member)('slack.messages.search', { q: 'ledger' })).items.length as number
      expect(await finds()).toBe(1)
      await keep([{ ...message, deletedAt: editedAt }])
      expect(await finds()).toBe(0)
      expect(await as(town.member)('slack.messages.get', { id })).toMatchObject({ deletedAt: editedAt })
    })

    it('are marked by whoever may see them', async () => {
      const id = await only(keep([say('1700000030.000100')]))
      const input = { id, isImportant: true }
      expect(await codeOf(as(town.other)('slack.mark_message', input))).toBe('RESOURCE_NOT_FOUND')
      expect(await codeOf(as(town.guest)('slack.mark_message', input))).toBe('FORBIDDEN')
    })
  })
})
