import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let contactId: string
  const as = (person: Person) => operationsAs(test, person)
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )

  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    contactId = (await as(town.member)('crm.contacts.create', { firstName: 'Ada' })).id
  })
  afterAll(() => test.drop())

  describe('linkedin profiles', () => {
    const ada = { externalId: 'in/ada', profileUrl: 'https://www.linkedin.com/in/ada', name: 'Ada' }

    it('stay the contact’s they were linked with when an archive is imported again', async () => {
      const { ids } = await as(town.member)('linkedin.profiles.upsert', { items: [ada] })
      const id = ids['in/ada']
      const linked = await as(town.other)('linkedin.link_profile', { id, contactId, version: 1 })
      expect(linked).toMatchObject({ contactId, version: 2 })
      const changed = { ...ada, jobTitle: 'Countess', connectedOn: '2024-03-12' }
      expect(await as(town.member)('linkedin.profiles.upsert', { items: [changed] })).toMatchObject({
        updated: 1,
      })
      expect(await as(town.member)('linkedin.profiles.upsert', { items: [changed] })).toMatchObject({
        unchanged: 1,
      })
      const { items } = await as(town.member)('linkedin.profiles.list', { contactId })
      expect(items).toMatchObject([{ id, contactId, jobTitle: 'Countess', connectedOn: '2024-03-12' }])
      expect(await as(town.other)('linkedin.link_profile', { id, contactId: null })).toMatchObject({
        contactId: null,
      })
    })

    it('are linked with contacts that one may see', async () => {
      const hidden = await as(town.other)('crm.contacts.create', { firstName: 'Eve', privacy: 'private' })
      const { ids } = await as(town.member)('linkedin.profiles.upsert', { items: [ada] })
      const link = as(town.member)('linkedin.link_profile', { id: ids['in/ada'], contactId: hidden.id })
      expect(await codeOf(link)).toBe('REFERENCE_NOT_FOUND')
    })
  })

  describe('linkedin messages', () => {
    const message = {
      externalId: 'hash',
      content: 'See you at the orchard',
      sentAt: '2026-01-01T00:00:00.000Z',
    }
    const keep = (person: Person, ownerId = person.userId) =>
      as(person)('linkedin.messages.upsert', { items: [{ ...message, ownerId }] })

    it('lie in the inboxes of two people, each for its own alone', async () => {
      expect(await keep(town.member)).toMatchObject({ created: 1 })
      expect(await keep(town.other)).toMatchObject({ created: 1 })
      expect(await keep(town.member)).toMatchObject({ unchanged: 1 })
      for (const person of [town.member, town.other]) {
        const { items } = await as(person)('linkedin.messages.search', { q: 'orchard' })
        expect(items.map(({ item }: Value) => item.ownerId)).toEqual([person.userId])
      }
      expect((await as(town.owner)('linkedin.messages.list')).items).toEqual([])
    })

    it('are kept by whose inbox it is', async () => {
      expect(await codeOf(keep(town.owner, town.member.userId))).toBe('LINKEDIN_INBOX_FOREIGN')
    })
  })

  describe('linkedin sync status', () => {
    it('is one for each contact', async () => {
      const input = { contactId, syncStatus: 'ok', profileSyncedAt: '2026-01-01T00:00:00.000Z' }
      const made = await as(town.member)('linkedin.sync_status.create', input)
      expect(made).toMatchObject(input)
      expect(await codeOf(as(town.member)('linkedin.sync_status.create', { contactId }))).toBe(
        'LINKEDIN_STATUS_TAKEN',
      )
    })
  })
})
