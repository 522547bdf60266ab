import type pg from 'pg'

import type { NotificationHandler } from './database.ts'
import { quoteIdentifier } from './quote.ts'

const RETRY_MS = 500

/** Fans notifications out to handlers; knows nothing of how the connection is had. */
export class Notifications {
  readonly #handlers = new Map<string, Set<NotificationHandler>>()
  readonly #reconnected = new Set<() => void>()

  channels(): string[] {
    return [...this.#handlers.keys()]
  }

  /** Returns whether the channel is new, so that somebody must LISTEN. */
  add(channel: string, handler: NotificationHandler): boolean {
    const existing = this.#handlers.get(channel)
    if (existing) {
      existing.add(handler)
      return false
    }
    this.#handlers.set(channel, new Set([handler]))
    return true
  }

  /** Returns whether it was the channel's last handler. */
  remove(channel: string, handler: NotificationHandler): boolean {
    const handlers = this.#handlers.get(channel)
    handlers?.delete(handler)
    if (handlers?.size !== 0) return false
    this.#handlers.delete(channel)
    return true
  }

  onReconnect(handler: () => void): () => void {
    this.#reconnected.add(handler)
    return () => this.#reconnected.delete(handler)
  }

  reconnected(): void {
    for (const handler of this.#reconnected) handler()
  }

  /** Routes what `client` receives to the handlers. */
  attach(client: pg.ClientBase): void {
    client.on('notification', (message) => {
      for (const handler of this.#handlers.get(message.channel) ?? []) handler(message.payload ?? '')
    })
  }
}

export const listenSql = (channel: string) => `listen ${quoteIdentifier(channel)}`
export const unlistenSql = (channel: string) => `unlisten ${quoteIdentifier(channel)}`

/**
 * A connection of its own for LISTEN on a server, made again for as long as it takes when it is lost.
 * A notification sent while it was down is gone: `reconnected` tells readers to catch up from the table.
 */
export class ServerListener {
  readonly #connect: () => pg.Client
  readonly #notifications: Notifications
  #client: pg.Client | null = null
  #opening: Promise<pg.Client> | null = null
  #isClosed = false

  constructor(connect: () => pg.Client, notifications: Notifications) {
    this.#connect = connect
    this.#notifications = notifications
  }

  async run(sql: string): Promise<void> {
    const client = await this.#open()
    await client.query(sql)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#client?.end().catch(() => undefined)
  }

  async #open(): Promise<pg.Client> {
    if (this.#client) return this.#client
    this.#opening ??= this.#openOnce().finally(() => (this.#opening = null))
    return this.#opening
  }

  async #openOnce(): Promise<pg.Client> {
    const client = this.#connect()
    client.on('error', () => this.#lost(client))
    client.on('end', () => this.#lost(client))
    try {
      await client.connect()
      this.#notifications.attach(client)
      for (const channel of this.#notifications.channels()) await client.query(listenSql(channel))
      if (this.#isClosed) throw new Error('the database is closed')
    } catch (error) {
      // One that is half ready, or ready too late, must not stay connected without anybody who ends it.
      void client.end().catch(() => undefined)
      throw error
    }
    this.#client = client
    return client
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = null
    void this.#reopen()
  }

  async #reopen(): Promise<void> {
    while (!this.#isClosed && !this.#client) {
      try {
        await this.#open()
        this.#notifications.reconnected()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }
}
