import type { Hono } from 'hono'

import type { AnyOperation } from '../db/operation.ts'
import type { CallRequest } from '../doors/door.ts'
import { isStreamed, splitBinding, type HttpMethod } from '../kernel/operation.ts'
import { getCredential } from './credential.ts'
import type { HttpContext, HttpEnvironment, HttpParts } from './http-context.ts'
import { httpErrors } from './http.errors.ts'
import { describeFailure } from './problem-response.ts'
import { streamReply } from './reply-stream.ts'
import { acceptsEventStream, readIdempotencyKey, readInterface } from './request-headers.ts'
import { readInput } from './request-input.ts'

/** Adds a route for each operation. Throws when two operations share an id or an address. */
export function addOperationRoutes(app: Hono<HttpEnvironment>, parts: HttpParts): void {
  const ids = new Set<string>()
  const shapes = Map.groupBy(parts.operations, (operation) => shapeOf(operation))
  for (const [, operations] of [...shapes].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const allowed: HttpMethod[] = []
    for (const operation of operations) {
      const { method, path } = splitBinding(operation.http)
      if (ids.has(operation.id) || allowed.includes(method)) {
        throw new Error(`the operation ${operation.id} (${operation.http}) is defined twice`)
      }
      ids.add(operation.id)
      allowed.push(method)
      app.on(method, toHonoPath(path), (c) => answer(c, operation, parts))
    }
    // Before the next shape: `/memories/recall` with a wrong method must not be read as `/memories/{id}`.
    refuseOtherMethods(app, toHonoPath(splitBinding(operations[0]!.http).path), allowed)
  }
}

/** Answers what came this far with METHOD_NOT_ALLOWED: the address is right, the method is not. */
export function refuseOtherMethods(
  app: Hono<HttpEnvironment>,
  path: string,
  allowed: readonly HttpMethod[],
): void {
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  app.all(path, () => {
    throw httpErrors.METHOD_NOT_ALLOWED({ data: { allow } })
  })
}

/** The path without its parameters' names. Sorting by it tries `/memories/recall` before `/memories/{id}`. */
function shapeOf(operation: AnyOperation): string {
  return splitBinding(operation.http).path.replaceAll(/\{\w+\}/g, '~')
}

function toHonoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

async function answer(c: HttpContext, operation: AnyOperation, parts: HttpParts): Promise<Response> {
  c.set('route', operation.id)
  const request = c.req.raw
  const requestId = c.get('requestId')
  // Before the body is read: whoever shows nothing does not make us read megabytes.
  const credential = await getCredential(request, { signIn: parts.signIn, baseUrl: parts.baseUrl() })
  const idempotencyKey = readIdempotencyKey(request)
  const client = readInterface(request)
  const input = await readInput(request, operation, c.req.param())
  const call: CallRequest = {
    operation: operation.id,
    input,
    credential,
    requestId,
    signal: request.signal,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(client === undefined ? {} : { interface: client }),
  }
  if (isStreamed(operation) && (input['stream'] ?? acceptsEventStream(request)) === true) {
    return streamReply({
      run: (onEvent, signal) => parts.door.call({ ...call, onEvent, signal }),
      problem: (error) => describeFailure(error, { requestId, route: operation.id, log: parts.log }).problem,
      signal: request.signal,
    })
  }
  const output = await parts.door.call(call)
  return c.json(output as object, operation.status ?? 200)
}
