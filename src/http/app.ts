import { Hono } from 'hono'

import { kernelErrors } from '../kernel/errors.ts'
import { EventFeed } from './event-feed.ts'
import { addFixedRoutes } from './fixed-routes.ts'
import { guardOrigin } from './guard.ts'
import type { HttpContext, HttpEnvironment, HttpParts } from './http-context.ts'
import { addMcpRoute } from './mcp-route.ts'
import { Metrics } from './metrics.ts'
import { addOperationRoutes } from './operation-routes.ts'
import { describeFailure, problemResponse } from './problem-response.ts'
import { readRequestId } from './request-headers.ts'

/** The HTTP door: a fetch handler, and the end of its open event streams. */
export type HttpApp = Hono<HttpEnvironment> & {
  /** Ends event streams, which would keep a server from closing. */
  endStreams(): Promise<void>
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}

/** Every door over HTTP: a route for each operation, the event stream, MCP, sign-in, health and their description. */
export function createHttpApp(given: HttpParts): HttpApp {
  const metrics = given.metrics ?? new Metrics()
  const feed = new EventFeed(given)
  const parts = { ...given, metrics, feed }
  metrics.gauge('event_stream_clients', 'Clients connected to /v1/events.', () => feed.size)
  const app = new Hono<HttpEnvironment>()
  app.use(async (c, next) => {
    const startedAt = performance.now()
    c.set('requestId', readRequestId(c.req.raw))
    c.set('route', 'unknown')
    await next()
    finish(c, performance.now() - startedAt, parts)
  })
  app.use(async (c, next) => {
    guardOrigin(c.req.raw, { baseUrl: parts.baseUrl(), isPublic: parts.isPublic ?? false })
    await next()
  })
  addFixedRoutes(app, parts)
  addMcpRoute(app, parts)
  addOperationRoutes(app, parts)
  app.notFound((c) => fail(c, kernelErrors.NOT_FOUND(), parts))
  app.onError((error, c) => fail(c, error, parts))
  return Object.assign(app, { endStreams: () => feed.close() })
}

function fail(c: HttpContext, thrown: unknown, { log }: HttpParts): Response {
  const about = { requestId: c.get('requestId'), route: c.get('route'), log }
  const { error, problem } = describeFailure(thrown, about)
  const allow = error.data['allow']
  return problemResponse(problem, Array.isArray(allow) ? { allow: allow.join(', ') } : {})
}

function finish(c: HttpContext, milliseconds: number, parts: HttpParts & { metrics: Metrics }): void {
  const { status, headers } = c.res
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value)
  headers.set('x-request-id', c.get('requestId'))
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  const route = c.get('route')
  parts.metrics.observe(route, status, milliseconds / 1000)
  parts.log.info(
    { requestId: c.get('requestId'), route, method: c.req.method, status, milliseconds },
    'request',
  )
}
