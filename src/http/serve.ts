import { createServer, STATUS_CODES, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { getRequestListener } from '@hono/node-server'

import { toProblem } from '../doors/problem.ts'
import { newId } from '../kernel/ids.ts'
import type { HttpApp } from './app.ts'
import { httpErrors } from './http.errors.ts'
import { PROBLEM_TYPE, problemResponse } from './problem-response.ts'

/** How long requests that run may take when the server closes. Milliseconds. */
const GRACE_MS = 10_000
const IDLE_CHECK_MS = 20
/** Longer than the idle limit of common proxies, which would otherwise meet a connection that just closed. */
const KEEP_ALIVE_MS = 75_000

export type HttpServer = {
  /** `http://host:port`, with the port the system chose where 0 was asked for. */
  address: string
  /** Takes nothing new, ends event streams, waits for what runs (10 s at most), then closes. */
  close(): Promise<void>
}

/** Listens. Rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function serveHttp(app: HttpApp, options: { host: string; port: number }): Promise<HttpServer> {
  const listener = getRequestListener((request) => app.fetch(request), {
    // Our process has other users of fetch: its classes stay what they are.
    overrideGlobalObjects: false,
    hostname: options.host,
    errorHandler: (cause) => problemResponse(toProblem(httpErrors.MALFORMED_REQUEST({ cause }), newId())),
  })
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    void listener(incoming, outgoing)
  })
  server.on('clientError', refuseUnreadable)
  const quiet = trackQuiet(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  let closing: Promise<void> | null = null
  return { address: `http://${host}:${port}`, close: () => (closing ??= close(server, app, quiet)) }
}

/**
 * The connections with no request under way. Node's own closeIdleConnections leaves those that never sent one, such as a
 * browser's preconnect, and a close would wait for them.
 */
function trackQuiet(server: Server): Set<Socket> {
  const quiet = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    quiet.add(socket)
    socket.on('close', () => quiet.delete(socket))
  })
  server.on('request', (incoming, outgoing) => {
    quiet.delete(incoming.socket)
    outgoing.on('close', () => {
      if (!incoming.socket.destroyed) quiet.add(incoming.socket)
    })
  })
  return quiet
}

async function close(server: Server, app: HttpApp, quiet: Set<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  await app.endStreams()
  // A connection becomes idle when its last request ends; kept alive, it would hold the server open.
  const idle = setInterval(() => {
    for (const socket of quiet) socket.destroy()
  }, IDLE_CHECK_MS)
  const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearInterval(idle)
  clearTimeout(grace)
}

/** Bytes that are no HTTP never reach the app; they too are told what is wrong, in the same form. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify({ ...toProblem(httpErrors.MALFORMED_REQUEST(), newId()), status })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
