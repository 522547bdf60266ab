import { request } from 'node:http'

import { inject } from 'vitest'

import type { BrokerRequest, EmbeddedAnswer, ExecAnswer, ServerAnswer } from './broker.ts'

type AnswerTo<Request extends BrokerRequest> = Request extends { ask: 'embedded' }
  ? EmbeddedAnswer
  : Request extends { ask: 'server' }
    ? ServerAnswer
    : ExecAnswer

/** Asks the process that runs all test files. Waits for as long as the answer takes: a server may have to be built. */
export function askBroker<Request extends BrokerRequest>(question: Request): Promise<AnswerTo<Request>> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: inject('broker'), method: 'POST' }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text) as AnswerTo<Request>)
        else reject(new Error(text))
      })
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(question))
  })
}
