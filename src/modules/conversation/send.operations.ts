import { z } from 'zod'

import { defineSteps, type AnyOperation, type Ctx } from '../../db/operation.ts'
import type { OutsideContext } from '../../kernel/context.ts'
import { idInput, streamInput, textInput } from '../../kernel/input.ts'
import type { PromptMessage } from '../../kernel/services.ts'
import { record } from '../journal/index.ts'
import {
  getPersonalityById,
  keywordsInput,
  listMoodKeywords,
  MOODS,
  type MoodName,
} from '../persona/index.ts'
import { moodForReply } from '../presence/index.ts'
import { lockPresent, recalledOutput, type Recalled } from '../search/index.ts'
import { DEFAULT_BUDGET } from './context.operations.ts'
import { assembleContext, toPromptMessages } from './context.service.ts'
import { findReply, lockMessage, setMessageStatus, type ConversationRow } from './conversation.queries.ts'
import {
  addMessage,
  addReply,
  getConversation,
  lockActive,
  lockWhole,
  nextTime,
} from './conversation.service.ts'
import { messageOutput, toMessage } from './message.ts'
import { OFFLINE_MODEL, respondOffline } from './offline-responder.ts'

/** What the first step leaves: it survives JSON, so that a repeated request goes on from here. */
type Prepared = {
  conversationId: string
  messageId: string
  name: string
  mood: MoodName
  attraction: number
  gandhiGenghis: number
  interface: string | null
  recalled: Recalled[]
  prompt: PromptMessage[]
  /** What the offline responder may quote; empty when a model answers. */
  quotable: Recalled[]
}

type Reply = { text: string; model: string }

const input = z.strictObject({
  id: idInput.describe('The conversation.'),
  content: textInput(200_000),
  keywords: keywordsInput
    .optional()
    .describe('Words that moods listen for; found in the content when left out.'),
  interface: textInput(50).optional().describe('Interface it comes from, as in chat or cursor.'),
  stream: streamInput,
})

const output = z.object({
  userMessage: messageOutput,
  reply: messageOutput,
  mood: z.enum(MOODS),
  recalled: z.array(recalledOutput).describe('What the reply could draw on, and why it was found.'),
})

const send = defineSteps({
  id: 'conversation.send',
  kind: 'command',
  access: 'user',
  summary: 'Says something to the personality and answers its reply, with the mood and what was recalled.',
  http: 'POST /v1/conversations/{id}/messages',
  input,
  output,

  prepare: async (ctx, { id, content, keywords, interface: from }): Promise<Prepared> => {
    const conversation = await lockActive(ctx, id)
    const personality = await getPersonalityById(ctx, conversation.personality_id)
    const origin = from ?? ctx.interface
    const { mood, sliders } = await moodForReply(ctx, personality, {
      keywords: keywords ?? (await keywordsIn(ctx, content)),
      interface: origin,
      conversation,
    })
    const { attraction, gandhiGenghis } = sliders
    const message = await addMessage(ctx, conversation, {
      role: 'user',
      speaker: ctx.actor.name,
      content,
      status: 'pending',
      parent_id: conversation.current_leaf_id,
      mood,
      attraction,
      gandhi_genghis: gandhiGenghis,
      interface: origin,
      at: nextTime(ctx, conversation),
    })
    const context = await assembleContext(ctx, id, { budget: DEFAULT_BUDGET, asked: message.id })
    return {
      conversationId: id,
      messageId: message.id,
      name: personality.name,
      mood,
      attraction,
      gandhiGenghis,
      interface: origin,
      recalled: context.recalled,
      prompt: toPromptMessages(context),
      quotable: ctx.chat ? [] : context.found,
    }
  },

  outside: (ctx, prepared) => makeReply(ctx, prepared),

  commit: async (ctx, prepared: Prepared, reply: Reply) => {
    // It may have been archived while the model thought: its reply is still kept.
    const conversation = await lockWhole(ctx, prepared.conversationId)
    const before = await lockMessage(ctx.tx, ctx.town, prepared.messageId)
    const remembered = await withoutForgotten(ctx, prepared)
    // Two processes may have resumed the same request: the first reply stands.
    const existing =
      before?.status === 'complete'
        ? await findReply(ctx.tx, ctx.town, prepared.conversationId, prepared.messageId)
        : undefined
    const row = existing ?? (await keepReply(ctx, conversation, remembered, reply))
    const now = ctx.clock.now()
    return {
      userMessage: toMessage({ ...before!, status: 'complete' }, now),
      reply: toMessage(row, now),
      mood: prepared.mood,
      recalled: remembered.recalled,
    }
  },

  abandon: async (ctx, prepared: Prepared) => {
    const message = await lockMessage(ctx.tx, ctx.town, prepared.messageId)
    if (message?.status !== 'pending') return
    await setMessageStatus(ctx.tx, { town: ctx.town, id: message.id }, 'unanswered')
    const conversation = await getConversation(ctx, prepared.conversationId)
    await record(ctx, {
      kind: 'message.unanswered',
      entityKind: 'message',
      entityId: message.id,
      personalityId: conversation.personality_id,
      privacy: message.privacy,
      payload: { conversationId: conversation.id },
    })
  },
})

async function makeReply(ctx: OutsideContext, prepared: Prepared): Promise<Reply> {
  const onText = (text: string) => ctx.emit({ type: 'text', data: { text } })
  ctx.emit({ type: 'start', data: { messageId: prepared.messageId, mood: prepared.mood } })
  if (ctx.chat) {
    const completion = await ctx.chat.complete(prepared.prompt, { signal: ctx.signal, onText })
    return { text: completion.text, model: completion.model }
  }
  const text = respondOffline(prepared.name, prepared.quotable)
  onText(text)
  return { text, model: OFFLINE_MODEL }
}

/** What was prepared, without what was forgotten while the model thought. */
async function withoutForgotten(ctx: Ctx, prepared: Prepared): Promise<Prepared> {
  const { recalled, quotable } = prepared
  const present = await lockPresent(
    ctx.tx,
    [...recalled, ...quotable].map(({ id }) => id),
  )
  const isPresent = ({ id }: Recalled) => present.has(id)
  return { ...prepared, recalled: recalled.filter(isPresent), quotable: quotable.filter(isPresent) }
}

async function keepReply(ctx: Ctx, conversation: ConversationRow, prepared: Prepared, reply: Reply) {
  await setMessageStatus(ctx.tx, { town: ctx.town, id: prepared.messageId }, 'complete')
  // An offline reply is nothing but its quotes, so it is made anew of what is still there.
  const content =
    reply.model === OFFLINE_MODEL ? respondOffline(prepared.name, prepared.quotable) : reply.text
  return addReply(ctx, conversation, {
    role: 'assistant',
    speaker: prepared.name,
    content,
    status: 'complete',
    parent_id: prepared.messageId,
    model: reply.model,
    mood: prepared.mood,
    attraction: prepared.attraction,
    gandhi_genghis: prepared.gandhiGenghis,
    interface: prepared.interface,
    at: nextTime(ctx, conversation),
  })
}

/** Those of the moods' keywords that stand in the text as words. */
async function keywordsIn(ctx: Ctx, content: string): Promise<string[]> {
  const words = new Set(content.toLowerCase().match(/[\p{L}\p{N}]+/gu))
  return (await listMoodKeywords(ctx.tx)).filter((keyword) => words.has(keyword))
}

export const sendOperations: readonly AnyOperation[] = [send]
