import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { foundTown, type Person, type Town } from '../support/found-town.ts'
import { operationsAs, vault, type Value } from '../support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { hashRequest } from '../../src/modules/journal/index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)

  it('gives no kept reply to a key with other limits, which might not have been given it', async () => {
    const made: Value = await as(town.owner)('identity.keys.create', {
      name: 'kristina alone',
      personalities: ['kristina'],
    })
    const limited = { ...town.owner, key: made.key, keyId: made.id }
    const input = { content: 'A secret of Robbie.', personality: 'robbie-f' }
    const kept = await as(town.owner)('memory.remember', input, 'once')
    await expect(as(limited)('memory.remember', input, 'once')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(await as(town.owner)('memory.remember', input, 'once')).toEqual(kept)
    const other: Value = await as(town.owner)('identity.keys.create', { name: 'as free' })
    const free = { ...town.owner, key: other.key, keyId: other.id }
    expect(await as(free)('memory.remember', input, 'once')).toEqual(kept)
  })

  it('keeps of a request what nobody can try out who has not the key of the vault', async () => {
    await as(town.member)('identity.me.update', { phone: '1234' }, 'guess me')
    const [row] = await test.query<Value>(
      `select request_hash from journal.idempotency_keys where key = $1`,
      ['guess me'],
    )
    const limits = { operations: null, personalities: null, isOwn: true }
    const asked = { operation: 'identity.me.update', limits, input: { phone: '1234' } }
    expect(row.request_hash).toBe(hashRequest(vault, asked))
  })
})
