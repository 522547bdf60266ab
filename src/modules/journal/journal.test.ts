import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../../kernel/ids.ts'
import { createVault } from '../../kernel/vault.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, stoppedClock } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { expectWholeJournal, findBrokenAudit } from '../../../test/e2e/journal-check.ts'
import {
  claimKey,
  erase,
  hashRequest,
  lockReply,
  readEvents,
  readHead,
  record,
  storePrepared,
  storeReply,
} from './index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { withPersonas: false })
    abroad = await foundTown(test, { slug: 'abroad', withPersonas: false })
  })
  afterAll(() => test.drop())

  const change = (entityId: string, more = {}) => ({
    kind: 'thing.changed',
    entityKind: 'thing',
    entityId,
    privacy: 'private' as const,
    ...more,
  })
  const recordOne = (person: Person, entityId = newId(), more = {}) =>
    actIn(test, person, (ctx) => record(ctx, change(entityId, more)))

  describe('journal.record', () => {
    it('numbers without a gap under many transactions, some of which roll back', async () => {
      const before = await actAs(test, town.owner, readHead)
      const done = await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) =>
          actIn(test, n % 2 ? town.owner : town.member, async (ctx) => {
            await record(ctx, change(newId()))
            if (n % 5 === 0) throw new Error('changed its mind')
            await record(ctx, change(newId(), { privacy: 'public' }))
          }),
        ),
      )
      expect(done.filter((item) => item.status === 'rejected')).toHaveLength(8)
      expect(await actAs(test, town.owner, readHead)).toBe(before + 64)
      await expectWholeJournal(test.query)
    })

    it('counts each town for itself', async () => {
      const here = await actAs(test, town.owner, readHead)
      await recordOne(abroad.owner)
      expect(await actAs(test, town.owner, readHead)).toBe(here)
      await recordOne(town.owner)
      expect(await actAs(test, town.owner, readHead)).toBe(here + 1)
    })

    it('takes town and person from who acts, and refuses where nobody does', async () => {
      const id = newId()
      await recordOne(town.member, id, { after: { a: 1 } })
      const [row] = await test.query(
        `select e.town_id, e.user_id, e.created_by, a.key_id, a.after, a.before, length(a.salt) as salt
         from journal.events e join journal.audit_log a on a.town_id = e.town_id and a.id = e.id where e.entity_id = $1`,
        [id],
      )
      const { userId, keyId } = town.member
      expect(row).toEqual({
        town_id: town.id,
        user_id: userId,
        created_by: userId,
        key_id: keyId,
        after: { a: 1 },
        before: null,
        salt: 32,
      })
      const nobody = test.database.transaction('write', (tx) =>
        sql`select journal.record(${newId()}, now(), 'o', 'k', 'e', ${newId()}, 'public', '{}', null, null, '{"requestId": "r"}')`.execute(
          tx,
        ),
      )
      await expect(nobody).rejects.toThrow()
    })

    it('chains alike for any instant, value and session', async () => {
      const instants = [
        '0001-01-01T00:00:00Z',
        '1969-12-31T23:59:59.999Z',
        '2026-03-29T01:30:00.123Z',
        '9999-12-31T23:59:59.999Z',
      ]
      for (const at of instants) {
        await actIn(
          test,
          town.owner,
          (ctx) => record(ctx, change(newId(), { before: { 'ä"\\': [1e100, null] }, after: {} })),
          { clock: stoppedClock(at) },
        )
      }
      await expectWholeJournal(test.query)
    })
  })

  describe('journal.erase', () => {
    it('takes values and salts away for good, and the chain still verifies', async () => {
      const [id, kept] = [newId(), newId()]
      for (const each of [id, kept])
        await recordOne(town.owner, each, { payload: { p: 1 }, before: { v: 'old' }, after: { v: 'new' } })
      await actIn(test, town.owner, async (ctx) => {
        const { id: claimed } = await claimKey(ctx, { key: `k${id}`, hash: 'h' })
        await storeReply(ctx, claimed, { id, text: 'new' })
      })
      await actAs(test, town.owner, (tx) => erase(tx, [id]))
      const rows = await test.query(
        `select e.payload, a.before, a.after, a.salt is null as gone from journal.events e
         join journal.audit_log a on a.town_id = e.town_id and a.id = e.id where e.entity_id = any ($1) order by e.seq`,
        [[id, kept]],
      )
      expect(rows).toEqual([
        { payload: {}, before: null, after: null, gone: true },
        { payload: { p: 1 }, before: { v: 'old' }, after: { v: 'new' }, gone: false },
      ])
      const key = `k${id}`
      expect(
        await test.query('select state, prepared, reply from journal.idempotency_keys where key = $1', [key]),
      ).toEqual([{ state: 'erased', prepared: null, reply: null }])
      // The request was carried out: it must not be once more.
      const again = actIn(test, town.owner, (ctx) => claimKey(ctx, { key, hash: 'h' }))
      await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_REPLY_ERASED', status: 409 })
      expect(await findBrokenAudit(test.query)).toEqual([])
    })

    it('reaches nothing of another town', async () => {
      const id = newId()
      await recordOne(abroad.owner, id, { after: { v: 'theirs' } })
      await actAs(test, town.owner, (tx) => erase(tx, [id]))
      expect(await test.query('select after from journal.audit_log where entity_id = $1', [id])).toEqual([
        { after: { v: 'theirs' } },
      ])
    })
  })

  describe('the stream', () => {
    it('shows hidden events as bare numbers, in pieces of any size', async () => {
      const start = await actAs(test, town.owner, readHead)
      for (const privacy of ['public', 'private', 'team', 'boss_only', 'public'])
        await recordOne(town.owner, newId(), { privacy })
      const seen = (person: Person, afterSeq: number, limit: number) =>
        actAs(test, person, (tx, actor) => readEvents(tx, actor.townId, { afterSeq, limit }), 'read')
      const shape = async (person: Person) =>
        (await seen(person, start, 50)).map(({ seq, event }) => [seq - start, event !== null])
      expect(await shape(town.owner)).toEqual([
        [1, true],
        [2, true],
        [3, true],
        [4, true],
        [5, true],
      ])
      expect(await shape(town.member)).toEqual([
        [1, true],
        [2, false],
        [3, true],
        [4, false],
        [5, true],
      ])
      expect(await shape(town.guest)).toEqual([
        [1, true],
        [2, false],
        [3, false],
        [4, false],
        [5, true],
      ])
      const pieces = [
        ...(await seen(town.guest, start, 2)),
        ...(await seen(town.guest, start + 2, 2)),
        ...(await seen(town.guest, start + 4, 2)),
      ]
      expect(pieces).toEqual(await seen(town.guest, start, 5))
      expect(await seen(town.owner, start + 5, 10)).toEqual([])
      expect(await seen(town.owner, start + 500, 10)).toEqual([])
    })
  })

  describe('idempotency keys', () => {
    const claim = (person: Person, key: string, hash = 'h', clock = stoppedClock('2026-03-01T00:00:00Z')) =>
      actIn(test, person, (ctx) => claimKey(ctx, { key, hash }), { clock })

    it('gives the claim to one, what was prepared to the next, and the reply from then on', async () => {
      const first = await claim(town.owner, 'steps')
      expect(first).toEqual({ id: first.id })
      await actIn(test, town.owner, (ctx) => storePrepared(ctx, first.id, { step: 1 }))
      expect(await claim(town.owner, 'steps')).toEqual({ id: first.id, prepared: { step: 1 } })
      expect(await actIn(test, town.owner, (ctx) => lockReply(ctx, first.id))).toBeNull()
      await actIn(test, town.owner, (ctx) => storeReply(ctx, first.id, { b: 1, a: [null, 'ü'] }))
      const repeated = await claim(town.owner, 'steps')
      expect(JSON.stringify(repeated)).toContain('{"b":1,"a":[null,"ü"]}')
    })

    it('belongs to one person of one town', async () => {
      const ids = [
        await claim(town.owner, 'shared'),
        await claim(town.member, 'shared'),
        await claim(abroad.owner, 'shared'),
      ]
      expect(new Set(ids.map(({ id }) => id)).size).toBe(3)
      await expect(claim(town.owner, 'shared', 'another request')).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      })
    })

    it('is swept after a day by the next request of the same person', async () => {
      const { id } = await claim(town.other, 'old')
      await claim(town.other, 'young', 'h', stoppedClock('2026-03-01T23:00:00Z'))
      await claim(town.other, 'next', 'h', stoppedClock('2026-03-02T00:00:01Z'))
      const kept = await test.query<{ key: string }>(
        'select key from journal.idempotency_keys where created_by = $1 order by key',
        [town.other.userId],
      )
      expect(kept.map(({ key }) => key)).toEqual(['next', 'young'])
      expect((await claim(town.other, 'old', 'another', stoppedClock('2026-03-02T00:00:02Z'))).id).not.toBe(
        id,
      )
    })

    it('hashes equal requests alike and unequal ones apart', () => {
      const vaultOf = (byte: number) => createVault(() => Buffer.alloc(32, byte))
      const vault = vaultOf(1)
      const asked = { operation: 'a.b', limits: null, input: { x: 1, y: { p: [1, 2], q: null } } }
      const hash = hashRequest(vault, asked)
      expect(hashRequest(vault, { ...asked, input: { y: { q: null, p: [1, 2] }, x: 1 } })).toBe(hash)
      for (const input of [
        { x: 1 },
        { x: 1, y: { p: [2, 1], q: null } },
        { x: '1', y: { p: [1, 2], q: null } },
      ]) {
        expect(hashRequest(vault, { ...asked, input })).not.toBe(hash)
      }
      expect(hashRequest(vault, { ...asked, operation: 'a.c' })).not.toBe(hash)
      expect(hashRequest(vault, { ...asked, limits: ['robbie-f'] })).not.toBe(hash)
      expect(hashRequest(vaultOf(2), asked)).not.toBe(hash)
    })
  })
})
