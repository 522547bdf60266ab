import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What the model does with a request. `pieces` are streamed as they are, from when `until` resolves; `cut` breaks the connection after its pieces;
 * `hang` sends its pieces and then nothing until the client goes away; `status` refuses.
 */
export type ModelScript =
  | { kind: 'pieces'; pieces: string[]; until?: Promise<void> }
  | { kind: 'cut'; pieces: string[] }
  | { kind: 'hang'; pieces: string[] }
  | { kind: 'status'; status: number }

export type ModelRequest = { path: string; headers: IncomingMessage['headers']; body: ModelBody }
export type ModelBody = {
  model: string
  stream: boolean
  system?: unknown
  messages: { role: string; content: unknown }[]
}

/** A model provider as it speaks over the network, doing what the test says. */
export type ModelServer = {
  /** What ROBBIEVERSE_MODEL_URL is to be. */
  url: string
  /** What the next requests get, until it is set anew. */
  script: ModelScript
  /** Every request so far. */
  requests: ModelRequest[]
  /** Resolves when a hanging request was given up by its client. */
  abandoned(): Promise<void>
  close(): Promise<void>
}

/** A provider that speaks OpenAI's chat completions with server-sent chunks. */
export function startOpenAi(): Promise<ModelServer> {
  return startModel(openAi)
}

/** A provider that speaks Anthropic's messages with its named events. */
export function startAnthropic(): Promise<ModelServer> {
  return startModel(anthropic)
}

/** The words of one protocol. Lone surrogates and NUL travel as JSON escapes, as providers send them. */
type Protocol = {
  path: string
  begin(model: string): string
  piece(text: string): string
  end(model: string): string
  refuse(status: number): string
}

const openAiChunk = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'test-model',
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  })}\n\n`

const openAi: Protocol = {
  path: '/chat/completions',
  begin: () => openAiChunk({ role: 'assistant', content: '' }),
  piece: (text) => openAiChunk({ content: text }),
  end: () => `${openAiChunk({}, { finish_reason: 'stop' })}data: [DONE]\n\n`,
  refuse: (status) =>
    JSON.stringify({ error: { message: `refused with ${status}`, type: 'test', code: null } }),
}

const anthropicEvent = (event: { type: string } & object) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const anthropic: Protocol = {
  path: '/messages',
  begin: (model) =>
    anthropicEvent({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 1 },
      },
    } as never) +
    anthropicEvent({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'text', text: '' },
    } as never),
  piece: (text) =>
    anthropicEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as never),
  end: () =>
    anthropicEvent({ type: 'content_block_stop', index: 0 } as never) +
    anthropicEvent({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 7 },
    } as never) +
    anthropicEvent({ type: 'message_stop' }),
  refuse: (status) =>
    JSON.stringify({ type: 'error', error: { type: 'test_error', message: `refused with ${status}` } }),
}

async function startModel(protocol: Protocol): Promise<ModelServer> {
  const requests: ModelRequest[] = []
  const gone: (() => void)[] = []
  let abandonedCount = 0
  const abandon = () => {
    abandonedCount += 1
    for (const tell of gone.splice(0)) tell()
  }
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      requests.push({ path: request.url!, headers: request.headers, body })
      if (request.url !== `/v1${protocol.path}`) {
        response.writeHead(404).end()
        return
      }
      const { script } = model
      const begun = (script.kind === 'pieces' && script.until) || Promise.resolve()
      void begun.then(() => answer(protocol, script, response, { model: body.model, abandon }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const model: ModelServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    script: { kind: 'pieces', pieces: ['Hello', ' from the model.'] },
    requests,
    abandoned: async () => {
      if (abandonedCount === 0) await new Promise<void>((resolve) => gone.push(resolve))
      abandonedCount -= 1
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return model
}

function answer(
  protocol: Protocol,
  script: ModelScript,
  response: ServerResponse,
  about: { model: string; abandon: () => void },
): void {
  if (script.kind === 'status') {
    // A client that tries again does so at once.
    response.writeHead(script.status, { 'content-type': 'application/json', 'retry-after-ms': '1' })
    response.end(protocol.refuse(script.status))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(protocol.begin(about.model))
  for (const piece of script.pieces) response.write(protocol.piece(piece))
  if (script.kind === 'pieces') response.end(protocol.end(about.model))
  else if (script.kind === 'cut') setImmediate(() => response.destroy())
  else response.once('close', about.abandon)
}

async function readBody(request: IncomingMessage): Promise<ModelBody> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as ModelBody
}
