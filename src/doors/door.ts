import type { StreamEvent } from '../kernel/context.ts'

/** How a caller proves who they are. */
export type Credential =
  /** `town` (slug or id) is what the caller believes; a key of another town is refused. */
  | { kind: 'key'; key: string; town?: string | null }
  /** A person whom sign-in has recognised already, and the town they name (slug or id; null means their first). */
  | { kind: 'person'; userId: string; town: string | null }

/** One call of an operation, in the terms all doors share. */
export type CallRequest = {
  operation: string
  /** Unvalidated; the dispatcher checks it against the operation's schema. */
  input: unknown
  credential: Credential | null
  requestId: string
  signal: AbortSignal
  /** Repeating a command with the same key has its effect once. */
  idempotencyKey?: string
  /** The interface the call comes from, as in mcp or cli; used where the input does not say. */
  interface?: string
  /** Receives pieces of a streamed answer, before the call resolves with the whole. */
  onEvent?(event: StreamEvent): void
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/

/** Whether a text can be an idempotency key: 1-200 visible ASCII characters. */
export function isIdempotencyKey(text: string): boolean {
  return IDEMPOTENCY_KEY.test(text)
}

/** Runs operations: the dispatcher in this process, or a running server over HTTP. Rejects with `RobbieError`. */
export type Door = {
  call(request: CallRequest): Promise<unknown>
}
