import { kernelErrors } from '../kernel/errors.ts'

const encoder = new TextEncoder()

/** How often an idle stream sends a comment, so that proxies and clients do not take it for dead. Milliseconds. */
export const HEARTBEAT_MS = 15_000

/** The headers of every event stream. X-Accel-Buffering tells nginx not to hold events back. */
export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const

/** One message of an event stream. JSON has no raw line ends, so `data` is always one line. */
export function sseMessage(message: { id?: number; event: string; data: unknown }): string {
  // A line end in the event's name would begin another field of the protocol.
  if (/[\r\n]/.test(message.event))
    throw kernelErrors.INTERNAL({ cause: new Error('line end in an event name') })
  const id = message.id === undefined ? '' : `id: ${message.id}\n`
  return `${id}event: ${message.event}\ndata: ${JSON.stringify(message.data)}\n\n`
}

/** A comment line: keeps the connection alive, invisible to the client's code. */
export const SSE_COMMENT = encoder.encode(':\n\n')

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text)
}
