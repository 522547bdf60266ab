import type { Context } from 'hono'

import type { Database } from '../db/database.ts'
import type { AnyOperation } from '../db/operation.ts'
import type { Tx } from '../db/tx.ts'
import type { Door } from '../doors/door.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Metrics } from './metrics.ts'
import type { SignIn } from './sign-in.ts'

/** What the HTTP door is made of. */
export type HttpParts = {
  door: Door
  operations: readonly AnyOperation[]
  database: Database
  clock: Clock
  log: Logger
  version: string
  /** Sign-in of people; null where only API keys are taken. */
  signIn: SignIn | null
  /** Where people reach the server, as in `http://127.0.0.1:4700`; asked with each request. */
  baseUrl: () => string
  /** Whether `baseUrl` is the name that people type, behind a proxy: other names than it and loopback are refused. */
  isPublic?: boolean
  /** Whether requests can be served now. */
  readiness(): Promise<boolean>
  metrics?: Metrics
  /** How often idle event streams show life and check their credentials, milliseconds; 15 s when left out. */
  heartbeatMs?: number
  /** The ids of the personalities that a limited key may see in the event stream. */
  personalityIds?: (tx: Tx, actor: Actor) => Promise<string[]>
}

/** Hono's types for our requests. `route` is an operation id or the name of a fixed address, for metrics and logs. */
export type HttpEnvironment = { Variables: { requestId: string; route: string } }
export type HttpContext = Context<HttpEnvironment>
