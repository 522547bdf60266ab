import type { Database } from '../db/database.ts'
import type { Tx } from '../db/tx.ts'
import { toRobbieError } from '../db/sql-error.ts'
import type { Credential } from '../doors/door.ts'
import { toLoggable, toProblem } from '../doors/problem.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { authenticate, authorize, identityErrors } from '../modules/identity/index.ts'
import { EVENTS_CHANNEL, readEvents, readHead, type StreamedEvent } from '../modules/journal/index.ts'
import { EventClient } from './event-client.ts'
import { httpErrors } from './http.errors.ts'
import { encodeText, HEARTBEAT_MS, sseMessage } from './sse.ts'

export type EventFeedParts = {
  database: Database
  clock: Clock
  log: Logger
  /**
   * The ids of the personalities that a limited key may see. Without it such a key sees the events of none.
   * Called only for keys that are limited.
   */
  personalityIds?: (tx: Tx, actor: Actor) => Promise<string[]>
  heartbeatMs?: number
}

export type EventSubscription = {
  credential: Credential
  /** Sequence of the last event the client has; null means from now on. */
  afterSeq: number | null
  /** Asked with each heartbeat: whether a signed-in person still is. */
  isSignedIn?: () => Promise<boolean>
}

/** Clients that show the same credential: they see the same, so that one read serves them all. */
type Group = {
  credential: Credential
  town: string
  clients: Set<EventClient>
  isRunning: boolean
  isAsked: boolean
}

type Delivery = { client: EventClient; events: StreamedEvent[]; isFull: boolean }

/** Sequence numbers in one read: what a client may have waiting in memory. */
const BATCH = 100
/** Reads in one transaction: the embedded database serves nobody else meanwhile. */
const MAX_READS = 8
const RETRY_MS = 1_000
const OPERATION = { id: 'journal.events', access: 'readonly' } as const

/**
 * The town's event stream for any number of clients, over one listener. A notification says only that there is
 * something new; what it is comes from the table, read as the client's own actor, so that each event arrives once, in
 * order, and a key that was revoked meanwhile ends the stream.
 */
export class EventFeed {
  readonly #parts: EventFeedParts
  readonly #groups = new Map<string, Group>()
  #listening: Promise<() => Promise<void>> | null = null
  #stopReconnect: (() => void) | null = null
  #heartbeat: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(parts: EventFeedParts) {
    this.#parts = parts
  }

  /** How many clients are connected. */
  get size(): number {
    return [...this.#groups.values()].reduce((sum, group) => sum + group.clients.size, 0)
  }

  /** A stream for one client. Throws what sign-in throws, INVALID_LAST_EVENT_ID, or EVENTS_CLOSED. */
  async open(subscription: EventSubscription): Promise<ReadableStream<Uint8Array>> {
    if (this.#isClosed) throw httpErrors.EVENTS_CLOSED()
    const { credential, afterSeq } = subscription
    const start = await this.#start(credential)
    if (afterSeq !== null && afterSeq > start.head) {
      throw httpErrors.INVALID_LAST_EVENT_ID({ data: { newest: start.head } })
    }
    if (this.#isClosed) throw httpErrors.EVENTS_CLOSED()
    const group = this.#join(credential, start.town)
    const client = new EventClient({
      position: afterSeq ?? start.head,
      isSignedIn: subscription.isSignedIn ?? null,
      onReady: () => void this.#pump(group),
      onGone: () => this.#leave(group, client),
    })
    group.clients.add(client)
    return client.stream
  }

  /** Ends every stream and stops listening. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#heartbeat) clearInterval(this.#heartbeat)
    this.#stopReconnect?.()
    for (const group of this.#groups.values()) for (const client of group.clients) client.end()
    this.#groups.clear()
    const stop = await this.#listening?.catch(() => null)
    await stop?.()
  }

  async #start(credential: Credential): Promise<{ town: string; head: number }> {
    const { database, clock } = this.#parts
    try {
      await this.#listen()
      return await database.transaction('read', async (tx) => {
        const actor = await authenticate(tx, credential, clock.now())
        authorize(actor, OPERATION)
        return { town: actor.townId, head: await readHead(tx) }
      })
    } catch (error) {
      throw toRobbieError(error)
    }
  }

  /** Listening begins before the first head is read: no event can fall between the two. */
  async #listen(): Promise<void> {
    this.#listening ??= this.#parts.database.listen(EVENTS_CHANNEL, (payload) => {
      const [town] = payload.split(':')
      for (const group of this.#groups.values()) if (group.town === town) this.#wake(group)
    })
    try {
      await this.#listening
    } catch (error) {
      this.#listening = null
      throw error
    }
    this.#stopReconnect ??= this.#parts.database.onReconnect(() => this.#wakeAll())
    this.#heartbeat ??= setInterval(() => void this.#beat(), this.#parts.heartbeatMs ?? HEARTBEAT_MS).unref()
  }

  #join(credential: Credential, town: string): Group {
    const key = JSON.stringify(credential)
    let group = this.#groups.get(key)
    if (!group) {
      group = { credential, town, clients: new Set(), isRunning: false, isAsked: false }
      this.#groups.set(key, group)
    }
    return group
  }

  #leave(group: Group, client: EventClient): void {
    group.clients.delete(client)
    const key = JSON.stringify(group.credential)
    if (group.clients.size === 0 && this.#groups.get(key) === group) this.#groups.delete(key)
  }

  #wake(group: Group): void {
    for (const client of group.clients) client.isBehind = true
    void this.#pump(group)
  }

  #wakeAll(): void {
    for (const group of this.#groups.values()) this.#wake(group)
  }

  /** Shows life, and reads again: a lost notification or a key that expired is noticed here at the latest. */
  async #beat(): Promise<void> {
    const clients = [...this.#groups.values()].flatMap((group) => [...group.clients])
    for (const client of clients) client.beat()
    for (const client of clients) {
      const isSignedIn = client.isSignedIn === null || (await client.isSignedIn().catch(() => true))
      if (!isSignedIn) this.#refuse(client, identityErrors.UNAUTHENTICATED())
    }
    this.#wakeAll()
  }

  /** One reader a group at a time, so that no event is delivered twice or out of order. Never rejects. */
  async #pump(group: Group): Promise<void> {
    group.isAsked = true
    if (group.isRunning) return
    group.isRunning = true
    try {
      while (group.isAsked && !this.#isClosed) {
        group.isAsked = false
        const clients = [...group.clients].filter((client) => client.isReady && client.isBehind)
        if (clients.length > 0) await this.#serve(group, clients)
      }
    } finally {
      group.isRunning = false
    }
  }

  async #serve(group: Group, clients: EventClient[]): Promise<void> {
    // Before the read, so that a notification that arrives during it is not lost.
    for (const client of clients) client.isBehind = false
    try {
      const deliveries = await this.#read(group.credential, clients)
      const texts = new Map<StreamedEvent[], Map<number, Uint8Array>>()
      for (const { client, events, isFull } of deliveries) {
        if (isFull) client.isBehind = true
        deliver(client, events, texts)
      }
      // Those whose turn did not come in this transaction.
      const served = new Set(deliveries.map((delivery) => delivery.client))
      for (const client of clients) if (!served.has(client)) client.isBehind = true
      if (clients.some((client) => client.isBehind && client.isReady)) group.isAsked = true
    } catch (caught) {
      if (this.#isClosed) return
      const error = toRobbieError(caught)
      if (error.status === 401 || error.status === 403) {
        for (const client of group.clients) this.#refuse(client, error)
        return
      }
      this.#parts.log.warn({ err: toLoggable(caught) }, 'the event stream could not be read; trying again')
      for (const client of clients) client.isBehind = true
      setTimeout(() => void this.#pump(group), RETRY_MS).unref()
    }
  }

  /** One transaction for all: the clients that wait at the same place share a read. */
  #read(credential: Credential, clients: EventClient[]): Promise<Delivery[]> {
    const { database, clock } = this.#parts
    return database.transaction('read', async (tx) => {
      const actor = await authenticate(tx, credential, clock.now())
      authorize(actor, OPERATION)
      const allowed = actor.personalities && new Set((await this.#parts.personalityIds?.(tx, actor)) ?? [])
      let rest = clients.toSorted((a, b) => a.position - b.position)
      const deliveries: Delivery[] = []
      for (let reads = 0; rest.length > 0 && reads < MAX_READS; reads++) {
        const afterSeq = rest[0]!.position
        const read = await readEvents(tx, actor.townId, { afterSeq, limit: BATCH })
        const events = allowed ? read.map((place) => hideForeign(place, allowed)) : read
        // The lowest position has read to the head: nobody else is behind either.
        const last = events.at(-1)?.seq ?? Number.POSITIVE_INFINITY
        const isFull = events.length === BATCH
        deliveries.push(
          ...rest.filter((client) => client.position < last).map((client) => ({ client, events, isFull })),
        )
        rest = rest.filter((client) => client.position >= last)
        if (!isFull) {
          deliveries.push(...rest.map((client) => ({ client, events: [], isFull: false })))
          rest = []
        }
      }
      return deliveries
    })
  }

  #refuse(client: EventClient, error: ReturnType<typeof toRobbieError>): void {
    const problem = toProblem(error, newId())
    client.end(encodeText(sseMessage({ event: 'error', data: problem })))
  }
}

/** A key that is limited to some personalities sees the others' events as bare numbers. */
function hideForeign(place: StreamedEvent, allowed: Set<string>): StreamedEvent {
  const personality = place.event?.personalityId ?? null
  return personality === null || allowed.has(personality) ? place : { seq: place.seq, event: null }
}

function deliver(
  client: EventClient,
  events: StreamedEvent[],
  texts: Map<StreamedEvent[], Map<number, Uint8Array>>,
): void {
  const fresh = events.filter((place) => place.seq > client.position)
  const last = fresh.at(-1)
  if (!last) return
  const written = texts.get(events) ?? new Map<number, Uint8Array>()
  texts.set(events, written)
  const bytes = written.get(client.position) ?? encodeText(fresh.map(writeEvent).join(''))
  written.set(client.position, bytes)
  client.send(bytes, last.seq)
}

function writeEvent({ seq, event }: StreamedEvent): string {
  return event
    ? sseMessage({ id: seq, event: event.kind, data: { seq, ...event } })
    : sseMessage({ id: seq, event: 'hidden', data: {} })
}
