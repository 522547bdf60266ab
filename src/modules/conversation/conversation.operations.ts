import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { actingTown } from '../../db/tx.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import {
  idInput,
  pageInput,
  pageOutput,
  privacyInput,
  slugInput,
  tagsInput,
  textInput,
  timeInput,
  timeOutput,
} from '../../kernel/input.ts'
import { authorizePersonality, authorizePrivacy } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { getPersonality, MOODS, requireActive } from '../persona/index.ts'
import {
  findImported,
  insertConversation,
  listConversations,
  listMessages,
  lockUnlocked,
  updateConversation,
  type ConversationRow,
} from './conversation.queries.ts'
import { appendHistory, getConversation, lockActive, toActive } from './conversation.service.ts'
import { MESSAGE_ROLES, messageOutput, toMessage } from './message.ts'

/** What a conversation can be for. */
export const CONVERSATION_TYPES = ['chat', 'support', 'training', 'system', 'vengeance'] as const

export const conversationOutput = z.object({
  id: z.uuid(),
  personality: z.string(),
  title: z.string().nullable(),
  type: z.enum(CONVERSATION_TYPES),
  status: z.enum(['active', 'archived', 'deleted']),
  interface: z.string().nullable(),
  tags: z.array(z.string()),
  importance: z.int(),
  metadata: z.unknown().describe('What else is kept of it.'),
  messageCount: z.int(),
  lastMessageAt: timeOutput.nullable(),
  externalId: z.string().nullable(),
  privacy: z.enum(PRIVACY_LEVELS),
  createdBy: z.uuid().describe('The person whose conversation it is.'),
  version: z.int(),
  createdAt: timeOutput,
  updatedAt: timeOutput,
})

/** A conversation as callers see it. */
export function toConversation(
  row: Omit<ConversationRow, 'updated_at_key'>,
): z.input<typeof conversationOutput> {
  return {
    id: row.id,
    personality: row.personality,
    title: row.title,
    type: row.type,
    status: row.status,
    interface: row.interface,
    tags: row.tags,
    importance: row.importance,
    metadata: row.metadata,
    messageCount: row.message_count,
    lastMessageAt: row.last_message_at,
    externalId: row.external_id,
    privacy: row.privacy,
    createdBy: row.created_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

const create = defineOperation({
  id: 'conversation.create',
  kind: 'command',
  access: 'user',
  summary:
    'Begins a conversation with a personality. With an externalId that is here already, answers that conversation.',
  http: 'POST /v1/conversations',
  status: 201,
  input: z.strictObject({
    personality: slugInput,
    title: textInput(500).optional(),
    interface: textInput(50).optional().describe('Interface it begins in, as in chat or cursor.'),
    tags: tagsInput.default([]),
    privacy: privacyInput.default('private'),
    externalId: textInput(200).optional().describe('Identity in the product it comes from.'),
    createdAt: timeInput.optional().describe('When it began, for history from elsewhere.'),
  }),
  output: conversationOutput,
  run: async (ctx, input) => {
    authorizePrivacy(ctx.actor, input.privacy)
    const personality = await getPersonality(ctx, input.personality)
    if (input.externalId !== undefined) {
      const key = { town: ctx.town, userId: ctx.actor.userId, externalId: input.externalId }
      const existing = await findImported(ctx.tx, key)
      if (existing) {
        authorizePersonality(ctx.actor, existing.personality)
        return toConversation(existing)
      }
    }
    requireActive(personality)
    const now = ctx.clock.now()
    const id = newId()
    await insertConversation(ctx.tx, {
      town_id: ctx.town,
      id,
      personality_id: personality.id,
      title: input.title ?? null,
      interface: input.interface ?? ctx.interface,
      tags: input.tags,
      external_id: input.externalId ?? null,
      privacy: input.privacy,
      created_by: ctx.actor.userId,
      created_at: input.createdAt ? new Date(input.createdAt) : now,
      updated_at: now,
    })
    await record(ctx, {
      kind: 'conversation.created',
      entityKind: 'conversation',
      entityId: id,
      personalityId: personality.id,
      privacy: input.privacy,
      payload: { personality: personality.slug },
      after: { personality: personality.slug, title: input.title ?? null },
    })
    return toConversation(await getConversation(ctx, id))
  },
})

const list = defineOperation({
  id: 'conversation.list',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists conversations, the one that changed last first.',
  http: 'GET /v1/conversations',
  input: z.strictObject({
    personality: slugInput.optional().describe('Only with this personality.'),
    status: z.enum(['active', 'archived']).default('active'),
    mine: z.boolean().default(false).describe('Only those that you made.'),
    ...pageInput,
  }),
  output: pageOutput(conversationOutput),
  run: async (ctx, input) => {
    const rows = await listConversations(ctx.tx, ctx.town, {
      personality: input.personality,
      slugs: ctx.actor.personalities,
      createdBy: input.mine ? ctx.actor.userId : undefined,
      status: input.status,
      after: decodeCursor(input.cursor),
      limit: input.limit,
    })
    return toPage(rows, input.limit, {
      item: toConversation,
      keyset: (row) => ({ value: row.updated_at_key, id: row.id }),
    })
  },
})

const get = defineOperation({
  id: 'conversation.get',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows one conversation.',
  http: 'GET /v1/conversations/{id}',
  input: z.strictObject({ id: idInput }),
  output: conversationOutput,
  run: async (ctx, input) => toConversation(await getConversation(ctx, input.id)),
})

const archive = defineOperation({
  id: 'conversation.archive',
  kind: 'command',
  access: 'user',
  summary: 'Archives a conversation: it takes no more messages and leaves the list; nothing is erased.',
  http: 'DELETE /v1/conversations/{id}',
  input: z.strictObject({ id: idInput }),
  output: conversationOutput,
  run: async (ctx, input) => {
    const before = await getConversation(ctx, input.id)
    if (before.status === 'active') {
      await updateConversation(
        ctx.tx,
        { town: ctx.town, id: before.id },
        { status: 'archived', updated_at: ctx.clock.now() },
      )
      await record(ctx, {
        kind: 'conversation.archived',
        entityKind: 'conversation',
        entityId: before.id,
        personalityId: before.personality_id,
        privacy: before.privacy,
        before: { status: before.status },
        after: { status: 'archived' },
      })
    }
    return toConversation(await getConversation(ctx, input.id))
  },
})

const messages = defineOperation({
  id: 'conversation.messages',
  kind: 'query',
  access: 'readonly',
  summary: 'Lists the messages of a conversation, oldest first, all branches.',
  http: 'GET /v1/conversations/{id}/messages',
  input: z.strictObject({ id: idInput, ...pageInput }),
  output: pageOutput(messageOutput),
  run: async (ctx, input) => {
    const conversation = await getConversation(ctx, input.id)
    const rows = await listMessages(
      ctx.tx,
      { town: ctx.town, conversationId: conversation.id },
      { after: decodeCursor(input.cursor), limit: input.limit },
    )
    const now = ctx.clock.now()
    return toPage(rows, input.limit, {
      item: (row) => toMessage(row, now),
      keyset: (row) => ({ value: row.at_key, id: row.id }),
    })
  },
})

const append = defineOperation({
  id: 'conversation.append',
  kind: 'command',
  access: 'user',
  summary:
    'Stores history from elsewhere, without a reply. Messages whose externalId is here already are left as they are.',
  http: 'POST /v1/conversations/{id}/messages/bulk',
  maxBodyBytes: 32 * 1024 * 1024,
  input: z.strictObject({
    id: idInput,
    messages: z
      .array(
        z.strictObject({
          externalId: textInput(200).optional().describe('Identity elsewhere, unique in the conversation.'),
          parentExternalId: textInput(200)
            .optional()
            .describe('Message it follows, where the conversation branches.'),
          role: z.enum(MESSAGE_ROLES),
          speaker: textInput(200).optional(),
          at: timeInput,
          content: textInput(2_000_000),
          mood: z.enum(MOODS).optional().describe('Mood of the personality then.'),
          attraction: z.int().min(1).max(11).optional().describe('Its attraction then.'),
          gandhiGenghis: z.int().min(1).max(10).optional().describe('Its force then.'),
          tags: z.array(textInput(100)).max(50).optional().describe('What it is about, in words.'),
        }),
      )
      .min(1)
      .max(1_000),
    currentLeaf: textInput(200)
      .optional()
      .describe(
        'externalId of the newest message of the branch the person is on; left alone once they went on here.',
      ),
  }),
  output: z.object({
    added: z.int(),
    alreadyThere: z.int(),
    ids: z.array(z.uuid()).describe('Ids of the messages that were added, in order.'),
  }),
  first: (tx, { id }) => lockUnlocked(tx, actingTown, id),
  run: async (ctx, input, locked) => {
    refuseFuture(input.messages, ctx.clock.now())
    const conversation = locked ? toActive(ctx, input.id, locked) : await lockActive(ctx, input.id)
    const { added, alreadyThere } = await appendHistory(ctx, conversation, {
      messages: input.messages,
      currentLeaf: input.currentLeaf,
    })
    return { added: added.length, alreadyThere, ids: added.map((row) => row.id) }
  },
})

/** Clocks differ a little, and zones up to a day; what is later would stand behind everything that is said from now on. */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000

function refuseFuture(messages: { at: string }[], now: Date): void {
  const fields = messages.flatMap(({ at }, index) =>
    Date.parse(at) > now.getTime() + MOST_AHEAD_MS
      ? [{ path: `messages.${index}.at`, message: 'must not be more than a day in the future' }]
      : [],
  )
  if (fields.length > 0) throw kernelErrors.INVALID_INPUT({ fields })
}

export const conversationOperations: readonly AnyOperation[] = [create, list, get, archive, messages, append]
