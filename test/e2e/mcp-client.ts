import { fileURLToPath } from 'node:url'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'

import { IDEMPOTENCY_META } from '../../src/mcp/index.ts'
import { makeDoor, type TestDoor } from './door.ts'
import type { Home } from './home.ts'

export type McpDoor = TestDoor & { client: Client }

const program = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))

/** MCP over standard input and output: `robbieverse mcp` as an editor starts it, through a server or alone. */
export function openMcpStdio(home: Home, key: string | null = null): Promise<McpDoor> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'mcp'],
    env: { ...home.env, ...(key === null ? {} : { ROBBIEVERSE_API_KEY: key }) },
    stderr: 'ignore',
  })
  return connect(transport)
}

/** MCP over streamable HTTP. */
export function openMcpHttp(address: string, key: string): Promise<McpDoor> {
  const headers = { authorization: `Bearer ${key}` }
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', address), { requestInit: { headers } })
  // The SDK declares sessionId with another optionality than its own interface.
  return connect(transport as unknown as Transport)
}

async function connect(transport: Transport): Promise<McpDoor> {
  const client = new Client({ name: 'robbieverse-tests', version: '0.0.0' })
  await client.connect(transport)
  // From here on the client checks every structured answer against the tool's own schema.
  await client.listTools()
  const door = makeDoor(
    'mcp',
    async (operation, input = {}, options = {}) => {
      const { idempotencyKey, signal } = options
      const result = (await client.callTool(
        {
          name: operation.replaceAll('.', '_'),
          arguments: input,
          ...(idempotencyKey === undefined ? {} : { _meta: { [IDEMPOTENCY_META]: idempotencyKey } }),
        },
        undefined,
        signal ? { signal } : {},
      )) as CallToolResult
      const value = readContent(result)
      return result.isError ? { ok: false, problem: value as never } : { ok: true, value }
    },
    () => client.close(),
  )
  return { ...door, client }
}

function readContent(result: CallToolResult): unknown {
  const [content] = result.content
  if (content?.type !== 'text') throw new Error(`the tool answered ${JSON.stringify(result)}`)
  return JSON.parse(content.text)
}
