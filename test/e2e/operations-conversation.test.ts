import { expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

eachBackend((backend) => {
  const stage = useStage(backend)

  /** A message that the owner said in a conversation of their own, made over HTTP. */
  const said = async (content: string) => {
    const http = stage().http()
    const { id } = await http.call('conversation.create', { personality: 'bookkeeper', privacy: 'team' })
    return (await http.call('conversation.send', { id, content })).userMessage
  }

  provesOnEachDoor('conversation.update', 'changes what a conversation is called', async (name) => {
    const { id } = await stage().http().call('conversation.create', { personality: 'bookkeeper' })
    const door = await stage().door(name)
    const change = { title: 'Quarter', tags: ['tax'], importance: 8, type: 'support' }
    const changed = await door.call('conversation.update', { id, version: 1, ...change })
    expect(changed).toMatchObject({ ...change, version: 2 })
    await door.refuse('conversation.update', { id, version: 1, title: 'x' }, 'CONVERSATION_VERSION_STALE')
  })

  provesOnEachDoor('conversation.messages.edit', 'edits a text', async (name) => {
    const { id } = await said('Due on Monday.')
    const edited = await (
      await stage().door(name)
    ).call('conversation.messages.edit', { id, content: 'Due on Tuesday.' })
    expect(edited).toMatchObject({ id, content: 'Due on Tuesday.', editedAt: expect.any(String) })
  })

  provesOnEachDoor('conversation.messages.delete', 'hides a text', async (name) => {
    const { id, conversationId } = await said('Never mind.')
    await (await stage().door(name)).call('conversation.messages.delete', { id })
    const { items } = await stage().http().call('conversation.messages', { id: conversationId })
    expect(items[0]).toMatchObject({ id, content: '', deletedAt: expect.any(String) })
  })

  provesOnEachDoor('conversation.messages.pin', 'pins a message', async (name) => {
    const { id } = await said('Keep this.')
    const door = await stage().door(name, stage().member)
    expect(await door.call('conversation.messages.pin', { id })).toMatchObject({ isPinned: true })
  })

  provesOnEachDoor('conversation.messages.flag', 'flags a message', async (name) => {
    const { id } = await said('Not so.')
    const door = await stage().door(name, stage().member)
    const flagged = await door.call('conversation.messages.flag', { id, reason: 'wrong' })
    expect(flagged).toMatchObject({ isFlagged: true, flagReason: 'wrong' })
  })

  provesOnEachDoor('conversation.messages.react', 'reacts to a message', async (name) => {
    const { id } = await said('Done.')
    const { member } = stage()
    const door = await stage().door(name, member)
    const reacted = await door.call('conversation.messages.react', { id, reaction: '🎉' })
    expect(reacted.reactions).toEqual({ '🎉': [member.userId] })
  })

  provesOnEachDoor('conversation.messages.history', 'lists the former texts', async (name) => {
    const { id } = await said('First words.')
    await stage().http().call('conversation.messages.edit', { id, content: 'Second words.' })
    const { items } = await (await stage().door(name)).call('conversation.messages.history', { id })
    expect(items).toMatchObject([{ change: 'edited', content: 'First words.' }])
  })

  provesOnEachDoor('presence.notifications.acknowledge', 'acknowledges for every interface', async (name) => {
    const http = stage().http()
    const door = await stage().door(name)
    const { id: personalityId } = await http.call('persona.get', { slug: 'gatekeeper' })
    const told = { personalityId, type: 'info', title: 'Tea', message: 'It is ready.' }
    const notification = await http.call('presence.notifications.create', told)
    const delivery = { notificationId: notification.id, interface: 'chat', interfaceId: name }
    const delivered = await http.call('presence.deliveries.create', delivery)
    const answer = await door.call('presence.notifications.acknowledge', { id: notification.id })
    expect(answer).toMatchObject({ wasAcknowledged: false, acknowledgedBy: stage().owner.userId })
    expect(await http.call('presence.deliveries.get', { id: delivered.id })).toMatchObject({
      isAcknowledged: true,
    })
  })

  provesOnEachDoor('presence.interfaces.heartbeat', 'stays there by its heartbeat', async (name) => {
    const http = stage().http()
    const door = await stage().door(name)
    const { id: personalityId } = await http.call('persona.get', { slug: 'gatekeeper' })
    const made = { personalityId, interface: 'chat', interfaceId: name }
    const { id } = await http.call('presence.interfaces.create', made)
    expect(await door.call('presence.interfaces.heartbeat', { id, status: 'idle' })).toMatchObject({
      id,
      status: 'idle',
    })
  })
})
