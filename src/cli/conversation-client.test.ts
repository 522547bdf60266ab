import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../test/support/found-town.ts'
import { operationsAs } from '../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { ConversationClient } from './conversation-client.ts'

const { signal } = new AbortController()

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const client = (person: Person) =>
    new ConversationClient({
      call: ({ operation, input, idempotencyKey }) =>
        as(person)(operation, input as Record<string, unknown>, idempotencyKey),
    })

  it("goes on in the person's own conversation, not in one of others that they see", async () => {
    const own = await client(town.member).begin('robbie-f', signal)
    const open = { personality: 'robbie-f', privacy: 'public', interface: 'cli' }
    const { id } = await as(town.owner)('conversation.create', open)
    await as(town.owner)('conversation.send', { id, content: 'Changed last.' })
    expect((await client(town.member).latest('robbie-f', signal))?.id).toBe(own.id)
    expect(await client(town.other).latest('robbie-f', signal)).toBeNull()
    const { items } = await as(town.member)('conversation.list', { personality: 'robbie-f' })
    expect(items.map((item: { id: string; createdBy: string }) => [item.id, item.createdBy])).toEqual([
      [id, town.owner.userId],
      [own.id, town.member.userId],
    ])
  })

  it('has a line stored once for each key', async () => {
    const { id } = await client(town.member).begin('kristina', signal)
    const line = { id, content: 'Once.', key: 'line' }
    const first = await client(town.member).send(line, { signal, onText: () => undefined })
    expect(await client(town.member).send(line, { signal, onText: () => undefined })).toEqual(first)
    expect((await client(town.member).conversation(id, signal)).messageCount).toBe(2)
  })
})
