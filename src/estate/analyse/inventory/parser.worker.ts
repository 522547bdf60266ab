import { parentPort } from 'node:worker_threads'

import { loadParser, parsePiece, type Parsed } from './parse-pieces.ts'
import { TOGETHER, type ParseReply, type ParseRequest } from './parse-protocol.ts'

const port = parentPort!
await loadParser()
port.postMessage('ready')
port.on('message', ({ id, pieces }: ParseRequest) => {
  let parsed: Parsed[] = []
  pieces.forEach((piece, at) => {
    // A long one may end the thread: what was done before it is told first.
    if (parsed.length > 0 && (parsed.length >= TOGETHER || piece.parsable.length > 100_000)) {
      port.postMessage({ id, parsed: JSON.stringify(parsed), isLast: false } satisfies ParseReply)
      parsed = []
    }
    parsed.push(parsePiece(piece))
    if (at === pieces.length - 1)
      port.postMessage({ id, parsed: JSON.stringify(parsed), isLast: true } satisfies ParseReply)
  })
})
