import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, addMember, foundTown, type Town } from '../../../test/support/found-town.ts'
import { operationsAs } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { listKeys, revokeKey } from './identity.queries.ts'
import { listMembers } from './members.queries.ts'
import {
  authenticate,
  authorize,
  findOwner,
  hashKey,
  insertKey,
  insertOwner,
  isLiveKey,
  listTownAdmins,
  makeKey,
} from './index.ts'

const now = new Date('2026-03-01T12:00:00Z')
const page = { after: undefined, limit: 100 }

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

  const settings = async (tx: Tx) => {
    const names = [
      'app.town_id',
      'app.user_id',
      'app.key_id',
      'app.clearance',
      'app.town_ids',
      'app.organization_ids',
    ]
    const result = await sql<{
      value: string | null
    }>`select current_setting(name, true) as value from unnest(${names}::text[]) name`.execute(tx)
    return result.rows.map((row) => row.value)
  }

  describe('authenticate', () => {
    const enter = (credential: Parameters<typeof authenticate>[1], at = now) =>
      test.database.transaction('write', async (tx) => {
        const actor = await authenticate(tx, credential, at)
        return { actor, settings: await settings(tx) }
      })

    it('enters the town of the key as its person, with rights by role', async () => {
      const expected = [
        { person: town.owner, role: 'admin', clearance: 'boss', attractionCeiling: 11 },
        { person: town.member, role: 'user', clearance: 'member', attractionCeiling: 7 },
        { person: town.guest, role: 'readonly', clearance: 'guest', attractionCeiling: 7 },
      ]
      for (const { person, ...rights } of expected) {
        const { actor, settings: set } = await enter({ kind: 'key', key: person.key })
        expect(actor).toMatchObject({
          userId: person.userId,
          townId: town.id,
          keyId: person.keyId,
          ...rights,
        })
        expect(set.slice(0, 4)).toEqual([town.id, person.userId, person.keyId, rights.clearance])
        expect(set[4]).toBe(town.id)
      }
    })

    it('gives whoever owns the organization that owns the town the clearance of a boss', async () => {
      const person = await addMember(test, { town, name: 'Director', role: 'readonly' })
      const [organization] = await test.query<{ organization_id: string }>(
        'select organization_id from town.organization_towns where town_id = $1',
        [town.id],
      )
      await test.query(
        `insert into identity.organization_members (organization_id, user_id, role, created_at) values ($1, $2, 'admin', $3)`,
        [organization!.organization_id, person.userId, now],
      )
      expect((await enter({ kind: 'key', key: person.key })).actor).toMatchObject({
        role: 'readonly',
        clearance: 'boss',
      })
      await test.query(`update identity.organization_members set role = 'contractor' where user_id = $1`, [
        person.userId,
      ])
      expect((await enter({ kind: 'key', key: person.key })).actor.clearance).toBe('guest')
    })

    it('takes a person to the town they name, by slug or id, else to their first, and to no other', async () => {
      const person = (named: string | null) =>
        enter({ kind: 'person', userId: town.owner.userId, town: named })
      for (const named of [null, 'home', town.id]) expect((await person(named)).actor.townId).toBe(town.id)
      for (const named of ['abroad', abroad.id, 'nowhere', '']) {
        await expect(person(named), named).rejects.toMatchObject({ code: 'NO_TOWN' })
      }
      await expect(enter({ kind: 'person', userId: newId(), town: null })).rejects.toMatchObject({
        code: 'NO_TOWN',
      })
    })

    it('refuses keys that are no good, and a key whose person left the town', async () => {
      await expect(enter(null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      await expect(enter({ kind: 'key', key: 'rv_none' })).rejects.toMatchObject({ code: 'API_KEY_UNKNOWN' })
      await expect(enter({ kind: 'key', key: town.owner.key, town: 'abroad' })).rejects.toMatchObject({
        code: 'NO_TOWN',
      })
      const leaver = await addMember(test, { town, name: 'Leaver', role: 'user' })
      await test.query('update identity.api_keys set expires_at = $2 where id = $1', [leaver.keyId, now])
      const key = { kind: 'key' as const, key: leaver.key }
      await expect(enter(key)).rejects.toMatchObject({ code: 'API_KEY_EXPIRED' })
      expect((await enter(key, new Date(now.getTime() - 1))).actor.userId).toBe(leaver.userId)
      await test.query('delete from identity.town_members where user_id = $1', [leaver.userId])
      await expect(enter(key, new Date(0))).rejects.toMatchObject({ code: 'API_KEY_UNKNOWN' })
    })

    it('leaves no setting behind for the next transaction', async () => {
      await enter({ kind: 'key', key: town.owner.key })
      const after = await test.database.transaction('read', settings)
      expect(after.filter(Boolean)).toEqual([])
    })
  })

  describe('functions that read sealed tables', () => {
    it('answer nothing where no town was entered', async () => {
      await test.database.transaction('read', async (tx) => {
        expect(await listKeys(tx, page)).toEqual([])
        expect(await listMembers(tx, page)).toEqual([])
        expect(await isLiveKey(tx, hashKey(town.owner.key), now)).toBe(false)
        expect((await tx.selectFrom('towns').selectAll().execute()).length).toBe(0)
        expect((await tx.selectFrom('users').selectAll().execute()).length).toBe(0)
      })
      const revoked = await test.database.transaction('write', (tx) => revokeKey(tx, town.owner.keyId, now))
      expect(revoked).toBeUndefined()
    })

    it('keep to the town that was entered', async () => {
      await actAs(test, abroad.owner, async (tx) => {
        const members = await listMembers(tx, page)
        expect(members.map((row) => row.user_id)).not.toContain(town.member.userId)
        const keys = await listKeys(tx, page)
        expect(keys.map((row) => row.id)).toEqual(
          expect.arrayContaining([abroad.owner.keyId, abroad.guest.keyId]),
        )
        expect(keys.map((row) => row.id)).not.toContain(town.owner.keyId)
        expect(await revokeKey(tx, town.member.keyId, now)).toBeUndefined()
        expect(await isLiveKey(tx, hashKey(town.owner.key), now)).toBe(false)
        const people = await tx.selectFrom('users').select('id').execute()
        expect(people.map((row) => row.id)).not.toContain(town.member.userId)
        expect(await tx.selectFrom('towns').select('slug').execute()).toEqual([{ slug: 'abroad' }])
      })
    })

    it('let a member handle their own keys alone', async () => {
      await actAs(test, town.member, async (tx) => {
        expect((await listKeys(tx, page)).map((row) => row.user_id)).toEqual([town.member.userId])
        expect(await revokeKey(tx, town.other.keyId, now)).toBeUndefined()
        const { prefix, hash } = makeKey()
        const row = {
          id: newId(),
          user_id: town.member.userId,
          name: 'n',
          prefix,
          operations: null,
          personalities: null,
          created_at: now,
          expires_at: null,
        }
        await insertKey(tx, row, hash)
        expect(await isLiveKey(tx, hash, now)).toBe(true)
        expect(await revokeKey(tx, row.id, now)).toEqual(now)
        expect(await revokeKey(tx, row.id, new Date())).toEqual(now)
        expect(await isLiveKey(tx, hash, now)).toBe(false)
      })
    })

    it('are the only way: the tables themselves are refused', async () => {
      for (const table of [
        'town_members',
        'former_members',
        'organization_members',
        'api_keys',
        'sessions',
        'accounts',
        'verifications',
      ]) {
        const read = actAs(test, town.owner, (tx) => sql.raw(`select 1 from identity.${table}`).execute(tx))
        await expect(read, table).rejects.toMatchObject({ code: '42501' })
      }
      for (const change of [
        `update identity.users set name = 'x'`,
        `delete from town.towns`,
        `insert into town.organization_towns select * from town.organization_towns`,
      ]) {
        await expect(
          actAs(test, town.owner, (tx) => sql.raw(change).execute(tx)),
          change,
        ).rejects.toMatchObject({ code: '42501' })
      }
      for (const call of [
        'identity.enter_town(null, null, null, null)',
        `journal.audit_hash('', 1, now(), null, '', null, '')`,
      ]) {
        await expect(
          actAs(test, town.owner, (tx) => sql.raw(`select ${call}`).execute(tx)),
          call,
        ).rejects.toMatchObject({ code: '42501' })
      }
    })
  })

  describe('the first owner', () => {
    it('is made once', async () => {
      const owner = await test.database.transaction('read', findOwner)
      expect(owner).toBe(town.owner.userId)
      const second = test.database.transaction('write', (tx) =>
        insertOwner(tx, {
          userId: newId(),
          organizationId: newId(),
          name: 'Second',
          email: 's@example.org',
          timeZone: 'UTC',
          createdAt: now,
        }),
      )
      await expect(second).rejects.toMatchObject({ code: '23505', constraint: 'users_email_idx' })
    })

    it('is unique by address whatever its case', async () => {
      const insert = (email: string) =>
        test.query(
          `insert into identity.users (id, name, email, created_at, updated_at) values ($1, 'x', $2, $3, $3)`,
          [newId(), email, now],
        )
      await insert('Ada@Example.org')
      await expect(insert('ada@example.ORG')).rejects.toThrow(/users_email_idx/)
    })

    it('lists every town with its first admin', async () => {
      const admins = await test.database.transaction('read', listTownAdmins)
      expect(admins).toEqual(
        expect.arrayContaining([
          { town_id: town.id, user_id: town.owner.userId },
          { town_id: abroad.id, user_id: abroad.owner.userId },
        ]),
      )
      expect(admins).toHaveLength(2)
    })
  })

  describe('scopes', () => {
    const operation = (id: string, access: 'readonly' | 'user' | 'admin' = 'readonly') =>
      ({ id, access }) as never
    const actor = (operations: string[] | null, role = 'user') => ({ operations, role }) as never

    it('match an operation, a whole module, or everything', () => {
      authorize(actor(null), operation('memory.recall'))
      authorize(actor(['memory.recall']), operation('memory.recall'))
      authorize(actor(['memory.*']), operation('memory.recall'))
      authorize(actor(['identity.*']), operation('identity.keys.create'))
      for (const scopes of [[], ['memory.rec'], ['mem.*'], ['*'], ['memory'], ['persona.*']]) {
        expect(() => authorize(actor(scopes), operation('memory.recall'))).toThrow(
          expect.objectContaining({ code: 'KEY_SCOPE' }),
        )
      }
      expect(() => authorize(actor(['memory.*'], 'readonly'), operation('memory.forget', 'user'))).toThrow(
        expect.objectContaining({ code: 'FORBIDDEN' }),
      )
    })

    it('accept a sub-module in the scopes of a new key as far as it is ever matched', async () => {
      const call = operationsAs(test, town.owner)
      const { key } = await call('identity.keys.create', { name: 'sub', operations: ['identity.keys.*'] })
      const limited = operationsAs(test, { ...town.owner, key })
      await limited('identity.keys.list')
      await expect(limited('identity.whoami')).rejects.toMatchObject({ code: 'KEY_SCOPE' })
    })
  })
})
