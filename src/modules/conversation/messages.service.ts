import type { Updateable } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import type { Messages } from '../../db/schema.gen.ts'
import { newId } from '../../kernel/ids.ts'
import { countTokens } from '../../llm/tokens.ts'
import { identityErrors } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { putEntries, removeEntries } from '../search/index.ts'
import { conversationErrors } from './conversation.errors.ts'
import { lockMessage, type ConversationRow, type MessageRow } from './conversation.queries.ts'
import { lockActive, lockWhole, toEntries } from './conversation.service.ts'
import { findAuthor, findMessage, insertFormer, updateMessage } from './messages.queries.ts'
import { OFFLINE_MODEL } from './offline-responder.ts'

/** A message and its conversation, both locked: the conversation first, as those do who add to it. */
export type Locked = { conversation: ConversationRow; message: MessageRow }

/** Locks a message that is there still. Throws MESSAGE_NOT_FOUND, MESSAGE_DELETED, and CONVERSATION_ARCHIVED when asked to. */
export async function lockPresentMessage(
  ctx: Ctx,
  id: string,
  { isActive = false }: { isActive?: boolean } = {},
): Promise<Locked> {
  const seen = await getMessage(ctx, id)
  const conversation = await (isActive ? lockActive : lockWhole)(ctx, seen.conversation_id)
  const message = await lockMessage(ctx.tx, ctx.town, id)
  if (!message) throw conversationErrors.MESSAGE_NOT_FOUND({ data: { id } })
  if (message.deleted_at !== null) throw conversationErrors.MESSAGE_DELETED({ data: { id } })
  return { conversation, message }
}

/** The message of that id. Throws MESSAGE_NOT_FOUND. */
export async function getMessage(ctx: Ctx, id: string): Promise<MessageRow> {
  const row = await findMessage(ctx.tx, { town: ctx.town, id })
  if (!row) throw conversationErrors.MESSAGE_NOT_FOUND({ data: { id } })
  return row
}

/** Puts another text in the place of what a person said; the former one is kept. Throws FORBIDDEN, MESSAGE_NOT_EDITABLE. */
export async function editMessage(ctx: Ctx, locked: Locked, content: string): Promise<MessageRow> {
  const { conversation, message } = locked
  // What a model said is evidence of what it said.
  if (message.role !== 'user') throw conversationErrors.MESSAGE_NOT_EDITABLE({ data: { role: message.role } })
  if ((await authorOf(ctx, locked)) !== ctx.actor.userId) {
    throw identityErrors.FORBIDDEN({ message: 'Only whoever said it edits a message.' })
  }
  if (content === message.content) return message
  const now = ctx.clock.now()
  await keepFormer(ctx, message, 'edited')
  const change = { content, token_count: countTokens(content), edited_at: now }
  const after = await updateMessage(ctx.tx, { town: ctx.town, id: message.id }, change)
  await putEntries(ctx.tx, toEntries(conversation, [after]))
  await recordChange(ctx, locked, 'edited', {
    before: { tokenCount: message.token_count },
    after: { tokenCount: after.token_count, editedAt: now },
  })
  return after
}

/**
 * Hides the text of a message for good, here and in the index; that it was said stays. Throws FORBIDDEN for anybody but who
 * said it, whose conversation it is, and admins.
 */
export async function deleteMessage(ctx: Ctx, locked: Locked): Promise<MessageRow> {
  const { conversation, message } = locked
  const may = [await authorOf(ctx, locked), conversation.created_by]
  if (ctx.actor.clearance !== 'boss' && !may.includes(ctx.actor.userId)) {
    throw identityErrors.FORBIDDEN({
      message: 'Only whoever said it, whose conversation it is, and admins delete a message.',
    })
  }
  const now = ctx.clock.now()
  // An offline reply is nothing but quotes of memories, which may be forgotten later.
  if (message.model !== OFFLINE_MODEL) await keepFormer(ctx, message, 'deleted')
  const change = { content: '', token_count: 0, is_pinned: false, deleted_at: now }
  const after = await updateMessage(ctx.tx, { town: ctx.town, id: message.id }, change)
  await removeEntries(ctx.tx, [message.id])
  await recordChange(ctx, locked, 'deleted', { before: { deletedAt: null }, after: { deletedAt: now } })
  return after
}

/** Changes what people attached to a message; writes nothing where it is so already. */
export async function markMessage(
  ctx: Ctx,
  locked: Locked,
  mark: {
    name: 'pinned' | 'flagged' | 'reacted'
    change: Updateable<Messages>
    before: Record<string, unknown>
    after: Record<string, unknown>
  },
): Promise<MessageRow> {
  const { before, after } = mark
  if (JSON.stringify(before) === JSON.stringify(after)) return locked.message
  const row = await updateMessage(ctx.tx, { town: ctx.town, id: locked.message.id }, mark.change)
  await recordChange(ctx, locked, mark.name, { before, after })
  return row
}

async function authorOf(ctx: Ctx, { conversation, message }: Locked): Promise<string> {
  return (await findAuthor(ctx.tx, { town: ctx.town, id: message.id })) ?? conversation.created_by
}

async function keepFormer(ctx: Ctx, message: MessageRow, change: 'edited' | 'deleted'): Promise<void> {
  await insertFormer(ctx.tx, {
    town_id: ctx.town,
    id: newId(),
    message_id: message.id,
    content: message.content,
    change,
    changed_by: ctx.actor.userId,
    changed_at: ctx.clock.now(),
    privacy: message.privacy,
    created_by: message.created_by,
  })
}

function recordChange(
  ctx: Ctx,
  { conversation, message }: Locked,
  change: string,
  values: { before: Record<string, unknown>; after: Record<string, unknown> },
): Promise<void> {
  return record(ctx, {
    kind: `message.${change}`,
    entityKind: 'message',
    entityId: message.id,
    personalityId: conversation.personality_id,
    privacy: message.privacy,
    payload: { conversationId: conversation.id },
    ...values,
  })
}
