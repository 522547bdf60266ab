import { bindingOf, type Input } from './door.ts'

/** A request in the form in which it goes over the wire. */
export type WireRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

/** An operation's request, whatever the input holds: also what no well-meaning client would send. */
export function toWire(operation: string, input: Input, key: string | null): WireRequest {
  const { method, path } = bindingOf(operation)
  const rest = Object.entries(input)
  const taken = new Set<string>()
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const [, value] = rest.find(([field]) => field === name) ?? [name, 'nothing']
    taken.add(name)
    return encode(textOf(value)) || '%20'
  })
  const others = rest.filter(([name]) => !taken.has(name))
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  if (method !== 'GET' && method !== 'DELETE') {
    return {
      method,
      path: filled,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(others)),
    }
  }
  const pairs = others.flatMap(([name, value]) =>
    listOf(value).map((item) => `${encode(name)}=${encode(textOf(item))}`),
  )
  return { method, path: pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled, headers }
}

export function fetchWire(address: string, { method, path, headers, body }: WireRequest): Promise<Response> {
  return fetch(`${address}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  })
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 100) : [value]
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  // The whole head of a request has room for 16 KB.
  return text.slice(0, 1_500)
}

/** Percent-encoding of any UTF-16, half characters in the bytes that CESU-8 has for them. */
function encode(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!
      if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(character)
      return `%ED%${(0xa0 | ((code >> 6) & 0x1f)).toString(16)}%${(0x80 | (code & 0x3f)).toString(16)}`
    })
    .join('')
}
