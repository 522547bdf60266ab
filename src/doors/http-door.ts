import type { AnyOperation } from '../db/operation.ts'
import { defineErrors, kernelErrors, RobbieError, type ErrorStatus } from '../kernel/errors.ts'
import { isStreamed, pathParameters, splitBinding } from '../kernel/operation.ts'
import { isIdempotencyKey, type CallRequest, type Door } from './door.ts'
import { readEventStream } from './event-stream.ts'
import type { Problem } from './problem.ts'

/** What can go wrong between here and a running server. */
export const httpDoorErrors = defineErrors({
  SERVER_UNREACHABLE: {
    status: 503,
    message: 'No server answers at this address; nothing was sent. Start it, then try again.',
  },
  SERVER_CONNECTION_LOST: {
    status: 502,
    message:
      'The connection to the server was lost before its answer. It may or may not have done what was asked.',
  },
  SERVER_ANSWER_UNKNOWN: {
    status: 502,
    message: 'What answers at this address does not speak as RobbieVerse does. Check the address.',
  },
})

export type HttpDoorParts = {
  /** Where the server listens, as in `http://127.0.0.1:4700`. */
  address: string
  operations: readonly AnyOperation[]
}

type Input = Record<string, unknown>

/**
 * Calls operations of a running server over HTTP. Errors are the server's own, rebuilt from its problem documents;
 * SERVER_* when it cannot be reached or understood. Takes API keys only.
 */
export class HttpDoor implements Door {
  readonly #address: string
  readonly #operations: Map<string, AnyOperation>

  constructor(parts: HttpDoorParts) {
    this.#address = parts.address.replace(/\/+$/, '')
    this.#operations = new Map(parts.operations.map((operation) => [operation.id, operation]))
  }

  async call(request: CallRequest): Promise<unknown> {
    const operation = this.#operations.get(request.operation)
    if (!operation) throw kernelErrors.UNKNOWN_OPERATION({ data: { operation: request.operation } })
    const isInPieces = isStreamed(operation) && request.onEvent !== undefined
    const { method, path, body } = toHttp(operation, readInput(request.input), isInPieces)
    const response = await this.#fetch(request, `${this.#address}${path}`, {
      method,
      headers: headersOf(request, { hasBody: body !== null, isInPieces }),
      ...(body === null ? {} : { body }),
      signal: request.signal,
      // A redirect would take the key somewhere else.
      redirect: 'manual',
    })
    if (!response.ok) throw await readProblem(response)
    if (contentType(response) === 'text/event-stream') return this.#readStream(request, response)
    return this.#guard(request, () => readJson(response))
  }

  async #fetch(request: CallRequest, url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init)
    } catch (error) {
      throw this.#failure(request, error)
    }
  }

  /** Pieces go to `onEvent`; the last event is the whole answer or the error that ended it. */
  async #readStream(request: CallRequest, response: Response): Promise<unknown> {
    return this.#guard(request, async () => {
      for await (const { event, data } of readEventStream(response.body!)) {
        const value = parseJson(data)
        if (event === 'done') return value
        if (event === 'error') throw toError(value, 500)
        request.onEvent?.({ type: event, data: value as Record<string, unknown> })
      }
      throw httpDoorErrors.SERVER_CONNECTION_LOST()
    })
  }

  async #guard<T>(request: CallRequest, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw error instanceof RobbieError ? error : this.#failure(request, error)
    }
  }

  #failure(request: CallRequest, error: unknown): RobbieError {
    if (request.signal.aborted) return kernelErrors.CANCELLED({ cause: error })
    const data = { address: this.#address }
    // Of what `fetch` throws only these say for certain that the server saw nothing of the request.
    const isUnsent =
      /^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(
        causeCode(error),
      )
    return isUnsent
      ? httpDoorErrors.SERVER_UNREACHABLE({
          message: `No server answers at ${this.#address}; nothing was sent. Start it, then try again.`,
          data,
          cause: error,
        })
      : httpDoorErrors.SERVER_CONNECTION_LOST({ data, cause: error })
  }
}

function readInput(input: unknown): Input {
  if (input === undefined || input === null) return {}
  if (typeof input === 'object' && !Array.isArray(input)) return input as Input
  throw kernelErrors.INVALID_INPUT({ fields: [{ path: '', message: 'must be an object' }] })
}

/** Path parameters in the path; the rest as JSON body, or in the query of methods without one. */
function toHttp(operation: AnyOperation, input: Input, isInPieces: boolean) {
  const { method, path } = splitBinding(operation.http)
  const inPath = new Set(pathParameters(operation.http))
  const rest = Object.entries(input).filter(([name, value]) => !inPath.has(name) && value !== undefined)
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathSegment(name, input[name]))
  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams(
      rest.map(([name, value]): [string, string] => [name, queryText(value)]),
    ).toString()
    return { method, path: query === '' ? filled : `${filled}?${query}`, body: null }
  }
  const body = JSON.stringify({ ...Object.fromEntries(rest), ...(isInPieces ? { stream: true } : {}) })
  return { method, path: filled, body }
}

function pathSegment(name: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  // Dots would be resolved as folders of the address, even when they are percent-encoded.
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
    throw kernelErrors.INVALID_INPUT({ fields: [{ path: name, message: 'is required and names one thing' }] })
  }
  return encodeURIComponent(text)
}

/** Lists go as one JSON text: items that are repeated or joined by commas could not hold a comma themselves. */
function queryText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function headersOf(
  request: CallRequest,
  is: { hasBody: boolean; isInPieces: boolean },
): Record<string, string> {
  const { credential } = request
  if (credential?.kind === 'person') throw new TypeError('a signed-in person cannot be passed on over HTTP')
  if (request.idempotencyKey !== undefined && !isIdempotencyKey(request.idempotencyKey)) {
    throw kernelErrors.INVALID_INPUT({
      fields: [{ path: 'idempotencyKey', message: 'must be 1-200 visible ASCII characters' }],
    })
  }
  return {
    accept: is.isInPieces ? 'text/event-stream, application/json' : 'application/json',
    'x-request-id': request.requestId,
    ...(is.hasBody ? { 'content-type': 'application/json' } : {}),
    ...(credential ? { authorization: `Bearer ${credential.key}` } : {}),
    ...(credential?.town ? { 'robbieverse-town': credential.town } : {}),
    ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
    ...(request.interface === undefined ? {} : { 'robbieverse-interface': request.interface }),
  }
}

async function readProblem(response: Response): Promise<RobbieError> {
  const text = await response.text().catch(() => '')
  return toError(parseJson(text), response.status)
}

async function readJson(response: Response): Promise<unknown> {
  const value = parseJson(await response.text())
  if (value === undefined) throw httpDoorErrors.SERVER_ANSWER_UNKNOWN({ data: { status: response.status } })
  return value
}

/** The error in a problem document; SERVER_ANSWER_UNKNOWN for anything that is none of ours. */
function toError(value: unknown, status: number): RobbieError {
  const { code, detail, data, errors, ...problem } = (value ?? {}) as Partial<Problem>
  if (typeof code !== 'string' || typeof detail !== 'string') {
    return httpDoorErrors.SERVER_ANSWER_UNKNOWN({ data: { status } })
  }
  return new RobbieError(code, (problem.status ?? status) as ErrorStatus, detail, {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { fields: errors }),
  })
}

function contentType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function causeCode(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown; errors?: { code?: unknown }[] } }).cause
  const code = cause?.code ?? cause?.errors?.[0]?.code
  return typeof code === 'string' ? code : ''
}
