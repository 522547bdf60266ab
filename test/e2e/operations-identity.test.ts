import { expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { openHttp } from './http-client.ts'
import { addPerson } from './people.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

let last = 0
const fresh = (word: string) => `${word}-${++last}`

eachBackend((backend) => {
  const stage = useStage(backend)

  /** A session of the owner, opened with a link. */
  const signIn = async () => {
    const { link } = await stage().http().call('identity.sign_in_link')
    const { search } = new URL(link)
    await fetch(`${stage().app.address}/v1/auth/link${search}`, { redirect: 'manual' })
    const { items } = await stage().http().call('identity.sessions.list')
    return items[0]
  }

  /** Another town of the owner's, over HTTP. */
  const elsewhere = async () => {
    const slug = fresh('elsewhere')
    await stage().http().call('town.create', { slug, name: slug })
    const { key } = await stage().http().call('identity.keys.create', { name: 'there', town: slug })
    return { slug, http: openHttp(stage().app.address, key) }
  }

  provesOnEachDoor('identity.me', 'shows the profile', async (name) => {
    const door = await stage().door(name, stage().guest)
    expect(await door.call('identity.me')).toMatchObject({
      userId: stage().guest.userId,
      name: 'Gus',
      jobTitle: null,
      isVip: false,
    })
  })

  provesOnEachDoor('identity.sessions.list', 'lists sessions', async (name) => {
    const { id } = await signIn()
    const { items } = await (await stage().door(name)).call('identity.sessions.list')
    expect(items.map((item: Value) => item.id)).toContain(id)
  })

  provesOnEachDoor('identity.sessions.end', 'ends a session', async (name) => {
    const { id } = await signIn()
    const door = await stage().door(name)
    expect(await door.call('identity.sessions.end', { id })).toEqual({ id, ended: true })
    await door.refuse('identity.sessions.end', { id }, 'SESSION_NOT_FOUND')
  })

  provesOnEachDoor('identity.invitations.create', 'invites a person', async (name) => {
    const email = `${fresh('invited')}@example.org`
    const { invitation, token } = await (
      await stage().door(name)
    ).call('identity.invitations.create', { email })
    expect(invitation).toMatchObject({ email, role: 'user', status: 'open', attractionCeiling: 7 })
    expect(token).toMatch(/^rvi_/)
  })

  provesOnEachDoor('identity.invitations.list', 'lists invitations', async (name) => {
    const email = `${fresh('listed')}@example.org`
    await stage().http().call('identity.invitations.create', { email })
    const { items } = await (await stage().door(name)).call('identity.invitations.list', { limit: 1 })
    expect(items).toMatchObject([{ email, status: 'open' }])
  })

  provesOnEachDoor('identity.invitations.revoke', 'takes an invitation back', async (name) => {
    const email = `${fresh('revoked')}@example.org`
    const { id } = (await stage().http().call('identity.invitations.create', { email })).invitation
    const door = await stage().door(name)
    const revoked = await door.call('identity.invitations.revoke', { id })
    expect(await door.call('identity.invitations.revoke', { id })).toEqual(revoked)
  })

  provesOnEachDoor('identity.invitations.accept', 'joins the town', async (name) => {
    const person = await addPerson(stage().http(), { name: 'Ines', role: 'user', townId: stage().townId })
    const { email } = await stage().http(person).call('identity.me')
    const { slug, http } = await elsewhere()
    const { token } = await http.call('identity.invitations.create', { email, role: 'readonly' })
    const door = await stage().door(name, person)
    const accepted = await door.call('identity.invitations.accept', { token })
    expect(accepted).toMatchObject({ town: { slug }, role: 'readonly' })
    const { items } = await stage().http(person).call('town.list')
    expect(items.map((item: Value) => item.slug)).toContain(slug)
    await door.refuse('identity.invitations.accept', { token }, 'INVITATION_ENDED')
  })

  provesOnEachDoor('journal.audit.list', 'lists audit rows', async (name) => {
    const { slug } = await elsewhere()
    const { items } = await (
      await stage().door(name)
    ).call('journal.audit.list', { operation: 'identity.keys.create', limit: 5 })
    expect(slug).toMatch(/^elsewhere/)
    expect(items.every((item: Value) => item.operation === 'identity.keys.create')).toBe(true)
  })

  provesOnEachDoor('journal.audit.verify', 'proves the chain', async (name) => {
    await stage().http().call('memory.remember', { content: 'Chained.' })
    const proof = await (await stage().door(name)).call('journal.audit.verify')
    expect(proof).toMatchObject({ isWhole: true, nextFrom: null, broken: null })
    expect(proof.checkedCount).toBe(proof.headSeq)
    const member = await stage().door(name, stage().member)
    await member.refuse('journal.audit.verify', {}, 'FORBIDDEN')
  })

  provesOnEachDoor('journal.events.list', 'lists events', async (name) => {
    const made = await stage()
      .http()
      .call('conversation.create', { personality: 'allanbot', privacy: 'team' })
    const door = await stage().door(name, stage().member)
    const { items } = await door.call('journal.events.list', { entityId: made.id })
    expect(items).toMatchObject([{ kind: 'conversation.created', entityId: made.id }])
  })
})
