/** One event of a `text/event-stream`; `event` is `message` where the stream does not name it. */
export type ServerEvent = { event: string; data: string; id: string | null }

/**
 * Reads a `text/event-stream` as the HTML standard says: any of the three line ends, comments left out, `data` lines
 * joined, an unfinished event at the end dropped.
 */
export async function* readEventStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let current: { event: string; data: string[]; id: string | null } = { event: '', data: [], id: null }
  for await (const line of readLines(chunks)) {
    if (line === '') {
      const { event, data, id } = current
      current = { event: '', data: [], id }
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n'), id }
      continue
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') current.event = value
    else if (field === 'data') current.data.push(value)
    else if (field === 'id' && !value.includes('\u0000')) current.id = value
  }
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true })
    // A carriage return at the very end may be the first half of a CRLF.
    const isSplit = rest.endsWith('\r')
    const lines = (isSplit ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/)
    rest = lines.pop()! + (isSplit ? '\r' : '')
    yield* lines
  }
  if (rest.endsWith('\r')) yield rest.slice(0, -1)
}
