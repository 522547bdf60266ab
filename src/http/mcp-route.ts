import type { Hono } from 'hono'

import { toRobbieError } from '../db/sql-error.ts'
import { identityErrors, authenticate } from '../modules/identity/index.ts'
import { getCredential, readKey } from './credential.ts'
import type { HttpContext, HttpEnvironment, HttpParts } from './http-context.ts'
import { httpErrors } from './http.errors.ts'
import { DEFAULT_MAX_BODY_BYTES, readJson } from './json-body.ts'
import { readInterface } from './request-headers.ts'

/** Adds MCP over streamable HTTP, stateless: each request stands alone, so there is no stream to open with GET. */
export function addMcpRoute(app: Hono<HttpEnvironment>, parts: HttpParts): void {
  const maxBytes = Math.max(DEFAULT_MAX_BODY_BYTES, ...parts.operations.map((each) => each.maxBodyBytes ?? 0))
  app.all('/mcp', (c) => {
    c.set('route', 'mcp')
    if (c.req.method !== 'POST') throw httpErrors.METHOD_NOT_ALLOWED({ data: { allow: ['POST'] } })
    return answer(c, parts, maxBytes)
  })
}

async function answer(c: HttpContext, parts: HttpParts, maxBytes: number): Promise<Response> {
  const request = c.req.raw
  if (readKey(request) === null) throw identityErrors.UNAUTHENTICATED()
  const credential = await getCredential(request, { signIn: null, baseUrl: parts.baseUrl() })
  // A client learns with its first message that its key is no good, not with its first tool.
  await parts.database
    .transaction('read', (tx) => authenticate(tx, credential, parts.clock.now()))
    .catch((error: unknown) => {
      throw toRobbieError(error)
    })
  const client = readInterface(request)
  const body = await readJson(request, maxBytes)
  const { handleMcp } = await import('../mcp/http.ts')
  return handleMcp(request, body, {
    door: parts.door,
    operations: parts.operations,
    version: parts.version,
    credential,
    interface: client ?? 'mcp',
    log: parts.log,
  })
}
