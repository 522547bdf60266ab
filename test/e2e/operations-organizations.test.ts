import { expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { addPerson } from './people.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

let last = 0
const fresh = (word: string) => `${word}-${++last}`

eachBackend((backend) => {
  const stage = useStage(backend)

  const makeFirm = async (): Promise<string> => {
    const { id } = await stage()
      .http()
      .call('identity.organizations.create', { slug: fresh('firm'), name: 'Firm' })
    return id
  }
  const newPerson = () =>
    addPerson(stage().http(), { name: fresh('Pat'), role: 'user', townId: stage().townId })
  const setRole = (id: string, person: string, role: string) =>
    stage().http().call('identity.organization_members.set', { id, person, role })

  provesOnEachDoor('identity.accounts.list', 'lists ways of signing in', async (name) => {
    const { link } = await stage().http().call('identity.sign_in_link')
    await fetch(link, { redirect: 'manual' })
    const { items } = await (await stage().door(name)).call('identity.accounts.list')
    expect(items).toMatchObject([{ provider: 'magic-link' }])
    expect(Object.keys(items[0]).toSorted()).toEqual(['createdAt', 'id', 'lastUsedAt', 'provider'])
  })

  provesOnEachDoor('identity.former_members', 'lists who left, to admins', async (name) => {
    const { userId } = await newPerson()
    await stage().http().call('identity.members.remove', { id: userId })
    const door = await stage().door(name)
    const { items } = await door.call('identity.former_members', { limit: 1 })
    expect(items).toMatchObject([{ userId }])
    const member = await stage().door(name, stage().member)
    await member.refuse('identity.former_members', {}, 'FORBIDDEN')
  })

  provesOnEachDoor('identity.organizations.create', 'makes an organization', async (name) => {
    const door = await stage().door(name)
    const input = { slug: fresh('firm'), name: 'Made' }
    expect(await door.call('identity.organizations.create', input)).toMatchObject(input)
    await door.refuse('identity.organizations.create', input, 'ORGANIZATION_SLUG_TAKEN')
    const member = await stage().door(name, stage().member)
    await member.refuse('identity.organizations.create', input, 'FORBIDDEN')
  })

  provesOnEachDoor('identity.organizations.list', 'lists organizations and towns', async (name) => {
    const { items } = await (await stage().door(name)).call('identity.organizations.list')
    expect(items[0]).toMatchObject({ slug: 'home', role: 'owner' })
    expect(items[0].towns).toContainEqual({ id: stage().townId, slug: 'home', part: 'owner' })
    const member = await stage().door(name, stage().member)
    expect((await member.call('identity.organizations.list')).items).toEqual([])
  })

  provesOnEachDoor('identity.organization_members.list', 'lists members', async (name) => {
    const id = await makeFirm()
    const { items } = await (await stage().door(name)).call('identity.organization_members.list', { id })
    expect(items).toMatchObject([{ userId: stage().owner.userId, role: 'owner' }])
    const member = await stage().door(name, stage().member)
    await member.refuse('identity.organization_members.list', { id }, 'ORGANIZATION_NOT_FOUND')
  })

  provesOnEachDoor('identity.organization_members.set', 'gives a role', async (name) => {
    const id = await makeFirm()
    const { userId: person } = await newPerson()
    const door = await stage().door(name)
    const set = { id, person, role: 'employee' }
    expect(await door.call('identity.organization_members.set', set)).toMatchObject({ role: 'employee' })
    const owner = { ...set, person: stage().owner.userId }
    await door.refuse('identity.organization_members.set', owner, 'ORGANIZATION_OWNER_STAYS')
    const { items } = await stage().http().call('journal.audit.list', { entityId: person, limit: 1 })
    expect(items).toMatchObject([{ after: { organizationId: id, role: 'employee' } }])
  })

  provesOnEachDoor('identity.organization_members.remove', 'takes a person out', async (name) => {
    const id = await makeFirm()
    const { userId: person } = await newPerson()
    await setRole(id, person, 'manager')
    const door = await stage().door(name)
    await door.call('identity.organization_members.remove', { id, person })
    await door.refuse('identity.organization_members.remove', { id, person }, 'MEMBER_NOT_FOUND')
  })

  it('lets admins of an organization give roles below theirs, others none, and each leave', async () => {
    const id = await makeFirm()
    const [admin, worker, other] = [await newPerson(), await newPerson(), await newPerson()]
    await setRole(id, admin.userId, 'admin')
    await setRole(id, worker.userId, 'manager')
    const as = (person: Value) => stage().http(person)
    const set = 'identity.organization_members.set'
    await as(admin).call(set, { id, person: other.userId, role: 'contractor' })
    await as(admin).refuse(set, { id, person: other.userId, role: 'admin' }, 'FORBIDDEN')
    await as(admin).refuse(set, { id, person: admin.userId, role: 'manager' }, 'FORBIDDEN')
    await as(worker).refuse(set, { id, person: other.userId, role: 'employee' }, 'FORBIDDEN')
    await as(worker).call('identity.organization_members.remove', { id, person: worker.userId })
    await as(worker).refuse(set, { id, person: other.userId, role: 'employee' }, 'ORGANIZATION_NOT_FOUND')
  })

  it('lets nobody into an organization by signing in as one of its people', async () => {
    const boss = await newPerson()
    await stage().http().call('identity.members.update', { id: boss.userId, role: 'admin' })
    const victim = await newPerson()
    const { email } = await stage().http(victim).call('identity.me')
    await stage().http(boss).call('identity.sign_in_link', { person: email })
    await setRole(await makeFirm(), victim.userId, 'manager')
    await stage().http(boss).refuse('identity.sign_in_link', { person: email }, 'FORBIDDEN')
    await stage().http().call('identity.sign_in_link', { person: email })
  })

  it('keeps no role of who left their last town, so that they can be taken in again', async () => {
    const id = await makeFirm()
    const { userId } = await newPerson()
    await setRole(id, userId, 'employee')
    const { items } = await stage().http().call('identity.members', { limit: 100 })
    const { email } = items.find((item: Value) => item.userId === userId)
    await stage().http().call('identity.members.remove', { id: userId })
    const members = await stage().http().call('identity.organization_members.list', { id })
    expect(members.items.map((item: Value) => item.userId)).toEqual([stage().owner.userId])
    const { member } = await stage().http().call('identity.members.add', { email, name: 'Back' })
    expect(member.userId).toBe(userId)
    const former = await stage().http().call('identity.former_members', { limit: 100 })
    expect(former.items.map((item: Value) => item.userId)).not.toContain(userId)
  })
})
