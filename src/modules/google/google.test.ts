import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { newId } from '../../kernel/ids.ts'

const KINDS = ['gmail', 'calendar', 'drive', 'tasks', 'contacts'] as const
const LISTS = { gmail: 'mails', calendar: 'events', drive: 'files', tasks: 'tasks', contacts: 'contacts' }
const at = '2026-03-01T12:00:00.000Z'

/** One thing of each kind, as Google would tell it. */
const things = {
  gmail: { subject: 'The offer', bodyText: 'About the walnut table.', receivedAt: at },
  calendar: { title: 'Walnut fair', calendarExternalId: 'primary', startsAt: at, endsAt: at },
  drive: { name: 'walnut.pdf', providerModifiedAt: at },
  tasks: { title: 'Oil the walnut', taskListExternalId: 'list' },
  contacts: { fullName: 'Wally Nut' },
}

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let domain: string
  /** The member's account, with one thing of each kind. */
  let account: string
  let count = 0
  const clock = stoppedClock(at)
  const as = (person: Person) => operationsAs(test, person, clock)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const keep = (person: Person, kind: (typeof KINDS)[number], more: Value) =>
    as(person)(`google.${LISTS[kind]}.upsert`, {
      items: [{ externalId: `x-${++count}`, ...things[kind], ...more }],
    })
  const makeAccount = (person: Person, email: string) =>
    as(town.owner)('google.accounts.create', { email, domainId: domain, userId: person.userId })
  const addRule = (viewer: Person, more: Value = {}) =>
    as(town.owner)('google.rules.create', {
      domainId: domain,
      viewerId: viewer.userId,
      targetEmail: 'mia@example.com',
      ...more,
    })
  const removeRule = (rule: Value) => as(town.owner)('google.rules.delete', { id: rule.id })
  const openKinds = async (person: Person, id = account) =>
    (await as(person)('google.access', { id })).kinds as string[]
  const readKinds = async (person: Person, id = account) => {
    const answers = await Promise.all(
      KINDS.map(async (kind) => {
        const page = as(person)(`google.shared_${LISTS[kind]}`, { id })
        return (await codeOf(page)) === 'success' && (await page).items.length === 1 ? kind : null
      }),
    )
    return answers.filter((kind) => kind !== null)
  }

  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    const made = await as(town.owner)('google.domains.create', { domain: 'example.com', displayName: 'E' })
    domain = made.id
    account = (await makeAccount(town.member, 'Mia@Example.com')).id
    for (const kind of KINDS) await keep(town.member, kind, { googleUserId: account })
  })
  afterAll(() => test.drop())

  describe('what is mirrored', () => {
    it('is private to the account’s person: in lists, by id and by words', async () => {
      for (const kind of KINDS) {
        const list = `google.${LISTS[kind]}`
        const { items } = await as(town.member)(`${list}.list`, { googleUserId: account })
        expect(items, kind).toHaveLength(1)
        expect(items[0], kind).toMatchObject({ privacy: 'private', createdBy: town.member.userId })
        for (const person of [town.owner, town.other, town.guest]) {
          expect((await as(person)(`${list}.list`)).items, kind).toEqual([])
          expect(await codeOf(as(person)(`${list}.get`, { id: items[0].id })), kind).toBe(
            'RESOURCE_NOT_FOUND',
          )
          expect((await as(person)(`${list}.search`, { q: 'walnut' })).items, kind).toEqual([])
        }
      }
    })

    it('is kept by the account’s person alone, or by anybody of an account that is nobody’s', async () => {
      expect(await codeOf(keep(town.owner, 'gmail', { googleUserId: account }))).toBe(
        'GOOGLE_ACCOUNT_FOREIGN',
      )
      const free = await as(town.other)('google.accounts.create', { email: 'free@example.com' })
      expect(await codeOf(keep(town.other, 'gmail', { googleUserId: free.id, subject: 'Free' }))).toBe(
        'success',
      )
    })

    it('is found by words until it is thrown away', async () => {
      const mail = { externalId: 'binned', ...things.gmail, googleUserId: account, subject: 'A quince' }
      const subjects = async () =>
        (await as(town.member)('google.mails.search', { q: 'quince' })).items.map(
          ({ item }: Value) => item.subject,
        )
      await as(town.member)('google.mails.upsert', { items: [mail] })
      expect(await subjects()).toEqual(['A quince'])
      const { updated } = await as(town.member)('google.mails.upsert', {
        items: [{ ...mail, labels: ['TRASH'] }],
      })
      expect([updated, await subjects()]).toEqual([1, []])
      await as(town.member)('google.mails.delete', { id: (await idOf('google.mails', 'binned')).id })
    })

    const idOf = async (resource: string, externalId: string) => {
      const { items } = await as(town.member)(`${resource}.list`, { externalId })
      return items[0] as Value
    }

    it('may have one id in two accounts, and in two calendars of one', async () => {
      const other = await makeAccount(town.member, 'second@example.com')
      const event = { externalId: 'same', ...things.calendar }
      const items = [
        { ...event, googleUserId: other.id },
        { ...event, googleUserId: other.id, calendarExternalId: 'team' },
      ]
      expect(await as(town.member)('google.events.upsert', { items })).toMatchObject({ created: 2 })
      expect(await as(town.member)('google.events.upsert', { items })).toMatchObject({ unchanged: 2 })
      const doubled = as(town.member)('google.events.upsert', { items: [items[0], items[0]] })
      expect(await codeOf(doubled)).toBe('INVALID_INPUT')
    })
  })

  describe('an access rule', () => {
    it('opens the kinds that it names, to whom it names, and nothing else', async () => {
      expect(await openKinds(town.member)).toEqual([...KINDS])
      expect(await openKinds(town.other)).toEqual([])
      const rule = await addRule(town.other, { canViewGmail: true, canViewTasks: true })
      expect(await openKinds(town.other)).toEqual(['gmail', 'tasks'])
      expect(await readKinds(town.other)).toEqual(['gmail', 'tasks'])
      expect(await readKinds(town.guest)).toEqual([])
      await removeRule(rule)
      expect(await readKinds(town.other)).toEqual([])
    })

    it('is needed by an admin too', async () => {
      expect(await readKinds(town.owner)).toEqual([])
      const rule = await addRule(town.owner, { isAdminAccess: true })
      expect(await readKinds(town.owner)).toEqual([...KINDS])
      await removeRule(rule)
    })

    it('opens nothing from the instant on at which it expires', async () => {
      const rule = await addRule(town.other, { isAdminAccess: true, expiresAt: '2026-03-01T13:00:00.000Z' })
      clock.set('2026-03-01T12:59:59.999Z')
      expect(await readKinds(town.other)).toEqual([...KINDS])
      clock.set('2026-03-01T13:00:00.000Z')
      expect([await openKinds(town.other), await readKinds(town.other)]).toEqual([[], []])
      clock.set(at)
      await removeRule(rule)
    })

    it('without a target opens every account of its domain, and no other', async () => {
      const elsewhere = await as(town.owner)('google.domains.create', {
        domain: 'example.net',
        displayName: 'N',
      })
      const rule = await addRule(town.other, { targetEmail: null, canViewContacts: true })
      expect(await openKinds(town.other)).toEqual(['contacts'])
      await as(town.owner)('google.accounts.update', { id: account, domainId: elsewhere.id })
      expect(await openKinds(town.other)).toEqual([])
      await as(town.owner)('google.accounts.update', { id: account, domainId: domain })
      await removeRule(rule)
    })

    it('is never hidden from the one whose things it opens', async () => {
      for (const privacy of ['private', 'boss_only']) {
        const hidden = addRule(town.owner, { isAdminAccess: true, privacy })
        expect(await codeOf(hidden), privacy).toBe('INVALID_INPUT')
        const rule = await addRule(town.owner, { isAdminAccess: true })
        const hiding = as(town.owner)('google.rules.update', { id: rule.id, privacy })
        expect(await codeOf(hiding), privacy).toBe('INVALID_INPUT')
        expect((await as(town.member)('google.rules.list')).items).toMatchObject([{ id: rule.id }])
        await removeRule(rule)
      }
      expect(await readKinds(town.owner)).toEqual([])
    })

    it('without domain and target opens nothing, nor does one that its viewer may not see', async () => {
      const rules = [
        await addRule(town.other, { domainId: null, targetEmail: null, isAdminAccess: true }),
        await addRule(town.guest, { isAdminAccess: true, privacy: 'team' }),
      ]
      expect([await openKinds(town.other), await openKinds(town.guest)]).toEqual([[], []])
      const open = await addRule(town.other, { domainId: null, isAdminAccess: true })
      expect(await openKinds(town.other)).toEqual([...KINDS])
      for (const rule of [...rules, open]) await removeRule(rule)
    })

    it('opens one account, not whatever else its person keeps', async () => {
      const second = await makeAccount(town.member, 'third@example.com')
      await keep(town.member, 'gmail', { googleUserId: second.id, subject: 'Of the other mailbox' })
      const rule = await addRule(town.other, { canViewGmail: true })
      const { items } = await as(town.other)('google.shared_mails', { id: account })
      expect(items.map((item: Value) => item.subject)).toEqual(['The offer'])
      const closed = as(town.other)('google.shared_mails', { id: second.id })
      expect(await codeOf(closed)).toBe('GOOGLE_ACCESS_DENIED')
      expect(await codeOf(as(town.other)('google.shared_mails', { id: newId() }))).toBe(
        'GOOGLE_ACCESS_DENIED',
      )
      expect(
        (await as(town.other)('google.mails.list')).items.map((item: Value) => item.subject),
      ).not.toContain('The offer')
      await removeRule(rule)
    })

    it('is written by admins alone, and accounts by whose they are', async () => {
      const rule = { viewerId: town.other.userId, isAdminAccess: true, domainId: domain }
      expect(await codeOf(as(town.other)('google.rules.create', rule))).toBe('FORBIDDEN')
      const write = (person: Person, change: Value) =>
        codeOf(as(person)('google.accounts.update', { id: account, ...change }))
      expect(await write(town.other, { userId: town.other.userId })).toBe('FORBIDDEN')
      expect(await write(town.other, { fullName: 'Mine' })).toBe('FORBIDDEN')
      expect(await write(town.member, { fullName: 'Mia M.' })).toBe('success')
      expect(await write(town.member, { userId: town.other.userId })).toBe('FORBIDDEN')
    })

    it('is asked by can_access_google_data, which knows no town but the actor’s', async () => {
      const rule = await addRule(town.other, { canViewDrive: true })
      const asked = (person: Person, kind: string) =>
        actAs(test, person, async (tx) => {
          const { rows } = await sql<{ may: boolean }>`
            select can_access_google_data(${town.other.userId}, ${account}, ${kind}, ${at}::timestamptz) as may`.execute(
            tx,
          )
          return rows[0]!.may
        })
      expect([await asked(town.other, 'drive'), await asked(town.other, 'gmail')]).toEqual([true, false])
      expect([await asked(town.member, 'drive'), await asked(town.member, 'photos')]).toEqual([true, false])
      const abroad = await foundTown(test, { slug: 'abroad' })
      expect(await asked(abroad.owner, 'drive')).toBe(false)
      await removeRule(rule)
    })

    it('leaves the transaction with whom it was before', async () => {
      const rule = await addRule(town.other, { canViewGmail: true })
      const { items } = await as(town.other)('google.shared_mails', { id: account, limit: 1 })
      expect(items[0].createdBy).toBe(town.member.userId)
      await actAs(test, town.other, async (tx) => {
        const { rows } = await sql<{ open: boolean; user: string }>`
          select open_account(${account}, 'calendar', ${at}::timestamptz) as open,
            current_setting('app.user_id') as user`.execute(tx)
        expect(rows[0]).toEqual({ open: false, user: town.other.userId })
      })
      await removeRule(rule)
    })
  })

  describe('mails and their threads', () => {
    it('show the files on a mail, and take them along when the mail goes', async () => {
      const { ids } = await keep(town.member, 'gmail', { googleUserId: account, threadExternalId: 't-1' })
      const [mail] = Object.values(ids) as string[]
      const file = { externalId: '0.1', messageId: mail, filename: 'plan.pdf', sizeBytes: 12 }
      await as(town.member)('google.attachments.upsert', { items: [file] })
      const shown = await as(town.member)('google.mails.get', { id: mail })
      expect(shown.attachments).toMatchObject([{ filename: 'plan.pdf', mimeType: null, sizeBytes: 12 }])
      const foreign = as(town.other)('google.attachments.upsert', { items: [{ ...file, externalId: '0.2' }] })
      expect(await codeOf(foreign)).toBe('REFERENCE_NOT_FOUND')
      await as(town.member)('google.mails.delete', { id: mail })
      expect((await as(town.member)('google.attachments.list', { messageId: mail })).items).toEqual([])
    })

    it('keep what a person holds of a thread when it is mirrored again', async () => {
      const thread = { externalId: 't-2', googleUserId: account, subject: 'Hello', messageCount: 1 }
      const { ids } = await as(town.member)('google.threads.upsert', { items: [thread] })
      const [id] = Object.values(ids) as string[]
      const marks = { requiresResponse: true, sentiment: 'positive', tags: ['walnut'] }
      const marked = await as(town.member)('google.mark_thread', { id, version: 1, ...marks })
      expect(marked).toMatchObject({ ...marks, version: 2, subject: 'Hello' })
      await as(town.member)('google.threads.upsert', { items: [{ ...thread, messageCount: 2 }] })
      const again = await as(town.member)('google.threads.get', { id })
      expect(again).toMatchObject({ ...marks, messageCount: 2, version: 3 })
      expect(await codeOf(as(town.other)('google.mark_thread', { id, tags: [] }))).toBe('RESOURCE_NOT_FOUND')
      const stale = as(town.member)('google.mark_thread', { id, version: 1, tags: [] })
      expect(await codeOf(stale)).toBe('RESOURCE_VERSION_STALE')
    })

    it('stand in email_messages together, and are counted for each account as far as the reader sees them', async () => {
      await keep(town.member, 'gmail', { googleUserId: account, threadExternalId: 't-2', isUnread: true })
      const read = <Row extends object>(person: Person, text: string) =>
        actAs(test, person, async (tx) => (await sql.raw<Row>(text).execute(tx)).rows, 'read')
      const mails = `select m.subject, t.subject as thread from email_messages m join email_threads t on t.id = m.thread_id`
      expect(await read(town.member, mails)).toEqual([{ subject: 'The offer', thread: 'Hello' }])
      expect(await read(town.other, mails)).toEqual([])
      const counts = `select mail_count::int as mails, unread_mail_count::int as unread, event_count::int as events,
        file_count::int as files, open_task_count::int as tasks, contact_count::int as contacts
        from google_user_activity_summary where email = 'mia@example.com'`
      expect(await read(town.member, counts)).toEqual([
        { mails: 2, unread: 1, events: 1, files: 1, tasks: 1, contacts: 1 },
      ])
      expect(await read(town.other, counts)).toEqual([
        { mails: 0, unread: 0, events: 0, files: 0, tasks: 0, contacts: 0 },
      ])
    })
  })
})
