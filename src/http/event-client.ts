import { SSE_COMMENT } from './sse.ts'

export type EventClientOptions = {
  /** Sequence of the last event that the client has. */
  position: number
  isSignedIn: (() => Promise<boolean>) | null
  /** The socket has room again, and there is something the client has not got. */
  onReady: () => void
  /** The stream has ended, from either side. */
  onGone: () => void
}

/**
 * One listener of the event stream. It holds at most one chunk: more is read from the table when the socket asks for
 * more, so that a slow client costs no memory.
 */
export class EventClient {
  readonly stream: ReadableStream<Uint8Array>
  readonly isSignedIn: (() => Promise<boolean>) | null
  position: number
  /** There may be events after `position`. True at first: some may have come while the client was being signed in. */
  isBehind = true
  #isReady = false
  #isOver = false
  readonly #onGone: () => void
  #controller!: ReadableStreamDefaultController<Uint8Array>

  constructor(options: EventClientOptions) {
    this.position = options.position
    this.isSignedIn = options.isSignedIn
    this.#onGone = options.onGone
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
          // The first bytes make the headers go out at once.
          controller.enqueue(SSE_COMMENT)
        },
        pull: () => {
          this.#isReady = true
          if (this.isBehind) options.onReady()
        },
        cancel: () => this.#finish(),
      },
      // Pulled only while the socket waits for data.
      { highWaterMark: 0 },
    )
  }

  /** Whether the socket waits for data. */
  get isReady(): boolean {
    return this.#isReady && !this.#isOver
  }

  /** Sends a chunk that ends with the event `position`. */
  send(bytes: Uint8Array, position: number): void {
    if (this.#isOver) return
    this.position = position
    this.#isReady = false
    this.#controller.enqueue(bytes)
  }

  /** A comment, if nothing else is on its way. */
  beat(): void {
    if (this.isReady) this.send(SSE_COMMENT, this.position)
  }

  /** Ends the stream, after a last message where there is one. */
  end(last?: Uint8Array): void {
    if (this.#isOver) return
    if (last) this.#controller.enqueue(last)
    this.#controller.close()
    this.#finish()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onGone()
  }
}
