import { z } from 'zod'

import { timeOutput } from '../../kernel/input.ts'
import type { MessageRow } from './conversation.queries.ts'

export const MESSAGE_ROLES = ['user', 'assistant', 'system', 'tool'] as const

/** A message whose reply is not there after this long lost it: the process that made it is gone. */
export const ABANDONED_AFTER_MS = 15 * 60_000

export const messageOutput = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  parentId: z.uuid().nullable(),
  externalId: z.string().nullable(),
  role: z.enum(MESSAGE_ROLES),
  speaker: z.string().nullable(),
  content: z.string(),
  status: z
    .enum(['pending', 'complete', 'unanswered'])
    .describe('pending while its reply is being made; unanswered when making it failed.'),
  tokenCount: z.int(),
  model: z.string().nullable(),
  mood: z.string().nullable(),
  attraction: z.int().nullable().describe('Attraction of the personality then, 1-11.'),
  gandhiGenghis: z.int().nullable().describe('Its force then, 1-10.'),
  tags: z.array(z.string()),
  tone: z.string().nullable().describe('How it sounds, where somebody or something said so.'),
  confidence: z.number().nullable().describe('How sure its writer was, 0-1.'),
  reactions: z.record(z.string(), z.array(z.uuid())).describe('Who reacted, by reaction.'),
  isPinned: z.boolean(),
  isFlagged: z.boolean(),
  flagReason: z.string().nullable(),
  editedAt: timeOutput.nullable(),
  deletedAt: timeOutput.nullable().describe('When it was deleted; its content is empty from then on.'),
  interface: z.string().nullable(),
  at: timeOutput,
})

/** A message as callers see it; `now` tells a reply that is being made from one that was lost. */
export function toMessage(row: MessageRow, now: Date): z.input<typeof messageOutput> {
  const isLost = row.status === 'pending' && now.getTime() - row.created_at.getTime() > ABANDONED_AFTER_MS
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    externalId: row.external_id,
    role: row.role,
    speaker: row.speaker,
    content: row.content,
    status: isLost ? 'unanswered' : row.status,
    tokenCount: row.token_count,
    model: row.model,
    mood: row.mood,
    attraction: row.attraction,
    gandhiGenghis: row.gandhi_genghis,
    tags: row.tags,
    tone: row.tone,
    confidence: row.confidence,
    reactions: Object.fromEntries(reactionsOf(row)),
    isPinned: row.is_pinned,
    isFlagged: row.is_flagged,
    flagReason: row.flag_reason,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    interface: row.interface,
    at: row.at,
  }
}

/** The reactions to a message, sorted by name, each with the ids of the people. */
export function reactionsOf(row: Pick<MessageRow, 'reactions'>): [string, string[]][] {
  return Object.entries(row.reactions as Record<string, string[]>).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
