import { isRef, type Chat, type Item, type Ref, type Step } from './step.ts'

/** Calls an operation in the town that is filled. */
export type Call = (operation: string, input: Item) => Promise<unknown>

/** What became of the things of one step. */
export type Filled = { label: string; operation: string; created: number; updated: number; unchanged: number }

/** Small enough that others get their turn between two requests on the embedded database. */
const BATCH = 500
const PAGE = 100

/**
 * Puts the steps of a demo into a town, one after the other. What is there already stays as it is, and what was changed
 * since is set back. `onProgress` is told how many things were handled.
 */
export class TownFiller {
  readonly #call: Call
  readonly #onProgress: (label: string, count: number) => void
  readonly #ids = new Map<string, string>()

  constructor(call: Call, onProgress: (label: string, count: number) => void = () => undefined) {
    this.#call = call
    this.#onProgress = onProgress
  }

  /** Tells the id of something that no step makes. */
  know({ $ref: [of, key] }: Ref, id: string): void {
    this.#ids.set(`${of} ${key}`, id)
  }

  async fill(step: Step): Promise<Filled> {
    const counts = { created: 0, updated: 0, unchanged: 0 }
    if (step.way === 'upsert') await this.#upsert(step, counts)
    else if (step.way === 'ensure') await this.#ensure(step, counts)
    else for (const chat of step.items) await this.#chat(step, chat, counts)
    return { label: step.label, operation: step.of, ...counts }
  }

  async #upsert({ label, of, items }: Step & { way: 'upsert' }, counts: Counts): Promise<void> {
    for (let from = 0; from < items.length; from += BATCH) {
      const batch = items.slice(from, from + BATCH).map((item) => this.#resolve(item) as Item)
      const answer = (await this.#call(`${of}.upsert`, { items: batch })) as Counts & {
        ids: Record<string, string>
      }
      for (const name of ['created', 'updated', 'unchanged'] as const) counts[name] += answer[name]
      // A key that is made of several fields ends with the external id, which holds no slash here.
      for (const [key, id] of Object.entries(answer.ids)) {
        this.#ids.set(`${of} ${key.slice(key.lastIndexOf('/') + 1)}`, id)
      }
      this.#onProgress(label, batch.length)
    }
  }

  async #ensure(step: Step & { way: 'ensure' }, counts: Counts): Promise<void> {
    const { label, of, list, create, sameBy, items } = step
    const keyOf = (item: Item) => JSON.stringify(sameBy.map((field) => item[field] ?? null))
    const there = new Map((await this.#listAll(list)).map((item) => [keyOf(item), item]))
    for (const { $key, ...item } of items) {
      const wanted = this.#resolve(item) as Item
      const found = there.get(keyOf(wanted))
      const row = found ?? (await this.#create(create, wanted))
      counts[found ? 'unchanged' : 'created'] += 1
      const id = row['id'] ?? row['userId'] ?? (row['member'] as Item | undefined)?.['userId']
      if (typeof $key === 'string') this.#ids.set(`${of} ${$key}`, String(id))
      this.#onProgress(label, 1)
    }
  }

  async #create(operation: string, item: Item): Promise<Item> {
    const row = (await this.#call(operation, item)) as Item & { apiKey?: { id: string } }
    // A new member comes with a key. Nobody is told this one, so that it must not stay good.
    if (row.apiKey) await this.#call('identity.keys.revoke', { id: row.apiKey.id })
    return row
  }

  async #chat(step: Step & { way: 'chats' }, chat: Chat, counts: Counts): Promise<void> {
    const { key, messages, ...about } = chat
    const createdAt = messages[0]!.at
    const conversation = (await this.#call('conversation.create', {
      ...about,
      externalId: key,
      createdAt,
    })) as Item
    const id = String(conversation['id'])
    this.#ids.set(`${step.of} ${key}`, id)
    const answer = (await this.#call('conversation.append', {
      id,
      messages: messages.map(({ key: externalId, speaker, ...message }) => ({
        ...message,
        externalId,
        ...(speaker === null ? {} : { speaker }),
      })),
    })) as { added: number; ids: string[] }
    counts[answer.added === 0 ? 'unchanged' : 'created'] += 1
    await this.#knowMessages(id, messages, answer)
    this.#onProgress(step.label, 1)
  }

  /** The answer names what was added; what was there before is asked for. */
  async #knowMessages(
    id: string,
    messages: Chat['messages'],
    { added, ids }: { added: number; ids: string[] },
  ): Promise<void> {
    if (added === messages.length) {
      for (const [index, message] of messages.entries()) {
        this.#ids.set(`conversation.messages ${message.key}`, ids[index]!)
      }
      return
    }
    for (const message of await this.#listAll('conversation.messages', { id })) {
      this.#ids.set(`conversation.messages ${String(message['externalId'])}`, String(message['id']))
    }
  }

  async #listAll(operation: string, input: Item = {}): Promise<Item[]> {
    const items: Item[] = []
    let cursor: unknown
    do {
      const page = (await this.#call(operation, {
        ...input,
        limit: PAGE,
        ...(cursor ? { cursor } : {}),
      })) as {
        items: Item[]
        nextCursor: unknown
      }
      items.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    return items
  }

  #resolve(value: unknown): unknown {
    if (isRef(value)) {
      const [of, key] = value.$ref
      const id = this.#ids.get(`${of} ${key}`)
      if (id === undefined) throw new Error(`the demo names ${of} ${key} before it is made`)
      return id
    }
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#resolve(item)]))
  }
}

type Counts = { created: number; updated: number; unchanged: number }
