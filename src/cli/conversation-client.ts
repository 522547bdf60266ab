import { newId } from '../kernel/ids.ts'
import type { StreamEvent } from '../kernel/context.ts'
import type { Door } from '../doors/door.ts'

/** The interface that conversations of the command line are marked with. */
const INTERFACE = 'cli'
const PAGE = 100
/** Older conversations than this many are not searched for one to go on with. */
const PAGES = 5

/** A conversation, as far as the command line shows it. */
export type Conversation = {
  id: string
  title: string | null
  messageCount: number
  lastMessageAt: string | null
}
export type Reply = { content: string; speaker: string | null; model: string | null }
export type Sent = { reply: Reply; mood: string }

/** The few operations that a chat needs. */
export class ConversationClient {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  /** Throws PERSONALITY_NOT_FOUND. */
  async personality(slug: string, signal: AbortSignal): Promise<{ slug: string; name: string }> {
    return (await this.#call('persona.get', { slug }, signal)) as { slug: string; name: string }
  }

  async conversation(id: string, signal: AbortSignal): Promise<Conversation> {
    return (await this.#call('conversation.get', { id }, signal)) as Conversation
  }

  /** The caller's own conversation of the command line with this personality that changed last, or null. */
  async latest(personality: string, signal: AbortSignal): Promise<Conversation | null> {
    let cursor: string | null = null
    for (let page = 0; page < PAGES; page += 1) {
      const input = { personality, mine: true, limit: PAGE, ...(cursor === null ? {} : { cursor }) }
      const answer = (await this.#call('conversation.list', input, signal)) as {
        items: (Conversation & { interface: string | null })[]
        nextCursor: string | null
      }
      const found = answer.items.find((item) => item.interface === INTERFACE)
      if (found) return found
      cursor = answer.nextCursor
      if (cursor === null) return null
    }
    return null
  }

  async begin(personality: string, signal: AbortSignal): Promise<Conversation> {
    return (await this.#call(
      'conversation.create',
      { personality, interface: INTERFACE },
      signal,
    )) as Conversation
  }

  /** Sends a message, once for each `key`; pieces of the reply go to `onText` as they come. */
  async send(
    { key, ...message }: { id: string; content: string; key: string },
    options: { signal: AbortSignal; onText(text: string): void },
  ): Promise<Sent> {
    const onEvent = (event: StreamEvent) => {
      if (event.type === 'text') options.onText(String(event.data['text']))
    }
    const more = { onEvent, idempotencyKey: key }
    return (await this.#call('conversation.send', message, options.signal, more)) as Sent
  }

  #call(
    operation: string,
    input: Record<string, unknown>,
    signal: AbortSignal,
    more: { onEvent?: (event: StreamEvent) => void; idempotencyKey?: string } = {},
  ): Promise<unknown> {
    return this.#door.call({
      operation,
      input,
      credential: null,
      requestId: newId(),
      signal,
      interface: INTERFACE,
      ...more,
    })
  }
}
