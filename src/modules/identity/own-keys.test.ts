import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { addMember, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'
import { inTown } from './index.ts'

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
  const as = (person: Person) => operationsAs(test, person)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const emailOf = async (person: Person) => (await as(person)('identity.me')).email as string
  const addNew = async (email: string, role = 'user') => {
    const { member, apiKey } = await as(town.owner)('identity.members.add', { email, name: 'New', role })
    const first: Person = { userId: member.userId, keyId: apiKey.id, key: apiKey.key, townId: town.id }
    return { first, apiKey }
  }

  describe('adding a member', () => {
    const keyCount = async () =>
      (await test.query<{ count: number }>('select count(*)::integer as count from identity.api_keys'))[0]!
        .count

    it('gives nobody a key that acts as a person of another town', async () => {
      const before = await keyCount()
      for (const person of [town.owner, town.member, town.guest]) {
        const email = (await emailOf(person)).toUpperCase()
        const add = as(abroad.owner)('identity.members.add', { email, name: 'x' })
        expect(await codeOf(add)).toBe('MEMBER_ELSEWHERE')
      }
      const own = as(abroad.owner)('identity.members.add', { email: await emailOf(abroad.guest), name: 'x' })
      expect(await codeOf(own)).toBe('MEMBER_ALREADY')
      expect(await keyCount()).toBe(before)
    })

    it('lets nobody in who took an address before the person it belongs to', async () => {
      const email = 'chief@corp.example'
      await as(abroad.other)('identity.me.update', { email })
      const add = as(town.owner)('identity.members.add', { email, name: 'Chief', role: 'admin' })
      expect(await codeOf(add)).toBe('MEMBER_ELSEWHERE')
      const { invitation } = await as(town.owner)('identity.invitations.create', { email, role: 'admin' })
      for (const token of [invitation.id, `rvi_${invitation.id}`]) {
        const accept = as(abroad.other)('identity.invitations.accept', { token })
        expect(await codeOf(accept)).toBe('INVITATION_NOT_FOUND')
      }
      const enter = as(abroad.other)('identity.keys.create', { name: 'x', town: town.slug })
      expect(await codeOf(enter)).toBe('NO_TOWN')
      const { items } = await as(town.owner)('identity.members', { limit: 100 })
      expect(items.map((item: Value) => item.userId)).not.toContain(abroad.other.userId)
    })

    it('takes back who left every town, signed in nowhere', async () => {
      const { first } = await addNew('leaver@example.org')
      await as(town.owner)('identity.members.remove', { id: first.userId })
      await test.query(
        `insert into identity.sessions (id, user_id, token, expires_at, created_at, updated_at)
         values ($1, $2, 'late', now() + interval '1 day', now(), now())`,
        [newId(), first.userId],
      )
      const add = (by: Person) =>
        as(by)('identity.members.add', { email: 'Leaver@example.org', name: 'Other', role: 'readonly' })
      const { member } = await add(abroad.owner)
      expect(member).toMatchObject({ userId: first.userId, name: 'New', role: 'readonly' })
      expect(await test.query(`select 1 from identity.sessions where token = 'late'`)).toEqual([])
      expect(await codeOf(add(town.owner))).toBe('MEMBER_ELSEWHERE')
      await as(abroad.owner)('identity.members.remove', { id: first.userId })
      await test.query(
        `insert into identity.organization_members (organization_id, user_id, role, created_at)
         select organization_id, $1, 'owner', now() from identity.organization_members limit 1`,
        [first.userId],
      )
      expect(await codeOf(add(abroad.owner))).toBe('MEMBER_ELSEWHERE')
    })
  })

  describe('a key that somebody else issued', () => {
    it('says who issued it, and works in its town', async () => {
      const { first, apiKey } = await addNew('worker@example.org')
      expect(apiKey.issuedBy).toBe(town.owner.userId)
      await as(first)('memory.remember', { content: 'Works.' })
      const { items } = await as(first)('identity.keys.list')
      expect(items).toMatchObject([{ id: apiKey.id, issuedBy: town.owner.userId }])
      const own = await as(town.member)('identity.keys.create', { name: 'own' })
      expect(own.issuedBy).toBe(town.member.userId)
    })

    it('makes no keys, sign-in links and towns, and touches neither sessions nor the profile', async () => {
      const { first } = await addNew('deputy@example.org', 'admin')
      const refused: [string, Value][] = [
        ['identity.keys.create', { name: 'more' }],
        ['identity.sign_in_link', {}],
        ['identity.sign_in_link', { person: await emailOf(town.member) }],
        ['identity.sessions.list', {}],
        ['identity.sessions.end', { id: newId() }],
        ['identity.me.update', { email: 'taken@example.org' }],
        ['identity.me.update', { name: 'Renamed' }],
        ['town.create', { slug: 'outpost', name: 'Outpost' }],
      ]
      for (const [operation, input] of refused) {
        expect(await codeOf(as(first)(operation, input)), operation).toBe('KEY_NOT_OWN')
      }
    })

    it('follows its person into no other town, and shows nothing of it', async () => {
      const { first } = await addNew('traveller@example.org')
      const invite = { email: 'traveller@example.org', role: 'admin' }
      const { token } = await as(abroad.owner)('identity.invitations.create', invite)
      expect(await codeOf(as(first)('identity.invitations.accept', { token }))).toBe('KEY_NOT_OWN')
      await test.query('update identity.api_keys set issued_by = user_id where id = $1', [first.keyId])
      await as(first)('identity.invitations.accept', { token })
      const towns = async () =>
        (await as(first)('town.list')).items.map((item: Value) => item.slug).toSorted()
      const people = () =>
        actIn(test, first, async ({ tx }) =>
          (await tx.selectFrom('users').select('id').execute()).map((row) => row.id),
        )
      const enter = () =>
        actIn(test, first, (ctx) =>
          inTown(ctx, { town: 'abroad', needs: 'user' }, async (there) => there.town),
        )
      expect(await towns()).toEqual(['abroad', 'home'])
      expect(await people()).toContain(abroad.member.userId)
      expect(await enter()).toBe(abroad.id)
      await test.query('update identity.api_keys set issued_by = $2 where id = $1', [
        first.keyId,
        town.owner.userId,
      ])
      expect(await towns()).toEqual(['home'])
      expect(await people()).not.toContain(abroad.member.userId)
      expect(await people()).toContain(town.member.userId)
      expect(await codeOf(enter())).toBe('KEY_NOT_OWN')
      const create = as(first)('identity.keys.create', { name: 'there', town: 'abroad' })
      expect(await codeOf(create)).toBe('KEY_NOT_OWN')
    })

    it('is all that was made of a person before they joined another town, but for the key they joined with', async () => {
      const { first } = await addNew('joiner@example.org')
      // What somebody who signed in as them there could have made.
      const makeKey = async (name: string) => {
        await test.query('update identity.api_keys set issued_by = user_id where id = $1', [first.keyId])
        const { id: keyId, key } = await as(first)('identity.keys.create', { name })
        return { ...first, keyId, key }
      }
      const [theirs, own] = [await makeKey('theirs'), await makeKey('own')]
      await test.query(
        `insert into identity.sessions (id, user_id, token, expires_at, created_at, updated_at)
         values ($1, $2, 'theirs', now() + interval '1 day', now(), now())`,
        [newId(), first.userId],
      )
      const { token } = await as(abroad.owner)('identity.invitations.create', { email: 'joiner@example.org' })
      await as(own)('identity.invitations.accept', { token })
      const enter = (person: Person) =>
        codeOf(as(person)('identity.keys.create', { name: 'there', town: 'abroad' }))
      expect([await enter(theirs), await enter(own)]).toEqual(['KEY_NOT_OWN', 'success'])
      expect(await test.query(`select 1 from identity.sessions where token = 'theirs'`)).toEqual([])
    })

    it('is refused where its person has left, like any other', async () => {
      const { first } = await addNew('gone@example.org')
      const stays = await addMember(test, { town, name: 'Stays', role: 'user' })
      await as(town.owner)('identity.members.remove', { id: first.userId })
      expect(await codeOf(as(first)('identity.whoami'))).toBe('API_KEY_UNKNOWN')
      expect(await codeOf(as(stays)('identity.whoami'))).toBe('success')
    })
  })
})
