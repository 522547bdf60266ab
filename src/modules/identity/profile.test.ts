import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'
import { updateMe } from './members.queries.ts'

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
  const as = (person: Person, clock = stoppedClock('2026-03-01T12:00:00Z')) =>
    operationsAs(test, person, clock)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )

  describe('a profile', () => {
    it('changes where something is given, in the eyes of colleagues too', async () => {
      const profile = {
        username: 'mia',
        firstName: 'Mia',
        lastName: 'Muster',
        jobTitle: 'Engineer',
        phone: '+49 30 1',
        avatarUrl: 'https://example.com/mia.png',
        linkedinUrl: 'https://linkedin.com/in/mia',
        bio: 'Builds things.',
        isVip: true,
        timeZone: 'Europe/Berlin',
        quietFrom: '22:00:00',
        quietTo: '07:00:00',
        preferences: { chat: { sound: false } },
      }
      const before = await as(town.member)('identity.me')
      expect(await as(town.member)('identity.me.update', profile)).toEqual({ ...before, ...profile })
      const after = await as(town.member)('identity.me.update', { jobTitle: null, phone: '+49 30 2' })
      expect(after).toEqual({ ...before, ...profile, jobTitle: null, phone: '+49 30 2' })
      expect(await as(town.member)('identity.me')).toEqual(after)
      const [seen] = await actAs(test, town.other, (tx) =>
        tx.selectFrom('users').select(['bio', 'quiet_from']).where('id', '=', town.member.userId).execute(),
      )
      expect(seen).toEqual({ bio: 'Builds things.', quiet_from: '22:00:00' })
    })

    it('has a user name that nobody else has, in whatever case', async () => {
      const name = (person: Person, username: string | null) => as(person)('identity.me.update', { username })
      expect(await name(town.other, 'Alma')).toMatchObject({ username: 'Alma' })
      expect(await codeOf(name(abroad.owner, 'alma'))).toBe('USERNAME_TAKEN')
      expect(await name(town.other, null)).toMatchObject({ username: null })
      expect(await name(abroad.owner, 'alma')).toMatchObject({ username: 'alma' })
    })

    it('keeps what each of several changes at once gives', async () => {
      for (let n = 0; n < 10; n++) {
        const given = { phone: `phone ${n}`, bio: `bio ${n}`, jobTitle: `job ${n}`, lastName: `name ${n}` }
        await Promise.all(
          Object.entries(given).map(([field, value]) =>
            as(town.other)('identity.me.update', { [field]: value }),
          ),
        )
        expect(await as(town.other)('identity.me')).toMatchObject(given)
      }
    })

    it('changes nothing that is not given, whatever was read before', async () => {
      const read = await as(town.other)('identity.me')
      await as(town.other)('identity.me.update', { bio: 'Newer.' })
      await actAs(test, town.other, (tx) => updateMe(tx, { phone: 'given', job_title: null }, new Date()))
      const after = await as(town.other)('identity.me')
      expect(after).toEqual({ ...read, bio: 'Newer.', phone: 'given', jobTitle: null })
    })

    it('has quiet hours with both ends or none, and a zone that exists', async () => {
      const change = (input: Value) => codeOf(as(town.other)('identity.me.update', input))
      expect(await change({ quietFrom: '22:00:00' })).toBe('INVALID_INPUT')
      expect(await change({ quietFrom: '22:00:00', quietTo: '06:00:00' })).toBe('success')
      expect(await change({ quietTo: null })).toBe('INVALID_INPUT')
      expect(await change({ quietFrom: null, quietTo: null })).toBe('success')
      expect(await change({ timeZone: 'Europe/Atlantis' })).toBe('INVALID_INPUT')
    })
  })

  describe('a session', () => {
    const signIn = async (person: Person) => {
      const id = newId()
      await test.query(
        `insert into identity.sessions (id, user_id, token, user_agent, expires_at, created_at, updated_at)
         values ($1, $2, $3, 'Firefox', now() + interval '1 day', now(), now())`,
        [id, person.userId, `secret-${id}`],
      )
      return id
    }

    it('is listed and ended by its person alone, without its secret', async () => {
      const id = await signIn(town.member)
      await signIn(town.owner)
      const { items } = await as(town.member)('identity.sessions.list')
      expect(items).toMatchObject([{ id, userAgent: 'Firefox' }])
      expect(JSON.stringify(items)).not.toContain('secret')
      expect(await codeOf(as(town.owner)('identity.sessions.end', { id }))).toBe('SESSION_NOT_FOUND')
      await as(town.member)('identity.sessions.end', { id })
      expect((await as(town.member)('identity.sessions.list')).items).toEqual([])
      expect(await codeOf(as(town.member)('identity.sessions.end', { id }))).toBe('SESSION_NOT_FOUND')
    })

    it('is no business of a key that is limited', async () => {
      const limited = { name: 'x', operations: ['identity.*'] }
      const { key } = await as(town.member)('identity.keys.create', limited)
      expect(await codeOf(as({ ...town.member, key })('identity.sessions.list'))).toBe('KEY_SCOPE')
    })
  })

  describe('an invitation', () => {
    const emailOf = async (person: Person) => (await as(person)('identity.me')).email as string
    const invite = async (person: Person, more: Value = {}) =>
      as(town.owner)('identity.invitations.create', { email: await emailOf(person), ...more })

    it('makes the person it is for a member, once, with the role and ceiling it names', async () => {
      const { invitation, token } = await invite(abroad.member, { role: 'readonly', attractionCeiling: 3 })
      expect(invitation).toMatchObject({ status: 'open', role: 'readonly' })
      expect(await codeOf(as(abroad.other)('identity.invitations.accept', { token }))).toBe(
        'INVITATION_NOT_FOUND',
      )
      const accepted = await as(abroad.member)('identity.invitations.accept', { token })
      expect(accepted).toEqual({
        town: { id: town.id, slug: 'home' },
        role: 'readonly',
        attractionCeiling: 3,
      })
      const { items } = await as(town.owner)('identity.members')
      expect(items.find((item: Value) => item.userId === abroad.member.userId)).toMatchObject({
        role: 'readonly',
        attractionCeiling: 3,
      })
      expect(await codeOf(as(abroad.member)('identity.invitations.accept', { token }))).toBe(
        'INVITATION_ENDED',
      )
      const list = await as(town.owner)('identity.invitations.list')
      expect(list.items[0]).toMatchObject({ status: 'accepted', acceptedBy: abroad.member.userId })
      const [event] = await test.query<Value>(
        `select town_id, kind from journal.events where kind = 'member.added' and entity_id = $1`,
        [abroad.member.userId],
      )
      expect(event).toEqual({ town_id: town.id, kind: 'member.added' })
    })

    it('ends when it is taken back, when its time is over, and for who is a member already', async () => {
      const revoked = await invite(abroad.other)
      const { revokedAt } = await as(town.owner)('identity.invitations.revoke', { id: revoked.invitation.id })
      expect(await as(town.owner)('identity.invitations.revoke', { id: revoked.invitation.id })).toEqual({
        id: revoked.invitation.id,
        revokedAt,
      })
      const accept = (token: string, at: string) =>
        codeOf(as(abroad.other, stoppedClock(at))('identity.invitations.accept', { token }))
      expect(await accept(revoked.token, '2026-03-01T12:00:01Z')).toBe('INVITATION_ENDED')
      const { token } = await invite(abroad.other, { days: 1 })
      expect(await accept(token, '2026-03-02T12:00:00Z')).toBe('INVITATION_ENDED')
      expect(await accept(token, '2026-03-02T11:59:59Z')).toBe('success')
      const again = await invite(abroad.other)
      expect(await accept(again.token, '2026-03-01T12:00:00Z')).toBe('MEMBER_ALREADY')
    })

    it('is for admins to make, list and take back, of their own town, with no ceiling above their own', async () => {
      const { invitation } = await invite(abroad.guest)
      const email = 'nobody@example.com'
      expect(await codeOf(as(town.member)('identity.invitations.create', { email }))).toBe('FORBIDDEN')
      expect(await codeOf(as(town.member)('identity.invitations.list'))).toBe('FORBIDDEN')
      const { id } = invitation
      expect(await codeOf(as(abroad.owner)('identity.invitations.revoke', { id }))).toBe(
        'INVITATION_NOT_FOUND',
      )
      expect((await as(abroad.owner)('identity.invitations.list')).items).toEqual([])
      await test.query(`update identity.town_members set attraction_ceiling = 5 where user_id = $1`, [
        town.owner.userId,
      ])
      const high = as(town.owner)('identity.invitations.create', { email, attractionCeiling: 6 })
      expect(await codeOf(high)).toBe('FORBIDDEN')
    })
  })

  it('shows of memberships and sessions only one’s own, under their older names', async () => {
    const rows = (person: Person, view: string) =>
      actAs(test, person, async (tx) => (await sql<Value>`select * from ${sql.table(view)}`.execute(tx)).rows)
    expect(await rows(town.owner, 'organization_memberships')).toMatchObject([
      { user_id: town.owner.userId, role: 'owner', is_active: true },
    ])
    expect(await rows(town.member, 'organization_memberships')).toEqual([])
    expect(await rows(town.member, 'user_sessions')).toEqual([])
  })

  describe('the audit chain', () => {
    it('is whole, private rows of everybody included, until somebody changes a row', async () => {
      await as(town.member)('identity.keys.create', { name: 'private to the member' })
      await as(town.guest)('identity.me').catch(() => undefined)
      const whole = await as(town.owner)('journal.audit.verify')
      const [{ count }] = (await test.query<Value>(
        `select count(*)::integer as count from journal.audit_log where town_id = $1`,
        [town.id],
      )) as [Value]
      expect(whole).toEqual({
        isWhole: true,
        checkedCount: count,
        headSeq: count,
        nextFrom: null,
        broken: null,
      })
      expect(await as(town.owner)('journal.audit.verify', { from: 3 })).toMatchObject({
        isWhole: true,
        checkedCount: count - 2,
      })
      const [row] = await test.query<Value>(
        `select seq from journal.audit_log where town_id = $1 and privacy = 'private' and created_by = $2 and after is not null limit 1`,
        [town.id, town.member.userId],
      )
      const broken = async (change: string, back: string) => {
        await test.query(`update journal.audit_log set ${change} where town_id = $1 and seq = $2`, [
          town.id,
          row.seq,
        ])
        const answer = await as(town.owner)('journal.audit.verify')
        await test.query(`update journal.audit_log set ${back} where town_id = $1 and seq = $2`, [
          town.id,
          row.seq,
        ])
        return answer
      }
      const values = await broken(`after = after || '{"x": 1}'`, `after = after - 'x'`)
      expect(values).toMatchObject({ isWhole: false, broken: { seq: row.seq, because: 'values' } })
      const hash = await broken(`operation = operation || 'x'`, `operation = left(operation, -1)`)
      expect(hash).toMatchObject({ isWhole: false, broken: { seq: row.seq, because: 'hash' } })
      await test.query(`update journal.audit_log set seq = -1 where town_id = $1 and seq = $2`, [
        town.id,
        row.seq,
      ])
      expect(await as(town.owner)('journal.audit.verify')).toMatchObject({
        broken: { seq: row.seq, because: 'missing' },
      })
      await test.query(`update journal.audit_log set seq = $2 where town_id = $1 and seq = -1`, [
        town.id,
        row.seq,
      ])
      expect((await as(town.owner)('journal.audit.verify')).isWhole).toBe(true)
    })

    it('is for admins alone; events are for everybody who may see them', async () => {
      expect(await codeOf(as(town.member)('journal.audit.verify'))).toBe('FORBIDDEN')
      expect(await codeOf(as(town.member)('journal.audit.list'))).toBe('FORBIDDEN')
      const mine = { userId: town.member.userId, kind: 'api_key.created' }
      expect((await as(town.member)('journal.events.list', mine)).items.length).toBeGreaterThan(0)
      expect((await as(town.other)('journal.events.list', mine)).items).toEqual([])
      const { items } = await as(town.owner)('journal.audit.list', { operation: 'identity.me.update' })
      expect(items[0]).toMatchObject({ entityKind: 'person', isErased: false })
    })

    it('is listed page by page, newest first', async () => {
      const whole = (await as(town.owner)('journal.audit.list', { limit: 100 })).items.map(
        (item: Value) => item.seq,
      )
      expect(whole).toEqual(whole.toSorted((a: number, b: number) => b - a))
      const seqs: number[] = []
      let cursor: string | null = null
      do {
        const page: Value = await as(town.owner)('journal.audit.list', {
          limit: 2,
          ...(cursor ? { cursor } : {}),
        })
        seqs.push(...page.items.map((item: Value) => item.seq))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seqs).toEqual(whole)
    })
  })
})
