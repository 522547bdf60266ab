import { parentPort } from 'node:worker_threads'

import { parseStatements, type Statement } from './statements.ts'

export type ParseRequest = { id: number; sql: string }
export type ParseReply = { id: number } & ({ statements: Statement[] } | { error: string })

const port = parentPort!
port.on('message', ({ id, sql }: ParseRequest) => {
  void parseStatements(sql).then(
    (statements) => port.postMessage({ id, statements } satisfies ParseReply),
    (error: Error) => port.postMessage({ id, error: error.message } satisfies ParseReply),
  )
})
