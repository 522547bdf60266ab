import type pg from 'pg'

import type { NotificationHandler } from './database.ts'
import { quoteIdentifier } from './quote.ts'

const RETRY_MS = 500

type Channel = { handlers: Set<NotificationHandler>; listening: Promise<void> }

/** Fans notifications out to handlers; knows nothing of how the connection is had. */
export class Notifications {
  readonly #channels = new Map<string, Channel>()
  readonly #onReconnect = new Set<() => void>()
  #hadConnection = false

  /**
   * Adds a handler. The first of a channel has `startListening` called, and all of them wait for it: when it throws,
   * they all do, and the next one begins anew.
   */
  async add(name: string, handler: NotificationHandler, startListening: () => Promise<void>): Promise<void> {
    let channel = this.#channels.get(name)
    if (!channel) {
      channel = { handlers: new Set(), listening: startListening() }
      this.#channels.set(name, channel)
    }
    channel.handlers.add(handler)
    try {
      await channel.listening
    } catch (error) {
      if (this.#channels.get(name) === channel) this.#channels.delete(name)
      throw error
    }
  }

  /** Returns whether it was the channel's last handler. */
  remove(name: string, handler: NotificationHandler): boolean {
    const handlers = this.#channels.get(name)?.handlers
    handlers?.delete(handler)
    if (handlers?.size !== 0) return false
    this.#channels.delete(name)
    return true
  }

  onReconnect(handler: () => void): () => void {
    this.#onReconnect.add(handler)
    return () => this.#onReconnect.delete(handler)
  }

  /**
   * Makes a fresh connection listen to every channel and routes what it receives to the handlers. What was notified
   * since an earlier connection is gone: `onReconnect` tells readers to catch up from the table.
   */
  async resume(client: pg.ClientBase): Promise<void> {
    client.on('notification', (message) => {
      for (const handler of this.#channels.get(message.channel)?.handlers ?? [])
        handler(message.payload ?? '')
    })
    for (const name of this.#channels.keys()) await client.query(listenSql(name))
    if (this.#hadConnection) for (const handler of this.#onReconnect) handler()
    this.#hadConnection = true
  }
}

export const listenSql = (channel: string) => `listen ${quoteIdentifier(channel)}`
export const unlistenSql = (channel: string) => `unlisten ${quoteIdentifier(channel)}`

/** A connection of its own for LISTEN on a server, made again for as long as it takes when it is lost. */
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
      await this.#notifications.resume(client)
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
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }
}
