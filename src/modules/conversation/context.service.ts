import type { Ctx } from '../../db/operation.ts'
import type { PromptMessage } from '../../kernel/services.ts'
import { authorizePersonality } from '../identity/index.ts'
import { findEntries, toRecalled, type Found, type Recalled } from '../search/index.ts'
import {
  cutPart,
  mannerPart,
  messagePart,
  promptPart,
  RECALL_ITEM_CHARACTERS,
  recalledPart,
  type ContextPart,
} from './context-parts.ts'
import { readContext, type ContextRow } from './context.queries.ts'
import { conversationErrors } from './conversation.errors.ts'

/** At most this share of what is left after prompt and question goes to what is recalled. */
const RECALL_SHARE = 0.35
const RECALL_LIMIT = 12
/** Of a long question only the beginning is searched for: a page of text matches everything. */
const QUERY_CHARACTERS = 1_000
/** The prompt gives way to the question down to this, in tokens. */
const SMALLEST_QUESTION = 32

export type AssembledContext = {
  row: ContextRow
  budget: number
  /** Tokens of everything in it, overheads included; never above the budget. */
  tokens: number
  parts: ContextPart[]
  /** What was found and is not among the messages shown. */
  recalled: Recalled[]
  /** Everything that was found, best first, the question itself left out. */
  found: Recalled[]
}

/**
 * What a model needs for the next reply, within `budget` tokens: the prompt for the mood, the question, how to speak, what
 * is recalled about the question and why, and as many recent messages as fit. The question is the message `asked`, or the
 * newest of the user; it is always there, cut if it must be. Two round trips to the database. Throws CONTEXT_TOO_SMALL.
 */
export async function assembleContext(
  ctx: Ctx,
  conversationId: string,
  { budget, asked }: { budget: number; asked?: string },
): Promise<AssembledContext> {
  const row = await readContext(ctx.tx, {
    town: ctx.town,
    userId: ctx.actor.userId,
    conversationId,
    attractionCeiling: ctx.actor.attractionCeiling,
    budget,
  })
  if (!row) throw conversationErrors.CONVERSATION_NOT_FOUND({ data: { id: conversationId } })
  authorizePersonality(ctx.actor, row.slug)
  const question = row.recent.findLast(({ id, role }) => (asked ? id === asked : role === 'user'))
  const found = question ? await recallFor(ctx, row, question.content) : []
  return fit(row, found, { budget, questionId: question?.id })
}

function recallFor(ctx: Ctx, row: ContextRow, question: string): Promise<Found[]> {
  return findEntries(ctx.tx, {
    query: question.slice(0, QUERY_CHARACTERS),
    kinds: ['memory', 'message'],
    personalityIds: [row.personality_id],
    // The reply is read by everybody who reads the conversation, and what is recalled stands in it.
    audience: row.privacy,
    characters: RECALL_ITEM_CHARACTERS,
    // Some of what is found stands among the recent messages already.
    limit: RECALL_LIMIT * 2,
    now: ctx.clock.now(),
  })
}

function fit(
  row: ContextRow,
  found: Found[],
  { budget, questionId }: { budget: number; questionId: string | undefined },
): AssembledContext {
  let left = budget
  const take = (part: ContextPart): ContextPart => {
    left -= part.tokens
    return part
  }
  const messages = row.recent.flatMap((message) => messagePart(row, message) ?? [])
  const place = messages.findIndex(({ id }) => questionId !== undefined && id === questionId)
  const whole = messages[place]
  // Half of the budget is the question's if it needs it; what the prompt leaves of the other half too.
  const reserved = Math.min(whole?.tokens ?? 0, Math.max(Math.floor(budget / 2), SMALLEST_QUESTION))
  const prompt = cutPart(promptPart(row), budget - reserved)
  const system = prompt ? [take(prompt)] : []
  const question = whole && cutPart(whole, left)
  if (question === null) throw conversationErrors.CONTEXT_TOO_SMALL({ data: { budget } })
  if (question) take(question)
  const manner = mannerPart(row)
  if (manner.tokens <= left) system.push(take(manner))

  const others = messages.toSpliced(place, question ? 1 : 0)
  const recent = newestThatFit(others, Math.floor(left * (1 - RECALL_SHARE)))
  const shown = new Set([questionId, ...recent.map(({ id }) => id)])
  const { part, recalled } = recalledPart(
    found.filter((item) => !shown.has(item.source_id)).slice(0, RECALL_LIMIT),
    left - recent.reduce((total, { tokens }) => total + tokens, 0),
  )
  if (part) system.push(take(part))
  // What recall did not use goes to older messages.
  const all = newestThatFit(others, left).map(take)
  if (question) all.splice(Math.max(0, all.length - (messages.length - 1 - place)), 0, question)
  const rest = found.filter((item) => item.source_id !== questionId).map((item) => toRecalled(item))
  return { row, budget, tokens: budget - left, parts: [...system, ...all], recalled, found: rest }
}

/** The newest of `messages` (oldest first) that fit into `room` tokens without a hole between them. */
function newestThatFit(messages: ContextPart[], room: number): ContextPart[] {
  let left = room
  let start = messages.length
  while (start > 0 && messages[start - 1]!.tokens <= left) {
    start -= 1
    left -= messages[start]!.tokens
  }
  return messages.slice(start)
}

/** The context as chat messages: one system message, then the conversation. */
export function toPromptMessages(context: AssembledContext): PromptMessage[] {
  const system = context.parts.filter((item) => item.role === 'system').map((item) => item.content)
  const messages = context.parts.filter((item) => item.role !== 'system')
  return [
    ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
    ...messages.map(({ role, content }) => ({ role, content })),
  ]
}

/** The same for Anthropic's interface: the system text apart, turns of one role joined, the first one the user's. */
export function toAnthropic(context: AssembledContext): { system: string; messages: PromptMessage[] } {
  const all = toPromptMessages(context)
  const system = all[0]?.role === 'system' ? all[0].content : ''
  const messages: PromptMessage[] = []
  for (const message of all) {
    const last = messages.at(-1)
    if (message.role === 'system' || (!last && message.role === 'assistant')) continue
    if (last?.role === message.role) last.content += `\n\n${message.content}`
    else messages.push({ ...message })
  }
  return { system, messages }
}
