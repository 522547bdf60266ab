import { bindingOf, makeDoor, type CallOptions, type Input, type TestDoor } from './door.ts'

export type HttpRequest = {
  method: string
  path: string
  body: string | undefined
}

/** The request that a plain client makes for an operation: path parameters in the path, the rest in query or body. */
export function toRequest(operation: string, input: Input): HttpRequest {
  const { method, path } = bindingOf(operation)
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name)
    rest.delete(name)
    return encodeURIComponent(String(value))
  })
  if (method !== 'GET' && method !== 'DELETE') {
    return { method, path: filled, body: JSON.stringify(Object.fromEntries(rest)) }
  }
  const query = new URLSearchParams()
  for (const [name, value] of rest) {
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item))
  }
  return { method, path: query.size > 0 ? `${filled}?${query.toString()}` : filled, body: undefined }
}

/** Sends an operation over HTTP; the body of the answer is left to read. */
// oxlint-disable-next-line eslint/max-params -- what is asked, by whom, and how; every test names the first four
export function send(
  address: string,
  key: string | null,
  operation: string,
  input: Input,
  options: CallOptions & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const { method, path, body } = toRequest(operation, input)
  return fetch(`${address}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
      ...(options.interface === undefined ? {} : { 'robbieverse-interface': options.interface }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(options.signal ? { signal: options.signal } : {}),
  })
}

/** The HTTP door with a key. */
export function openHttp(address: string, key: string): TestDoor {
  return makeDoor(
    'http',
    async (operation, input = {}, options = {}) => {
      const response = await send(address, key, operation, input, options)
      const value: unknown = await response.json()
      return response.ok ? { ok: true, value } : { ok: false, problem: value as never }
    },
    async () => undefined,
  )
}
