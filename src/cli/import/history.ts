import { createHash } from 'node:crypto'

import type { ImportedConversation, ImportedMessage } from '../../modules/conversation/import/imported.ts'

/** One message as `conversation.append` takes it. */
export type HistoryMessage = {
  externalId: string
  parentExternalId?: string
  role: ImportedMessage['role']
  speaker?: string
  at: string
  content: string
}

/** A conversation as the operations take it; `altered` says what had to be cut to fit or left out. */
export type History = {
  create: { title?: string; interface: string; externalId: string; createdAt?: string }
  batches: HistoryMessage[][]
  currentLeaf: string | null
  altered: { code: string; where: string; reason: string }[]
}

/** How much one request carries; a message larger than `bytes` goes alone, and one over `messageBytes` is cut. */
export type Limits = { messages: number; bytes: number; messageBytes: number }

const MAX_TITLE = 500
const MAX_SPEAKER = 200
const MAX_CONTENT = 2_000_000
const MAX_EXTERNAL_ID = 200

/** Two products may use the same id, so the product stands before it. Stable: a second import finds the first by it. */
export function conversationId(conversation: Pick<ImportedConversation, 'source' | 'externalId'>): string {
  const whole = `${conversation.source}:${conversation.externalId}`
  if (whole.length <= MAX_EXTERNAL_ID) return whole
  return `${conversation.source}:sha256:${createHash('sha256').update(whole).digest('hex')}`
}

/** Turns what was read into requests. `now` dates a conversation that has no time anywhere. */
export function toHistory(whole: ImportedConversation, limits: Limits, now: Date): History {
  const altered: History['altered'] = []
  const where = `conversation ${whole.externalId}`
  const conversation = withoutFuture(whole, now, (message) => {
    const reason = `The message is dated ${message.at}, in the future; it was left out.`
    altered.push({ code: 'FUTURE_DATE', where: `${where}: ${message.externalId}`, reason })
  })
  const title = conversation.title === null ? null : cut(conversation.title, MAX_TITLE)
  if (title !== conversation.title)
    altered.push({ code: 'TITLE_CUT', where, reason: 'Its title is longer than 500.' })
  const times = fillTimes(conversation, now)
  const messages = conversation.messages.map((message, index) => {
    const content = fitContent(message.content, limits.messageBytes)
    if (content !== message.content) {
      const reason = 'The message is longer than one may be; its end was left out.'
      altered.push({ code: 'TEXT_CUT', where: `${where}: ${message.externalId}`, reason })
    }
    return toMessage(message, times[index]!, content)
  })
  return {
    create: {
      ...(title === null ? {} : { title }),
      interface: conversation.source,
      externalId: conversationId(conversation),
      ...(conversation.createdAt === null ? {} : { createdAt: conversation.createdAt }),
    },
    batches: toBatches(messages, limits),
    currentLeaf: conversation.currentLeaf,
    altered,
  }
}

function toMessage(message: ImportedMessage, at: string, content: string): HistoryMessage {
  const { externalId, parentExternalId, role, speaker } = message
  return {
    externalId,
    ...(parentExternalId === null ? {} : { parentExternalId }),
    role,
    ...(speaker === null || speaker === '' ? {} : { speaker: cut(speaker, MAX_SPEAKER) }),
    at,
    content,
  }
}

/** `conversation.append` refuses what is dated later than this. */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000

function isFuture(at: string | null, now: Date): boolean {
  return at !== null && Date.parse(at) > now.getTime() + MOST_AHEAD_MS
}

/** The conversation without messages from the future; what followed one of them follows what it followed. */
function withoutFuture(
  conversation: ImportedConversation,
  now: Date,
  onLeftOut: (message: ImportedMessage) => void,
): ImportedConversation {
  const parents = new Map<string, string | null>()
  for (const message of conversation.messages) {
    if (!isFuture(message.at, now)) continue
    parents.set(message.externalId, message.parentExternalId)
    onLeftOut(message)
  }
  if (parents.size === 0) return conversation
  const kept = (id: string | null): string | null => {
    let current = id
    while (current !== null && parents.has(current)) current = parents.get(current) ?? null
    return current
  }
  return {
    ...conversation,
    currentLeaf: kept(conversation.currentLeaf),
    messages: conversation.messages
      .filter((message) => !parents.has(message.externalId))
      .map((message) => ({ ...message, parentExternalId: kept(message.parentExternalId) })),
  }
}

/** A message without a time stands with the one it answers; equal times keep the order of the file. */
function fillTimes({ messages, createdAt }: ImportedConversation, now: Date): string[] {
  const known = messages.flatMap((message) => message.at ?? []).toSorted()
  let last = (isFuture(createdAt, now) ? null : createdAt) ?? known[0] ?? now.toISOString()
  const byId = new Map<string, string>()
  return messages.map((message) => {
    const parent = message.parentExternalId === null ? undefined : byId.get(message.parentExternalId)
    last = message.at ?? parent ?? last
    byId.set(message.externalId, last)
    return last
  })
}

function toBatches(messages: HistoryMessage[], limits: Limits): HistoryMessage[][] {
  const batches: HistoryMessage[][] = []
  let bytes = 0
  for (const message of messages) {
    const size = jsonBytes(message)
    const current = batches.at(-1)
    if (!current || current.length >= limits.messages || bytes + size > limits.bytes) {
      batches.push([message])
      bytes = size
    } else {
      current.push(message)
      bytes += size
    }
  }
  return batches
}

/** Other fields of a message take at most this much beside its content. */
const FRAME_BYTES = 4_000

function fitContent(content: string, maxBytes: number): string {
  let kept = cut(content, MAX_CONTENT)
  // A character takes one to six bytes in JSON: the excess over the limit, halved until it fits.
  while (kept.length > 1 && jsonBytes(kept) > maxBytes - FRAME_BYTES) {
    kept = cut(
      kept,
      Math.min(kept.length - 1, Math.floor((kept.length * (maxBytes - FRAME_BYTES)) / jsonBytes(kept))),
    )
  }
  return kept
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1
}

/** At most `length` UTF-16 units, without half a character at the end. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const end = /[\ud800-\udbff]/.test(text[length - 1]!) ? length - 1 : length
  return text.slice(0, end)
}
