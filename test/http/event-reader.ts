export type ReadEvent = { id: string | null; event: string; data: unknown }

/** Reads an event stream as a client does, event by event; comments are counted. */
export class EventReader {
  comments = 0
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #rest = ''

  constructor(response: Response) {
    this.#reader = response.body!.getReader()
  }

  /** The next event; undefined when the stream has ended. */
  async next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n')
      if (end !== -1) {
        const block = this.#rest.slice(0, end)
        this.#rest = this.#rest.slice(end + 2)
        if (!block.startsWith(':')) return parse(block)
        this.comments += 1
        continue
      }
      const { done, value } = await this.#reader.read()
      if (done) return undefined
      this.#rest += this.#decoder.decode(value, { stream: true })
    }
  }

  async take(count: number): Promise<ReadEvent[]> {
    const events: ReadEvent[] = []
    while (events.length < count) {
      const event = await this.next()
      if (!event) break
      events.push(event)
    }
    return events
  }

  /** Everything until the stream ends. */
  async rest(): Promise<ReadEvent[]> {
    return this.take(Number.POSITIVE_INFINITY)
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel()
  }
}

function parse(block: string): ReadEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    }),
  )
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? 'message',
    data: JSON.parse(fields.get('data')!),
  }
}
