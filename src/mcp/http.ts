import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'

import { createMcpServer, type McpParts } from './server.ts'

/**
 * Answers one MCP message over streamable HTTP. Stateless: a server and a transport of its own for each, so that
 * nothing is kept between requests. `body` is the parsed JSON of the request.
 */
export async function handleMcp(request: Request, body: unknown, parts: McpParts): Promise<Response> {
  const server = createMcpServer(parts)
  const transport = new WebStandardStreamableHTTPServerTransport()
  await server.connect(transport)
  // Closing it aborts the calls that run for a client that went away.
  request.signal.addEventListener('abort', () => void server.close(), { once: true })
  return transport.handleRequest(request, { parsedBody: body ?? null })
}
