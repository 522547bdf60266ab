import type { StreamEvent } from '../kernel/context.ts'
import { encodeText, HEARTBEAT_MS, SSE_COMMENT, SSE_HEADERS, sseMessage } from './sse.ts'

export type StreamedCall = {
  /** Runs the operation; pieces go to `onEvent`, `signal` ends it when the client goes away. */
  run(onEvent: (event: StreamEvent) => void, signal: AbortSignal): Promise<unknown>
  /** The problem document of what `run` rejected with. */
  problem(error: unknown): object
  signal: AbortSignal
}

/**
 * Answers with an event stream: each piece as its own event, then `done` with the whole output or `error` with the
 * problem document. A call that fails before its first piece rejects here, so that it can have a status of its own.
 */
export async function streamReply(call: StreamedCall): Promise<Response> {
  const gone = new AbortController()
  const waiting: Uint8Array[] = []
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let isOver = false
  const begun = Promise.withResolvers<void>()
  const send = (bytes: Uint8Array) => {
    if (isOver) return
    if (controller) controller.enqueue(bytes)
    else waiting.push(bytes)
  }
  const running = call.run(
    (event) => {
      send(encodeText(sseMessage({ event: event.type, data: event.data })))
      begun.resolve()
    },
    AbortSignal.any([call.signal, gone.signal]),
  )
  // Nothing for this long: the status is sent as success, so that the client sees life.
  const heartbeat = setInterval(() => {
    send(SSE_COMMENT)
    begun.resolve()
  }, HEARTBEAT_MS)
  const end = (last?: Uint8Array) => {
    clearInterval(heartbeat)
    if (last) send(last)
    isOver = true
    controller?.close()
  }
  try {
    await Promise.race([begun.promise, running])
  } catch (error) {
    clearInterval(heartbeat)
    throw error
  }
  running.then(
    (output) => end(encodeText(sseMessage({ event: 'done', data: output }))),
    (error: unknown) => end(encodeText(sseMessage({ event: 'error', data: call.problem(error) }))),
  )
  const body = new ReadableStream<Uint8Array>({
    start(opened) {
      for (const bytes of waiting) opened.enqueue(bytes)
      controller = opened
    },
    cancel() {
      clearInterval(heartbeat)
      isOver = true
      controller = null
      gone.abort()
    },
  })
  return new Response(body, { headers: SSE_HEADERS })
}
