import { beforeAll, describe, expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage, type Stage } from './stage.ts'

const at = '2026-03-01T12:00:00.000Z'

eachBackend((backend) => {
  const stage = useStage(backend)

  describe('google', () => googleTests(stage))
  describe('slack', () => slackTests(stage))
  describe('linkedin', () => linkedinTests(stage))
})

const onlyId = ({ ids }: Value): string => Object.values(ids as Record<string, string>)[0]!

/** An account of the member with one thing of each kind, opened to the other member. */
async function makeAccount(stage: Stage): Promise<{ account: string; thread: string }> {
  const { member, other } = stage
  const email = `mia-${backendName(stage)}@example.com`
  const { id: account } = await stage.http().call('google.accounts.create', { email, userId: member.userId })
  const rule = { viewerId: other.userId, targetEmail: email, isAdminAccess: true }
  await stage.http().call('google.rules.create', rule)
  const keep = (operation: string, item: Record<string, unknown>) =>
    stage.http(member).call(operation, { items: [{ externalId: 'x', googleUserId: account, ...item }] })
  await keep('google.mails.upsert', { subject: 'The offer', receivedAt: at })
  const thread = onlyId(await keep('google.threads.upsert', { subject: 'The offer' }))
  await keep('google.events.upsert', { title: 'The fair', calendarExternalId: 'primary', startsAt: at })
  await keep('google.files.upsert', { name: 'plan.pdf' })
  await keep('google.tasks.upsert', { title: 'Call', taskListExternalId: 'list' })
  await keep('google.contacts.upsert', { fullName: 'Wally' })
  return { account, thread }
}

const backendName = (stage: Stage) => stage.home.backend

function googleTests(stage: () => Stage) {
  let made: { account: string; thread: string }
  beforeAll(async () => {
    made = await makeAccount(stage())
  })

  provesOnEachDoor('google.access', 'tells what of an account one may see', async (name) => {
    const door = await stage().door(name, stage().other)
    expect(await door.call('google.access', { id: made.account })).toEqual({
      kinds: ['gmail', 'calendar', 'drive', 'tasks', 'contacts'],
    })
    expect(await stage().http().call('google.access', { id: made.account })).toEqual({ kinds: [] })
  })

  const seen = async (name: Parameters<Stage['door']>[0], operation: string): Promise<Value> => {
    const input = { id: made.account }
    const { items } = await (await stage().door(name, stage().other)).call(operation, input)
    expect(items).toHaveLength(1)
    expect(items[0].createdBy).toBe(stage().member.userId)
    await (await stage().door(name)).refuse(operation, input, 'GOOGLE_ACCESS_DENIED')
    return items[0]
  }
  provesOnEachDoor('google.shared_mails', 'lists mails that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_mails')).toMatchObject({ subject: 'The offer', attachments: [] })
  })
  provesOnEachDoor('google.shared_threads', 'lists threads that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_threads')).toMatchObject({ subject: 'The offer' })
  })
  provesOnEachDoor('google.shared_events', 'lists events that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_events')).toMatchObject({ title: 'The fair', startsAt: at })
  })
  provesOnEachDoor('google.shared_files', 'lists files that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_files')).toMatchObject({ name: 'plan.pdf' })
  })
  provesOnEachDoor('google.shared_tasks', 'lists tasks that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_tasks')).toMatchObject({ title: 'Call' })
  })
  provesOnEachDoor('google.shared_contacts', 'lists contacts that a rule opens', async (name) => {
    expect(await seen(name, 'google.shared_contacts')).toMatchObject({ fullName: 'Wally' })
  })

  provesOnEachDoor('google.mark_thread', 'marks a thread of one’s own', async (name) => {
    const marks = { requiresResponse: true, sentiment: 'neutral', tags: [name] }
    const door = await stage().door(name, stage().member)
    expect(await door.call('google.mark_thread', { id: made.thread, ...marks })).toMatchObject(marks)
    const foreign = await stage().door(name)
    await foreign.refuse('google.mark_thread', { id: made.thread, tags: [] }, 'RESOURCE_NOT_FOUND')
  })
}

function slackTests(stage: () => Stage) {
  provesOnEachDoor('slack.mark_message', 'marks a message', async (name) => {
    const http = stage().http(stage().member)
    const keep = async (operation: string, item: Record<string, unknown>) =>
      onlyId(await http.call(operation, { items: [item] }))
    const workspaceId = await keep('slack.workspaces.upsert', { externalId: `T-${name}` })
    const channelId = await keep('slack.channels.upsert', { externalId: 'C1', workspaceId })
    const message = { externalId: '1700000000.000100', channelId, content: 'Hello', postedAt: at }
    const id = await keep('slack.messages.upsert', message)
    const marks = { isImportant: true, requiresAction: true, sentiment: 'positive' }
    const door = await stage().door(name, stage().member)
    expect(await door.call('slack.mark_message', { id, ...marks })).toMatchObject({ ...marks, version: 2 })
    await (await stage().door(name)).refuse('slack.mark_message', { id }, 'RESOURCE_NOT_FOUND')
  })
}

function linkedinTests(stage: () => Stage) {
  provesOnEachDoor('linkedin.link_profile', 'says which contact a profile is', async (name) => {
    const http = stage().http()
    const profile = { externalId: `in/ada-${name}`, profileUrl: 'https://www.linkedin.com/in/ada' }
    const id = onlyId(await http.call('linkedin.profiles.upsert', { items: [profile] }))
    const contact = await http.call('crm.contacts.create', { firstName: 'Ada' })
    const door = await stage().door(name)
    const linked = await door.call('linkedin.link_profile', { id, contactId: contact.id })
    expect(linked).toMatchObject({ contactId: contact.id, version: 2 })
    const unknown = { id, contactId: crypto.randomUUID() }
    await door.refuse('linkedin.link_profile', unknown, 'REFERENCE_NOT_FOUND')
  })
}
