import type { Hono } from 'hono'

import { buildOpenApi } from './openapi.ts'
import { httpErrors } from './http.errors.ts'
import type { HttpContext, HttpEnvironment, HttpParts } from './http-context.ts'
import type { EventFeed } from './event-feed.ts'
import { getCredential } from './credential.ts'
import { isLoopback } from './guard.ts'
import type { Metrics } from './metrics.ts'
import { homePage, linkRefusedPage } from './pages.ts'
import { refuseOtherMethods } from './operation-routes.ts'
import { acceptsHtml } from './request-headers.ts'
import { Readiness } from './readiness.ts'
import { SSE_HEADERS } from './sse.ts'
import { kernelErrors, RobbieError } from '../kernel/errors.ts'

const SEQUENCE = /^\d{1,15}$/

/** Adds what is no operation: the event stream, sign-in, health, metrics, the description of it all, the first page. */
export function addFixedRoutes(
  app: Hono<HttpEnvironment>,
  parts: HttpParts & { metrics: Metrics; feed: EventFeed },
): void {
  const readiness = new Readiness(() => parts.readiness())
  let openApi: string | null = null
  app.get('/v1/events', (c) => openEvents(c, parts))
  app.all('/v1/auth/*', (c) => signIn(c, parts))
  app.get('/openapi.json', (c) => {
    c.set('route', 'openapi')
    openApi ??= JSON.stringify(buildOpenApi(parts))
    return c.body(openApi, 200, { 'content-type': 'application/json' })
  })
  app.get('/healthz', (c) => {
    c.set('route', 'healthz')
    return c.json({ status: 'ok' })
  })
  app.get('/readyz', async (c) => {
    c.set('route', 'readyz')
    const isReady = await readiness.check()
    return c.json({ status: isReady ? 'ready' : 'not ready' }, isReady ? 200 : 503)
  })
  app.get('/metrics', async (c) => {
    c.set('route', 'metrics')
    if (!isLoopback(new URL(parts.baseUrl()).hostname)) await requireCaller(c, parts)
    return c.body(parts.metrics.render(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  app.get('/', (c) => {
    c.set('route', 'home')
    return acceptsHtml(c.req.raw) ? c.html(homePage(parts.version)) : c.json(describeServer(parts.version))
  })
  for (const path of ['/v1/events', '/openapi.json', '/healthz', '/readyz', '/metrics', '/']) {
    refuseOtherMethods(app, path, ['GET'])
  }
}

/** Throws UNAUTHENTICATED and the like unless the request shows a key or a session that works. */
async function requireCaller(c: HttpContext, parts: HttpParts): Promise<void> {
  await parts.door.call({
    operation: 'identity.whoami',
    input: {},
    credential: await getCredential(c.req.raw, { signIn: parts.signIn, baseUrl: parts.baseUrl() }),
    requestId: c.get('requestId'),
    signal: c.req.raw.signal,
  })
}

async function openEvents(c: HttpContext, parts: HttpParts & { feed: EventFeed }): Promise<Response> {
  c.set('route', 'journal.events')
  const request = c.req.raw
  const credential = await getCredential(request, { signIn: parts.signIn, baseUrl: parts.baseUrl() })
  const afterSeq = readLastEventId(c)
  // Hono runs HEAD as GET and throws the body away: the stream would stay open with nobody at its end.
  if (request.method === 'HEAD') return new Response(null, { headers: SSE_HEADERS })
  const { signIn } = parts
  const { headers } = request
  const stream = await parts.feed.open({
    credential,
    afterSeq,
    ...(credential.kind === 'person' && signIn
      ? { isSignedIn: async () => (await signIn.sessionUser(headers)) === credential.userId }
      : {}),
  })
  return new Response(stream, { headers: SSE_HEADERS })
}

/** The header wins: a browser that reconnects sends it beside the query it was first opened with. */
function readLastEventId(c: HttpContext): number | null {
  const text = c.req.header('last-event-id') ?? c.req.query('lastEventId')
  if (text === undefined) return null
  if (!SEQUENCE.test(text)) throw httpErrors.INVALID_LAST_EVENT_ID()
  return Number(text)
}

async function signIn(c: HttpContext, parts: HttpParts): Promise<Response> {
  c.set('route', 'sign-in')
  try {
    const response = await parts.signIn?.handle(c.req.raw)
    if (response) return response
  } catch (error) {
    if (error instanceof RobbieError && error.code === 'SIGN_IN_LINK_INVALID' && acceptsHtml(c.req.raw)) {
      return c.html(linkRefusedPage(error.message), 403)
    }
    throw error
  }
  throw kernelErrors.NOT_FOUND()
}

function describeServer(version: string): object {
  return {
    name: 'RobbieVerse',
    version,
    links: {
      openapi: '/openapi.json',
      events: '/v1/events',
      mcp: '/mcp',
      health: '/healthz',
      ready: '/readyz',
    },
  }
}
