import type { Ctx } from '../../db/operation.ts'
import { callUnawaited, type Tx } from '../../db/tx.ts'
import { hasCircle } from '../../kernel/circle.ts'
import { newId } from '../../kernel/ids.ts'
import { countTokens } from '../../llm/tokens.ts'
import { authorizePersonality } from '../identity/index.ts'
import { recordCall, type Change } from '../journal/index.ts'
import { declareKind, putCall, type IndexEntry } from '../search/index.ts'
import { conversationErrors } from './conversation.errors.ts'
import {
  countPending,
  findConversation,
  findExternalIds,
  hasGoneOn,
  lockConversation,
  putBelowReply,
  storeCall,
  type ConversationRow,
  type MessageRow,
} from './conversation.queries.ts'
import { ABANDONED_AFTER_MS } from './message.ts'
import { OFFLINE_MODEL } from './offline-responder.ts'

/** The conversation of that id. Throws CONVERSATION_NOT_FOUND, or KEY_PERSONALITY when the key is not made for it. */
export async function getConversation(ctx: Ctx, id: string): Promise<ConversationRow> {
  return mine(ctx, id, await findConversation(ctx.tx, ctx.town, id))
}

/** The same with its row locked: messages of one conversation are written one after the other. */
export async function lockWhole(ctx: Ctx, id: string): Promise<ConversationRow> {
  return mine(ctx, id, await lockConversation(ctx.tx, ctx.town, id))
}

/** The same, refused when it is archived. */
export async function lockActive(ctx: Ctx, id: string): Promise<ConversationRow> {
  return toActive(ctx, id, await lockConversation(ctx.tx, ctx.town, id))
}

/** What was found under that id, as `lockActive` gives it. */
export function toActive(ctx: Ctx, id: string, row: ConversationRow | undefined): ConversationRow {
  const conversation = mine(ctx, id, row)
  if (conversation.status !== 'active') throw conversationErrors.CONVERSATION_ARCHIVED({ data: { id } })
  return conversation
}

function mine(ctx: Ctx, id: string, row: ConversationRow | undefined): ConversationRow {
  if (!row) throw conversationErrors.CONVERSATION_NOT_FOUND({ data: { id } })
  authorizePersonality(ctx.actor, row.personality)
  return row
}

/** When something that is said now was said: never before what stands in the conversation already. */
export function nextTime(ctx: Ctx, conversation: ConversationRow): Date {
  const now = ctx.clock.now()
  const last = conversation.last_message_at
  return last !== null && last > now ? last : now
}

/** A message before it has an id; privacy and town are the conversation's. */
export type NewMessage = Pick<MessageRow, 'role' | 'speaker' | 'content' | 'status' | 'at'> &
  Partial<
    Pick<
      MessageRow,
      'parent_id' | 'external_id' | 'model' | 'mood' | 'attraction' | 'gandhi_genghis' | 'tags' | 'interface'
    >
  >

function toRow(ctx: Ctx, conversation: ConversationRow, message: NewMessage): MessageRow {
  return {
    town_id: ctx.town,
    id: newId(),
    conversation_id: conversation.id,
    parent_id: null,
    external_id: null,
    model: null,
    mood: null,
    attraction: null,
    gandhi_genghis: null,
    tags: [],
    tone: null,
    confidence: null,
    reactions: {},
    is_pinned: false,
    is_flagged: false,
    flag_reason: null,
    edited_at: null,
    deleted_at: null,
    metadata: null,
    interface: null,
    token_count: countTokens(message.content),
    created_at: ctx.clock.now(),
    privacy: conversation.privacy,
    created_by: conversation.created_by,
    ...message,
  }
}

/** Who is speaking, as the index keeps it. */
function personOf(row: MessageRow): string {
  return row.speaker ?? row.role
}

declareKind('message')

/** What the index keeps of messages: those that people or models said. */
export function toEntries(conversation: ConversationRow, rows: MessageRow[]): IndexEntry[] {
  return (
    rows
      // The offline responder only quotes what is remembered: indexed, its quotes would be recalled and quoted again.
      .filter((row) => (row.role === 'user' || row.role === 'assistant') && row.model !== OFFLINE_MODEL)
      .map((row) => ({
        kind: 'message',
        sourceId: row.id,
        parentId: conversation.id,
        personalityId: conversation.personality_id,
        person: personOf(row),
        title: null,
        content: row.content,
        importance: 5,
        at: row.at,
        endsAt: null,
        privacy: row.privacy,
      }))
  )
}

/** Stores messages of a locked conversation, their index rows and the change they are, in one statement. */
async function store(
  ctx: Ctx,
  conversation: ConversationRow,
  { rows, leaf, change }: { rows: MessageRow[]; leaf: string | null; change: Change },
): Promise<void> {
  const entries = toEntries(conversation, rows)
  const calls = [
    storeCall(conversation.id, rows, { now: ctx.clock.now(), leaf }),
    ...(entries.length > 0 ? [putCall(entries)] : []),
    recordCall(ctx, change),
  ]
  await callUnawaited(ctx.tx, calls)
}

/**
 * Stores one message of a locked conversation, with its index row and its event. It becomes the end of the branch that the
 * person is on when it follows the one that was.
 */
export async function addMessage(
  ctx: Ctx,
  conversation: ConversationRow,
  message: NewMessage,
): Promise<MessageRow> {
  const row = toRow(ctx, conversation, message)
  await store(ctx, conversation, {
    rows: [row],
    leaf: row.parent_id === conversation.current_leaf_id && row.parent_id !== null ? row.id : null,
    change: {
      kind: 'message.created',
      entityKind: 'message',
      entityId: row.id,
      personalityId: conversation.personality_id,
      privacy: row.privacy,
      payload: {
        conversationId: conversation.id,
        role: row.role,
        status: row.status,
        // A listener learns from it that the message above is answered.
        parentId: row.parent_id,
      },
      after: { conversationId: conversation.id, role: row.role, tokenCount: row.token_count, at: row.at },
    },
  })
  return row
}

/**
 * Stores the reply to a message of a locked conversation. Where the person said more while it was made, it comes before
 * that on their branch.
 */
export async function addReply(
  ctx: Ctx,
  conversation: ConversationRow,
  message: NewMessage & { parent_id: string },
): Promise<MessageRow> {
  const row = await addMessage(ctx, conversation, message)
  const leaf = conversation.current_leaf_id
  if (leaf !== null && leaf !== message.parent_id) {
    await putBelowReply(ctx.tx, { town: ctx.town, leaf, messageId: message.parent_id, replyId: row.id })
  }
  return row
}

export type HistoryMessage = {
  externalId?: string | undefined
  parentExternalId?: string | undefined
  role: MessageRow['role']
  speaker?: string | undefined
  at: string
  content: string
  mood?: MessageRow['mood'] | undefined
  attraction?: number | undefined
  gandhiGenghis?: number | undefined
  tags?: string[] | undefined
}

/**
 * Stores history from elsewhere, with no reply: what has an external id that is here already is left as it is.
 * Parents may be in the same batch or an earlier one. `currentLeaf` moves the branch only as long as nothing was said here.
 * Returns how many were new.
 */
export async function appendHistory(
  ctx: Ctx,
  conversation: ConversationRow,
  batch: { messages: HistoryMessage[]; currentLeaf: string | undefined },
): Promise<{ added: MessageRow[]; alreadyThere: number }> {
  const named = batch.messages.flatMap((item) => [item.externalId, item.parentExternalId])
  const external = [...new Set([...named, batch.currentLeaf].filter((item) => item !== undefined))]
  const known = await findExternalIds(ctx.tx, { town: ctx.town, conversationId: conversation.id }, external)
  const rows: MessageRow[] = []
  const parentNames: (string | undefined)[] = []
  for (const message of batch.messages) {
    if (message.externalId !== undefined && known.has(message.externalId)) continue
    const row = toRow(ctx, conversation, {
      role: message.role,
      speaker: message.speaker ?? null,
      content: message.content,
      status: 'complete',
      at: new Date(message.at),
      external_id: message.externalId ?? null,
      mood: message.mood ?? null,
      attraction: message.attraction ?? null,
      gandhi_genghis: message.gandhiGenghis ?? null,
      tags: message.tags ?? [],
    })
    rows.push(row)
    parentNames.push(message.parentExternalId)
    if (message.externalId !== undefined) known.set(message.externalId, row.id)
  }
  const resolve = (name: string | undefined) => {
    if (name === undefined) return null
    const id = known.get(name)
    if (!id) throw conversationErrors.PARENT_NOT_FOUND({ data: { externalId: name } })
    return id
  }
  for (const [index, row] of rows.entries()) row.parent_id = resolve(parentNames[index])
  // Those who follow a branch up to its root would never arrive. Only messages of one batch can form a circle.
  if (hasCircle(new Map(rows.map((row) => [row.id, row.parent_id])))) throw conversationErrors.PARENT_CIRCLE()
  const wanted = resolve(batch.currentLeaf)
  const leaf = wanted === null || (await hasGoneOn(ctx.tx, ctx.town, conversation)) ? null : wanted
  if (rows.length > 0 || (leaf !== null && leaf !== conversation.current_leaf_id)) {
    await store(ctx, conversation, { rows, leaf, change: appended(conversation, rows) })
  }
  return { added: rows, alreadyThere: batch.messages.length - rows.length }
}

function appended(conversation: ConversationRow, rows: MessageRow[]): Change {
  return {
    kind: 'messages.appended',
    entityKind: 'conversation',
    entityId: conversation.id,
    personalityId: conversation.personality_id,
    privacy: conversation.privacy,
    payload: { count: rows.length, firstId: rows[0]?.id ?? null, lastId: rows.at(-1)?.id ?? null },
    after: { count: rows.length },
  }
}

/** How many replies are being made, as far as the actor sees their messages; one that takes too long is made by nobody. */
export function countPendingReplies(tx: Tx, now: Date): Promise<number> {
  return countPending(tx, new Date(now.getTime() - ABANDONED_AFTER_MS))
}
