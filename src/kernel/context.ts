import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'
import type { ChatModel, SignInLinks, SystemProbe, Vault } from './services.ts'

/** What a row's `privacy` says about who may see it; domain rule in docs/glossary.md. */
export const PRIVACY_LEVELS = ['public', 'team', 'private', 'boss_only'] as const
export type Privacy = (typeof PRIVACY_LEVELS)[number]

const STRICTNESS: Record<Privacy, number> = { public: 0, team: 1, boss_only: 2, private: 3 }

/** Whether rows of `one` are seen by fewer than rows of `other`; what is private is not a boss's either. */
export function isStricter(one: Privacy, other: Privacy): boolean {
  return STRICTNESS[one] > STRICTNESS[other]
}

/** A person's role in one town. */
export type TownRole = 'admin' | 'user' | 'readonly'

/** What row-level security asks of an actor: `boss` sees boss_only rows, `guest` sees public ones only. */
export type Clearance = 'boss' | 'member' | 'guest'

/** Who acts, in which town, with which rights; made by `identity.authenticate` alone. */
export type Actor = {
  userId: string
  name: string
  townId: string
  townSlug: string
  role: TownRole
  clearance: Clearance
  /** The highest attraction this person may set, 1-11. */
  attractionCeiling: number
  /** IANA zone of the person. */
  timeZone: string
  /** The API key that was shown; null for a signed-in person. */
  keyId: string | null
  /** False for an API key that somebody else issued: it acts in its town alone. */
  isOwn: boolean
  /** Operation ids or `module.*` this key is limited to; null means all that the role allows. */
  operations: string[] | null
  /** Personality slugs this key is limited to; null means all. */
  personalities: string[] | null
  /** When the key stops working; null means never, and for a signed-in person. */
  keyExpiresAt: string | null
}

/** What every operation is handed. `Tx` is the open transaction: role, town and actor are set in it. */
export type Context<Tx> = {
  tx: Tx
  town: string
  actor: Actor
  clock: Clock
  log: Logger
  signal: AbortSignal
  requestId: string
  /** Id of the operation that runs: journal rows name it. */
  operation: string
  /** Interface the caller says it is, where it does. */
  interface: string | null
  /** The configured model; null when the offline responder answers. */
  chat: ChatModel | null
  system: SystemProbe<Tx>
  vault: Vault
  /** Ids of all operations: what keys can be limited to. */
  operationIds: readonly string[]
}

/** What the middle step of a three-step operation is handed: no transaction is open while it runs. */
export type OutsideContext = {
  actor: Actor
  clock: Clock
  log: Logger
  signal: AbortSignal
  /** The configured model; null when the offline responder answers. */
  chat: ChatModel | null
  signInLinks: SignInLinks
  /** Sends a piece of a streamed answer to whoever listens; a no-op when nobody does. */
  emit(event: StreamEvent): void
}

/** One piece of a streamed answer. */
export type StreamEvent = { type: string; data: Record<string, unknown> }
