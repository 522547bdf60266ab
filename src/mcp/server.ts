import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolRequest,
  type CallToolResult,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'

import type { AnyOperation } from '../db/operation.ts'
import { isStreamed } from '../kernel/operation.ts'
import { isIdempotencyKey, type Credential, type Door } from '../doors/door.ts'
import { toLoggable, toProblem } from '../doors/problem.ts'
import type { StreamEvent } from '../kernel/context.ts'
import { toRobbieError } from '../db/sql-error.ts'
import { kernelErrors } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { describeTools } from './tools.ts'

export type McpParts = {
  door: Door
  operations: readonly AnyOperation[]
  version: string
  /** Who calls; null leaves it to the door. */
  credential: Credential | null
  /** The interface that calls are told to come from, as in mcp. */
  interface: string
  log: Logger
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** Member of `_meta` by which a client makes a repeated command have its effect once. */
export const IDEMPOTENCY_META = 'robbieverse.dev/idempotency-key'

/** An MCP server with a tool for each operation. Connect it to one transport. */
export function createMcpServer(parts: McpParts): Server {
  const { tools, operations } = describeTools(parts.operations)
  const server = new Server(
    { name: 'robbieverse', title: 'RobbieVerse', version: parts.version },
    { capabilities: { tools: {} } },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => {
    const operation = operations.get(request.params.name)
    if (!operation) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${request.params.name}`)
    return callTool(parts, operation, request.params, extra)
  })
  return server
}

async function callTool(
  parts: McpParts,
  operation: AnyOperation,
  params: CallToolRequest['params'],
  extra: Extra,
): Promise<CallToolResult> {
  const requestId = newId()
  const progress = isStreamed(operation) ? new Progress(extra) : null
  try {
    const idempotencyKey = readIdempotencyKey(params)
    const output = await parts.door.call({
      operation: operation.id,
      input: params.arguments ?? {},
      credential: parts.credential,
      requestId,
      signal: extra.signal,
      interface: parts.interface,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(progress ? { onEvent: (event) => progress.report(event) } : {}),
    })
    await progress?.sent()
    return {
      content: [{ type: 'text', text: JSON.stringify(output) }],
      ...(isObject(output) ? { structuredContent: output } : {}),
    }
  } catch (thrown) {
    const error = toRobbieError(thrown)
    if (error.status >= 500 && error.code !== 'CANCELLED') {
      parts.log.error(
        { requestId, operation: operation.id, err: toLoggable(error.cause ?? error) },
        'a tool call failed',
      )
    }
    // As text only: structured content would have to fit the schema of a success.
    return { content: [{ type: 'text', text: JSON.stringify(toProblem(error, requestId)) }], isError: true }
  }
}

/** Tells the client of each piece, in order, if it gave a token to be told by. */
class Progress {
  readonly #extra: Extra
  #count = 0
  #sending: Promise<void> = Promise.resolve()

  constructor(extra: Extra) {
    this.#extra = extra
  }

  report(event: StreamEvent): void {
    const progressToken = this.#extra._meta?.progressToken
    if (progressToken === undefined) return
    const { text } = event.data
    const message = typeof text === 'string' ? text : event.type
    const params = { progressToken, progress: ++this.#count, message }
    this.#sending = this.#sending
      .then(() => this.#extra.sendNotification({ method: 'notifications/progress', params }))
      // The client is gone; the call's own signal tells of that.
      .catch(() => undefined)
  }

  /** Resolves when all of it has been sent: nothing may follow the result. */
  sent(): Promise<void> {
    return this.#sending
  }
}

function readIdempotencyKey(params: CallToolRequest['params']): string | undefined {
  const key: unknown = params._meta?.[IDEMPOTENCY_META]
  if (key === undefined) return undefined
  if (typeof key === 'string' && isIdempotencyKey(key)) return key
  throw kernelErrors.INVALID_INPUT({
    fields: [{ path: `_meta.${IDEMPOTENCY_META}`, message: 'must be 1-200 visible ASCII characters' }],
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
