import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'
import { insertKey, makeKey } from '../identity/index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let here: Town
  let there: Town
  /** The owner of `here`, in `there`, of which they are an admin too. */
  let ownerThere: Person
  beforeAll(async () => {
    test = await testDatabase(backend)
    here = await foundTown(test, { slug: 'here' })
    there = await foundTown(test, { slug: 'there', withPersonas: false })
    await join(here.owner.userId, there, 'admin')
    await join(here.member.userId, there, 'admin')
    ownerThere = await keyIn(here.owner.userId, there)
  })
  afterAll(() => test.drop())
  const clock = stoppedClock('2026-03-01T00:00:00Z')
  const as = (person: Person) => operationsAs(test, person, clock)
  const refused = (code: string) => expect.objectContaining({ code })
  const note = { title: 'The quokka report', content: 'Quokkas buy in May.', tags: ['fauna'] }
  const give = (more: Value = {}, person = here.owner) =>
    as(person)('sharing.grant', { kind: 'knowledge', town: 'there', item: note, ...more })
  const sharedIn = async (person: Person, kind = 'knowledge') =>
    (await as(person)('sharing.shared.list', { kind, limit: 100 })).items as Value[]
  const journalOf = (town: Town, id: string) =>
    test.query<Value>(
      `select e.kind, a.after, a.before, e.operation from journal.events e
       join journal.audit_log a on a.town_id = e.town_id and a.id = e.id
       where e.town_id = $1 and e.entity_id = $2 order by e.seq`,
      [town.id, id],
    )

  async function join(userId: string, town: Town, role: string): Promise<void> {
    await test.query(
      'insert into identity.town_members (town_id, user_id, role, created_at) values ($1, $2, $3, $4)',
      [town.id, userId, role, new Date()],
    )
  }

  async function keyIn(userId: string, town: Town): Promise<Person> {
    const { key, prefix, hash } = makeKey()
    const keyId = newId()
    const row = { id: keyId, user_id: userId, name: 'there', prefix, operations: null, personalities: null }
    await actIn(test, town.owner, ({ tx }) =>
      insertKey(tx, { ...row, created_at: new Date(), expires_at: null }, hash),
    )
    return { userId, keyId, key, townId: town.id }
  }

  describe('a grant', () => {
    it('puts a copy with its source into the other town, with events in both', async () => {
      const grant = await give({ note: 'for the season' })
      expect(grant).toMatchObject({ objectKind: 'knowledge', targetTown: 'there', revokedAt: null })
      expect(grant.expiresAt).toBe('2027-03-01T00:00:00.000Z')
      const [copy] = (await sharedIn(there.member)).filter((item) => item.grantId === grant.id)
      expect(copy).toMatchObject({
        kind: 'knowledge',
        sourceTown: 'here',
        sourceId: grant.objectId,
        sourceVersion: 1,
        content: { ...note, category: null },
        privacy: 'team',
      })
      expect(await as(there.member)('sharing.shared.get', { kind: 'knowledge', id: copy.id })).toEqual(copy)
      expect(await journalOf(here, grant.id)).toMatchObject([
        { kind: 'share_grant.created', operation: 'sharing.grant', after: { targetTown: 'there' } },
      ])
      expect(await journalOf(there, copy.id)).toMatchObject([
        { kind: 'shared_knowledge.created', operation: 'sharing.grant', after: { sourceTown: 'here' } },
      ])
      expect((await sharedIn(here.owner)).filter((item) => item.grantId === grant.id)).toEqual([])
    })

    it('is for admins of both towns alone', async () => {
      await expect(give({}, here.member)).rejects.toEqual(refused('FORBIDDEN'))
      await expect(give({ town: 'nowhere' })).rejects.toEqual(refused('NO_TOWN'))
      await expect(give({ town: 'here' })).rejects.toEqual(refused('SHARE_WITH_SELF'))
      await expect(give({ town: 'here' }, there.owner)).rejects.toEqual(refused('NO_TOWN'))
      const guest = await foundTown(test, { slug: 'guarded', withPersonas: false })
      await join(here.owner.userId, guest, 'user')
      await expect(give({ town: 'guarded' })).rejects.toEqual(refused('FORBIDDEN'))
      expect(
        await test.query('select 1 from sharing.shared_knowledge_base where town_id = $1', [guest.id]),
      ).toEqual([])
      expect(
        await test.query('select 1 from sharing.share_grants where target_town_id = $1', [guest.id]),
      ).toEqual([])
    })

    it('shares the fields that are named and no others, and nothing unknown', async () => {
      const company = await as(here.owner)('crm.companies.create', {
        name: 'Wombat Ltd',
        domain: 'wombat.example',
        phone: '555-0100',
        externalId: 'hubspot:7',
      })
      const share = { kind: 'enriched_record', recordType: 'company', objectId: company.id, item: undefined }
      await give({ ...share, fields: ['name', 'domain'] })
      const [copy] = await sharedIn(there.member, 'enriched_record')
      expect(copy).toMatchObject({ sourceId: company.id, sourceVersion: 1, fields: ['name', 'domain'] })
      expect(copy.content).toMatchObject({
        recordType: 'company',
        data: { name: 'Wombat Ltd', domain: 'wombat.example' },
      })
      const rows = await test.query<{ text: string }>(
        `select t::text as text from sharing.shared_enriched_records t
         union all select a::text from journal.audit_log a where town_id = $1`,
        [there.id],
      )
      expect(JSON.stringify(rows)).not.toContain('555-0100')
      await expect(give({ ...share, fields: ['createdBy'] })).rejects.toEqual(refused('SHARE_UNFIT'))
      await expect(give({ ...share, objectId: newId() })).rejects.toEqual(refused('SHARE_SOURCE_NOT_FOUND'))
      await expect(give({ ...share, recordType: 'contact' })).rejects.toEqual(
        refused('SHARE_SOURCE_NOT_FOUND'),
      )
    })

    it('brings the copy up to date when the same is granted again', async () => {
      const { items } = await as(here.owner)('persona.list')
      const robbie = items.find((item: Value) => item.slug === 'robbie-f')
      await as(here.owner)('presence.update', { slug: 'robbie-f', mood: 'focused' })
      const share = { kind: 'personality_state', objectId: robbie.id, item: undefined }
      const first = await give(share)
      await as(here.owner)('presence.update', { slug: 'robbie-f', mood: 'playful', energy: 'high' })
      const second = await give({ ...share, fields: ['mood'] })
      expect(second).toMatchObject({ id: first.id, version: 2, fields: ['mood'] })
      const copies = await sharedIn(there.member, 'personality_state')
      expect(copies).toMatchObject([
        { sourceId: robbie.id, content: { personalitySlug: 'robbie-f', mood: 'playful', energy: null } },
      ])
      expect(copies[0].sourceVersion).toBeGreaterThan(first.sourceVersion)
    })

    it('is as private as what it shares', async () => {
      const contact = await as(here.owner)('crm.contacts.create', { firstName: 'Ada', privacy: 'boss_only' })
      await give({ kind: 'enriched_record', recordType: 'contact', objectId: contact.id, item: undefined })
      const seen = async (person: Person) =>
        (await sharedIn(person, 'enriched_record')).some((item) => item.sourceId === contact.id)
      expect(await seen(there.owner)).toBe(true)
      expect(await seen(there.member)).toBe(false)
    })
  })

  describe('a copy', () => {
    it('has the privacy its source came to have when it is granted again, and so has the grant', async () => {
      const { id } = await as(here.owner)('crm.companies.create', { name: 'Bandicoot plc' })
      const share = { kind: 'enriched_record', recordType: 'company', objectId: id, item: undefined }
      const grant = await give(share)
      await as(here.owner)('crm.companies.update', { id, privacy: 'private', description: 'bandicoot qzq' })
      const again = await give(share)
      expect([grant.privacy, again.privacy, again.id]).toEqual(['team', 'private', grant.id])
      const revoke = (person: Person) => as(person)('sharing.revoke', { id: grant.id })
      await join(here.other.userId, there, 'admin')
      await test.query(
        `update identity.town_members set role = 'admin' where town_id = $1 and user_id = $2`,
        [here.id, here.other.userId],
      )
      await expect(revoke(here.other)).rejects.toEqual(refused('RESOURCE_NOT_FOUND'))
      expect(await revoke(here.owner)).toMatchObject({ revokedBy: here.owner.userId })
      const left = await test.query('select t::text from sharing.shared_enriched_records t')
      expect(JSON.stringify(left)).not.toContain('qzq')
    })

    it('that stands and is not seen is not said to be taken back or brought up to date', async () => {
      const grant = await give({ expiresAt: '2026-03-10T00:00:00Z' })
      const hide =
        'update sharing.shared_knowledge_base set privacy = $1, created_by = $2 where grant_id = $3'
      await test.query(hide, ['private', there.member.userId, grant.id])
      const revoke = () => as(here.owner)('sharing.revoke', { id: grant.id })
      await expect(revoke()).rejects.toEqual(refused('SHARE_COPY_HIDDEN'))
      await expect(give({ objectId: grant.objectId })).rejects.toEqual(refused('SHARE_COPY_HIDDEN'))
      expect(await as(here.owner)('sharing.grants.get', { id: grant.id })).toMatchObject({ revokedAt: null })
      clock.set('2026-03-10T00:00:00Z')
      expect(await as(there.owner)('sharing.sweep')).toEqual({ removed: 0 })
      expect(await revoke()).toMatchObject({ revokedAt: '2026-03-10T00:00:00.000Z' })
      clock.set('2026-03-01T00:00:00Z')
    })

    it('is gone when the grant is revoked: no word of it stays in the other town', async () => {
      const title = 'Numbat forecast zzq'
      const grant = await give({
        kind: 'market_intelligence',
        item: { companyName: title, intelligenceType: 'growth' },
      })
      const [copy] = await sharedIn(there.member, 'market_intelligence')
      expect(copy.content).toMatchObject({ companyName: title })
      const revoked = await as(here.owner)('sharing.revoke', { id: grant.id })
      expect(revoked).toMatchObject({ revokedBy: here.owner.userId, revokedAt: '2026-03-01T00:00:00.000Z' })
      expect(await sharedIn(there.member, 'market_intelligence')).toEqual([])
      for (const table of [
        'sharing.shared_market_intelligence',
        'search.search_index',
        'journal.events',
        'journal.audit_log',
      ]) {
        const rows = await test.query(`select t::text from ${table} t where town_id = $1`, [there.id])
        expect(JSON.stringify(rows), table).not.toContain('zzq')
      }
      expect((await journalOf(there, copy.id)).map((row) => row.kind)).toEqual([
        'shared_market_intelligence.created',
        'shared_market_intelligence.deleted',
      ])
      expect((await journalOf(here, grant.id)).map((row) => row.kind)).toEqual([
        'share_grant.created',
        'share_grant.updated',
      ])
      await expect(as(here.owner)('sharing.revoke', { id: grant.id })).rejects.toEqual(
        refused('SHARE_REVOKED'),
      )
    })

    it('is seen until its time is over, and swept after that', async () => {
      await expect(give({ expiresAt: '2026-02-01T00:00:00Z' })).rejects.toEqual(refused('SHARE_UNFIT'))
      const grant = await give({ expiresAt: '2026-03-02T00:00:00Z' })
      const seen = async () => (await sharedIn(there.member)).some((item) => item.grantId === grant.id)
      expect(await seen()).toBe(true)
      clock.set('2026-03-02T00:00:00Z')
      expect(await seen()).toBe(false)
      expect(await as(there.owner)('sharing.sweep')).toEqual({ removed: 1 })
      expect(await as(there.owner)('sharing.sweep')).toEqual({ removed: 0 })
    })

    it('cannot be reached or taken back from another town', async () => {
      const grant = await give()
      const [copy] = (await sharedIn(there.member)).filter((item) => item.grantId === grant.id)
      await expect(as(here.owner)('sharing.shared.get', { kind: 'knowledge', id: copy.id })).rejects.toEqual(
        refused('SHARED_NOT_FOUND'),
      )
      await expect(as(there.owner)('sharing.revoke', { id: grant.id })).rejects.toEqual(
        refused('RESOURCE_NOT_FOUND'),
      )
      expect((await as(ownerThere)('sharing.grants.list')).items).toEqual([])
    })
  })

  describe('a capital town', () => {
    it('sees counts of the towns it governs, of what all members there see, and of no others', async () => {
      const governed = await foundTown(test, { slug: 'governed', withPersonas: false })
      await join(here.owner.userId, governed, 'admin')
      const counted = {
        'crm.contacts.create': { firstName: 'Zoe' },
        'agenda.tasks.create': { title: 'Call' },
        'knowledge.articles.create': { title: 'Zoe', topic: 'people', content: 'Who she is.' },
      }
      for (const privacy of ['public', 'team', 'private', 'boss_only'])
        for (const [operation, input] of Object.entries(counted)) {
          await as(governed.owner)(operation, { ...input, privacy })
        }
      const govern = (more: Value, person = here.owner) =>
        as(person)('sharing.govern', { town: 'governed', ...more })
      expect((await as(here.owner)('sharing.analytics')).items).toEqual([])
      await expect(govern({}, there.owner)).rejects.toEqual(refused('NO_TOWN'))
      await expect(govern({ town: 'here' })).rejects.toEqual(refused('SHARE_WITH_SELF'))
      await govern({})
      const { items } = await as(here.owner)('sharing.analytics')
      const counts = { contacts: 2, tasks: 2, knowledge_base: 2, companies: 0, deals: 0, documents: 0 }
      expect(items).toMatchObject([{ town: 'governed', counts }])
      await expect(as(here.member)('sharing.analytics')).rejects.toEqual(refused('FORBIDDEN'))
      expect(await countsOf(here.member)).toEqual([])
      expect(await countsOf(governed.owner)).toEqual([])
      await govern({ isGoverned: false })
      expect((await as(here.owner)('sharing.analytics')).items).toEqual([])
    })

    it('is back in its own town after counting', async () => {
      await as(here.owner)('sharing.govern', { town: 'there' })
      const [before, , after] = await actIn(test, here.owner, async ({ tx }) => {
        const read = async () => {
          const { rows } = await tx.executeQuery<Value>(
            CompiledQuery.raw(
              `select current_setting('app.town_id') as town, current_setting('app.clearance') as clearance,
                 (select count(*) from personalities) as personalities`,
            ),
          )
          return rows
        }
        const first = await read()
        await tx.executeQuery(CompiledQuery.raw('select * from cross_town_analytics'))
        return [first, null, await read()]
      })
      expect(after).toEqual(before)
    })
  })

  function countsOf(person: Person): Promise<Value[]> {
    return actIn(test, person, async ({ tx }) => {
      const { rows } = await tx.executeQuery<Value>(CompiledQuery.raw('select * from cross_town_analytics'))
      return rows
    })
  }
})
