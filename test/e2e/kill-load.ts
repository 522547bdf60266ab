import { randomUUID } from 'node:crypto'

import type { Value } from './door.ts'
import { send } from './http-client.ts'
import { seededRandom } from './seed.ts'

/** A message that the server said it has: what was asked, and the answer to the byte. */
export type Acknowledged = {
  conversationId: string
  content: string
  key: string
  body: string
  messageId: string
  replyId: string
}

export type Load = {
  /** Everything acknowledged so far. */
  acknowledged: Acknowledged[]
  /** Resolves when this many are acknowledged. */
  reached(count: number): Promise<void>
  /** Resolves when all are. Rejects when an answer was wrong. */
  finished: Promise<void>
}

/** Where the server listens now; waits while it is down. */
export type Address = () => Promise<string>

// Some of the texts change the mood, so that more than one table is in the middle of a change.
const TEXTS = ['Nothing much.', 'This is urgent!', 'What a surprise.', 'Over and out.']

/**
 * Sends `count` messages from several clients at once. A client repeats each message under its idempotency key until
 * it is answered, as a client that means to lose nothing does.
 */
export function startLoad(parts: {
  address: Address
  key: string
  conversations: string[]
  clients: number
  count: number
}): Load {
  const acknowledged: Acknowledged[] = []
  const waiting: { count: number; tell: () => void }[] = []
  const acknowledge = (item: Acknowledged) => {
    acknowledged.push(item)
    for (const waiter of waiting.filter(({ count }) => count <= acknowledged.length)) waiter.tell()
  }
  const each = parts.count / parts.clients
  const clients = Array.from({ length: parts.clients }, async (_, client) => {
    const random = seededRandom(`client ${client}`)
    for (let n = 0; n < each; n++) {
      const conversationId = parts.conversations[Math.floor(random() * parts.conversations.length)]!
      const text = TEXTS[Math.floor(random() * TEXTS.length)]!
      acknowledge(await sendUntilAnswered(parts, conversationId, `Message ${n} of client ${client}. ${text}`))
    }
  })
  return {
    acknowledged,
    reached: (count) =>
      new Promise((resolve) => {
        if (acknowledged.length >= count) resolve()
        else waiting.push({ count, tell: resolve })
      }),
    finished: Promise.all(clients).then(() => undefined),
  }
}

async function sendUntilAnswered(
  { address, key }: { address: Address; key: string },
  conversationId: string,
  content: string,
): Promise<Acknowledged> {
  const idempotencyKey = randomUUID()
  for (;;) {
    const answer = await trySend(await address(), key, { id: conversationId, content }, idempotencyKey)
    if (answer === null) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      continue
    }
    const { userMessage, reply } = JSON.parse(answer) as Value
    if (userMessage.content !== content) throw new Error(`another message was answered: ${answer}`)
    return {
      conversationId,
      content,
      key: idempotencyKey,
      body: answer,
      messageId: userMessage.id,
      replyId: reply.id,
    }
  }
}

/** The answer; null when the server is gone, or says that it cannot answer now. Throws for any other refusal. */
export async function trySend(
  address: string,
  key: string,
  input: { id: string; content: string },
  idempotencyKey: string,
): Promise<string | null> {
  let response: Response
  let body: string
  try {
    response = await send(address, key, 'conversation.send', input, { idempotencyKey })
    body = await response.text()
  } catch {
    return null
  }
  if (response.ok) return body
  const { code } = JSON.parse(body) as Value
  if (code === 'IDEMPOTENCY_IN_PROGRESS' || code === 'DATABASE_UNAVAILABLE' || code === 'DATABASE_BUSY')
    return null
  throw new Error(`${response.status} ${body}`)
}
