import { Console } from 'node:console'

import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/** Room for the largest input of any operation, as one line of JSON. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024

/**
 * Serves MCP over standard input and output until the client closes the input; then it finishes the calls that run,
 * and resolves. What libraries print goes to standard error: the output carries the protocol and nothing else.
 */
export async function runMcpStdio(server: Server): Promise<void> {
  globalThis.console = new Console(process.stderr)
  const transport = new CountingTransport(process.stdin, process.stdout, { maxBufferSize: MAX_MESSAGE_BYTES })
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve
  })
  process.stdin.once('end', () => transport.closeWhenIdle())
  // A client that went away without closing the input: nobody reads what is still to be written.
  process.stdout.on('error', () => void server.close())
  await server.connect(transport)
  await closed
}

/** Knows which requests are unanswered, so that the end of the input does not cut their answers off. */
class CountingTransport extends StdioServerTransport {
  readonly #open = new Set<string | number>()
  #isEnding = false

  override async start(): Promise<void> {
    const deliver = this.onmessage
    this.onmessage = (message: JSONRPCMessage) => {
      this.#count(message)
      deliver?.(message)
    }
    await super.start()
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    await super.send(message)
    if (!('method' in message) && message.id !== undefined) this.#open.delete(message.id)
    this.#closeIfIdle()
  }

  closeWhenIdle(): void {
    this.#isEnding = true
    this.#closeIfIdle()
  }

  #count(message: JSONRPCMessage): void {
    if (!('method' in message)) return
    if ('id' in message) this.#open.add(message.id)
    // A cancelled request gets no answer.
    const cancelled = message.method === 'notifications/cancelled' ? message.params?.['requestId'] : undefined
    if (typeof cancelled === 'string' || typeof cancelled === 'number') this.#open.delete(cancelled)
  }

  #closeIfIdle(): void {
    if (this.#isEnding && this.#open.size === 0) void this.close()
  }
}
