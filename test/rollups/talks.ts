import { expect } from 'vitest'

import { countTokens } from '../../src/llm/tokens.ts'
import { at, latest, privacyOf, type Part } from './world.ts'

/** Conversations: how many messages stand in them, how long those are, and when the last was said. */
export const talks: Part = {
  refusals: [
    'CONVERSATION_ARCHIVED',
    'CONVERSATION_NOT_FOUND',
    'MESSAGE_NOT_FOUND',
    'MESSAGE_DELETED',
    'MESSAGE_NOT_EDITABLE',
  ],
  steps: {
    async begin(die, call, world) {
      const { id } = await call('conversation.create', {
        personality: at(['robbie-f', 'robbie-m'], die.a),
        privacy: privacyOf(die),
      })
      world.know('conversations', id)
    },
    async append(die, call, world) {
      const messages = Array.from({ length: 1 + (die.c % 5) }, (_, n) => ({
        role: at(['user', 'assistant', 'system'], n),
        at: new Date(world.now - Math.abs(die.hours) * 3_600_000 - n * 1_000).toISOString(),
        content: `Word ${'more '.repeat(die.b % 20)}${n}`,
        // Some are here already: they are not counted again.
        ...(n % 2 ? { externalId: `message ${(die.a + n) % 30}` } : {}),
      }))
      const { ids } = await call('conversation.append', { id: world.some('conversations', die.a), messages })
      world.know('messages', ...ids)
    },
    async send({ a, b }, call, world) {
      const sent = await call('conversation.send', {
        id: world.some('conversations', a),
        content: `What about ${b}?`,
      })
      world.know('messages', sent.userMessage.id, sent.reply.id)
    },
    edit: ({ a, b }, call, world) =>
      call('conversation.messages.edit', {
        id: world.some('messages', a),
        content: `Said otherwise ${'again '.repeat(b % 30)}`,
      }),
    unsayMessage: ({ a }, call, world) =>
      call('conversation.messages.delete', { id: world.some('messages', a) }),
    async archive({ a, b }, call, world) {
      // Seldom: what is archived takes no more messages.
      if (b % 5 === 0) await call('conversation.archive', { id: world.some('conversations', a) })
    },
  },
  async compare(_, viewer) {
    const messages = await viewer.rows('conversation.messages')
    for (const { id } of await viewer.rows('conversation.conversations')) {
      const own = messages.filter((message) => message.conversation_id === id)
      const shown = await viewer.call('conversation.get', { id })
      expect(shown, `conversation as ${viewer.name}`).toMatchObject({
        messageCount: own.length,
        lastMessageAt: latest(own.map((message) => message.at)),
      })
    }
    for (const { content, token_count: count } of messages) expect(count).toBe(countTokens(content))
  },
}
