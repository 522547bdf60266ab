import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { idInput, pageInput, pageOutput, textInput, timeOutput } from '../../kernel/input.ts'
import { getConversation } from './conversation.service.ts'
import { conversationErrors } from './conversation.errors.ts'
import { messageOutput, reactionsOf, toMessage } from './message.ts'
import { listFormer } from './messages.queries.ts'
import {
  deleteMessage,
  editMessage,
  getMessage,
  lockPresentMessage,
  markMessage,
} from './messages.service.ts'

const MOST_REACTIONS = 50

const edit = defineOperation({
  id: 'conversation.messages.edit',
  kind: 'command',
  access: 'user',
  summary: 'Edits what you said in a conversation; the former text is kept in its history.',
  http: 'PATCH /v1/messages/{id}',
  input: z.strictObject({ id: idInput, content: textInput(200_000) }),
  output: messageOutput,
  run: async (ctx, { id, content }) => {
    const locked = await lockPresentMessage(ctx, id, { isActive: true })
    return toMessage(await editMessage(ctx, locked, content), ctx.clock.now())
  },
})

const remove = defineOperation({
  id: 'conversation.messages.delete',
  kind: 'command',
  access: 'user',
  summary: 'Hides the text of a message for good; that something was said there stays.',
  http: 'DELETE /v1/messages/{id}',
  input: z.strictObject({ id: idInput }),
  output: messageOutput,
  run: async (ctx, { id }) =>
    toMessage(await deleteMessage(ctx, await lockPresentMessage(ctx, id)), ctx.clock.now()),
})

const pin = defineOperation({
  id: 'conversation.messages.pin',
  kind: 'command',
  access: 'user',
  summary: 'Pins a message, or takes the pin away.',
  http: 'POST /v1/messages/{id}/pin',
  input: z.strictObject({ id: idInput, isPinned: z.boolean().default(true) }),
  output: messageOutput,
  run: async (ctx, { id, isPinned }) => {
    const locked = await lockPresentMessage(ctx, id)
    const row = await markMessage(ctx, locked, {
      name: 'pinned',
      change: { is_pinned: isPinned },
      before: { isPinned: locked.message.is_pinned },
      after: { isPinned },
    })
    return toMessage(row, ctx.clock.now())
  },
})

const flag = defineOperation({
  id: 'conversation.messages.flag',
  kind: 'command',
  access: 'user',
  summary: 'Flags a message as a problem, with the reason, or takes the flag away.',
  http: 'POST /v1/messages/{id}/flag',
  input: z.strictObject({
    id: idInput,
    isFlagged: z.boolean().default(true),
    reason: textInput(2_000).optional().describe('Why; goes with the flag.'),
  }),
  output: messageOutput,
  run: async (ctx, { id, isFlagged, reason }) => {
    const locked = await lockPresentMessage(ctx, id)
    const flagReason = isFlagged ? (reason ?? null) : null
    const row = await markMessage(ctx, locked, {
      name: 'flagged',
      change: { is_flagged: isFlagged, flag_reason: flagReason },
      before: { isFlagged: locked.message.is_flagged, flagReason: locked.message.flag_reason },
      after: { isFlagged, flagReason },
    })
    return toMessage(row, ctx.clock.now())
  },
})

const react = defineOperation({
  id: 'conversation.messages.react',
  kind: 'command',
  access: 'user',
  summary: 'Puts your reaction to a message, or takes it away.',
  http: 'POST /v1/messages/{id}/reactions',
  input: z.strictObject({
    id: idInput,
    reaction: textInput(50).describe('An emoji or a word.'),
    isOn: z.boolean().default(true).describe('false takes your reaction away.'),
  }),
  output: messageOutput,
  run: async (ctx, { id, reaction, isOn }) => {
    const locked = await lockPresentMessage(ctx, id)
    const before = reactionsOf(locked.message)
    const others = (before.find(([name]) => name === reaction)?.[1] ?? []).filter(
      (userId) => userId !== ctx.actor.userId,
    )
    const people = isOn ? [...others, ctx.actor.userId].toSorted() : others
    const rest = before.filter(([name]) => name !== reaction)
    const after = people.length > 0 ? [...rest, [reaction, people] as const] : rest
    if (after.length > MOST_REACTIONS) throw conversationErrors.REACTIONS_FULL()
    const sorted = after.toSorted(([a], [b]) => (a < b ? -1 : 1))
    const row = await markMessage(ctx, locked, {
      name: 'reacted',
      change: { reactions: JSON.stringify(Object.fromEntries(sorted)) },
      before: { reactions: before },
      after: { reactions: sorted },
    })
    return toMessage(row, ctx.clock.now())
  },
})

const history = defineOperation({
  id: 'conversation.messages.history',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists what a message said before it was edited, newest first; nothing of one that was deleted.',
  http: 'GET /v1/messages/{id}/history',
  input: z.strictObject({ id: idInput, ...pageInput }),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      change: z.enum(['edited', 'deleted']).describe('What replaced the text.'),
      content: z.string().nullable().describe('The text before; null once the message is deleted.'),
      changedBy: z.uuid(),
      changedAt: timeOutput,
    }),
  ),
  run: async (ctx, input) => {
    const message = await getMessage(ctx, input.id)
    await getConversation(ctx, message.conversation_id)
    const rows = await listFormer(
      ctx.tx,
      { town: ctx.town, id: message.id },
      { after: decodeCursor(input.cursor), limit: input.limit },
    )
    return toPage(rows, input.limit, {
      item: (row) => ({
        id: row.id,
        change: row.change,
        content: message.deleted_at === null ? row.content : null,
        changedBy: row.changed_by,
        changedAt: row.changed_at,
      }),
      keyset: (row) => ({ value: row.changed_at_key, id: row.id }),
    })
  },
})

export const messageOperations: readonly AnyOperation[] = [edit, remove, pin, flag, react, history]
