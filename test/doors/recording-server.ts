import { z } from 'zod'

import type { Database } from '../../src/db/database.ts'
import { defineOperation, type AnyOperation } from '../../src/db/operation.ts'
import type { CallRequest } from '../../src/doors/door.ts'
import { createHttpApp, serveHttp } from '../../src/http/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { streamInput } from '../../src/kernel/input.ts'
import type { HttpBinding } from '../../src/kernel/operation.ts'
import type { Logger } from '../../src/kernel/logger.ts'

const silent: Logger = { debug: noop, info: noop, warn: noop, error: noop, child: () => silent }
function noop() {}

const fields = {
  id: z.string(),
  text: z.string().optional(),
  count: z.number().optional(),
  isOn: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  card: z.record(z.string(), z.unknown()).optional(),
  avatar: z.string().nullable().optional(),
  stream: streamInput,
}

function define(id: string, kind: 'query' | 'command', http: HttpBinding): AnyOperation {
  return defineOperation({
    id,
    kind,
    access: 'user',
    summary: 'Is recorded.',
    http,
    input: z.strictObject(fields),
    output: z.unknown(),
    run: async () => ({}),
  })
}

/** Operations that carry the same fields in every way HTTP has for them. */
export const recordedOperations: readonly AnyOperation[] = [
  define('things.get', 'query', 'GET /v1/things/{id}'),
  define('things.put', 'command', 'POST /v1/things/{id}'),
  define('things.change', 'command', 'PATCH /v1/things/{id}'),
  define('things.drop', 'command', 'DELETE /v1/things/{id}'),
]

export type RecordingServer = {
  address: string
  /** The calls that arrived behind HTTP, oldest first. */
  calls: CallRequest[]
  /** What the next calls do; the default answers `{}`. */
  answer: (request: CallRequest) => Promise<unknown>
  close(): Promise<void>
}

/** The product's own HTTP door over a real socket, with a recorder behind it in the place of the database. */
export async function openRecordingServer(): Promise<RecordingServer> {
  const server: RecordingServer = {
    address: '',
    calls: [],
    answer: async () => ({}),
    close: async () => undefined,
  }
  const app = createHttpApp({
    door: {
      call: (request) => {
        server.calls.push(request)
        return server.answer(request)
      },
    },
    operations: recordedOperations,
    // Only event streams ask it, and nobody opens one here.
    database: {} as Database,
    clock: systemClock,
    log: silent,
    version: '0.0.0',
    signIn: null,
    baseUrl: () => server.address,
    readiness: async () => true,
  })
  const listening = await serveHttp(app, { host: '127.0.0.1', port: 0 })
  return Object.assign(server, { address: listening.address, close: () => listening.close() })
}
