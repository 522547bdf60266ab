import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Problem } from '../../src/doors/problem.ts'
import { newId } from '../../src/kernel/ids.ts'
import { authenticate } from '../../src/modules/identity/index.ts'
import { readHead } from '../../src/modules/journal/index.ts'
import { openTestTown, send, type TestTown } from './test-town.ts'

let town: TestTown

beforeAll(async () => {
  town = await openTestTown()
})

afterAll(async () => {
  await town.close()
})

const problemOf = async (response: Response) => (await response.json()) as Problem

const head = () =>
  town.database.transaction('read', async (tx) => {
    await authenticate(tx, { kind: 'key', key: town.owner.key }, new Date())
    return readHead(tx)
  })

async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  const problem = await problemOf(response)
  expect({ status: response.status, code: problem.code }).toEqual({ status, code })
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(problem).toMatchObject({ type: `urn:robbieverse:error:${code}`, status })
  expect(problem.detail.length).toBeGreaterThan(0)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  return problem
}

/** The paths of the fields that a problem names. */
const fieldsOf = (problem: Problem) => (problem.errors ?? []).map((field) => field.path)

describe('routes', () => {
  it('reads the query as the types of the schema', async () => {
    const response = await town.request('GET', '/v1/jottings/search?q=12&tags=a&tags=b&isExact=true&limit=5')
    expect(await response.json()).toEqual({
      items: [{ q: '12', tags: ['a', 'b'], isExact: true, limit: 5 }],
      nextCursor: null,
    })
  })

  it('answers 201 where something was made', async () => {
    const response = await town.request('POST', '/v1/jottings', { body: { text: 'hello' } })
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ text: 'hello' })
  })

  it('puts path parameters beside the body', async () => {
    const id = newId()
    const response = await town.request('PATCH', `/v1/jottings/${id}`, { body: { name: 'x', id } })
    expect(await response.json()).toEqual({ id, name: 'x', interface: null })
  })

  it('refuses a field that contradicts the address, in body and query', async () => {
    const path = `/v1/jottings/${newId()}`
    const inBody = await town.request('PATCH', path, { body: { name: 'x', id: newId() } })
    expect(fieldsOf(await expectProblem(inBody, 422, 'INVALID_INPUT'))).toEqual(['id'])
    const inQuery = await town.request('GET', `${path}?id=${newId()}`)
    expect(fieldsOf(await expectProblem(inQuery, 422, 'INVALID_INPUT'))).toEqual(['id'])
  })

  it('refuses a query beside a body', async () => {
    const response = await town.request('POST', '/v1/jottings?text=a', { body: { text: 'b' } })
    expect(fieldsOf(await expectProblem(response, 422, 'INVALID_INPUT'))).toEqual(['text'])
  })

  it('answers 404 for an unknown address and 405 with Allow for a wrong method', async () => {
    await expectProblem(await town.request('GET', '/v1/nothing'), 404, 'NOT_FOUND')
    const onParameter = await town.request('DELETE', `/v1/jottings/${newId()}`)
    await expectProblem(onParameter, 405, 'METHOD_NOT_ALLOWED')
    expect(onParameter.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'PATCH'])
    const onFixed = await town.request('PATCH', '/v1/jottings/search', { body: { name: 'x' } })
    await expectProblem(onFixed, 405, 'METHOD_NOT_ALLOWED')
    expect(onFixed.headers.get('allow')).toBe('GET, HEAD')
    await expectProblem(await town.request('POST', '/v1/events'), 405, 'METHOD_NOT_ALLOWED')
  })

  it('answers HEAD with the headers of GET and no body', async () => {
    const response = await town.request('HEAD', '/v1/whoami')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  it('refuses two operations of one address or one id', async () => {
    const { noteOperations } = await import('./note-operations.ts')
    await expect(town.serve({ operations: [...noteOperations, noteOperations[0]!] })).rejects.toThrow(
      'defined twice',
    )
  })
})

describe('bad input', () => {
  const post = (body: string | Buffer | ReadableStream, contentType: string | null, path = '/v1/jottings') =>
    fetch(`${town.address}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${town.owner.key}`,
        ...(contentType === null ? {} : { 'content-type': contentType }),
      },
      body,
      duplex: 'half',
    } as RequestInit)

  it('refuses what is not JSON, not UTF-8, or not called JSON', async () => {
    const before = await head()
    await expectProblem(await post('{"text": ', 'application/json'), 400, 'MALFORMED_JSON')
    const latin1 = Buffer.from('{"text":"caf\xe9"}', 'latin1')
    await expectProblem(await post(latin1, 'application/json'), 400, 'MALFORMED_JSON')
    await expectProblem(
      await post('text=a', 'application/x-www-form-urlencoded'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    )
    await expectProblem(
      await post('{"text":"a"}', 'application/json; charset=latin1'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    )
    await expectProblem(await post(Buffer.from('{"text":"a"}'), null), 415, 'UNSUPPORTED_MEDIA_TYPE')
    expect(await head()).toBe(before)
  })

  it('takes JSON with a charset and JSON of a named kind', async () => {
    expect((await post('{"text":"a"}', 'Application/JSON; charset=UTF-8')).status).toBe(201)
    expect((await post('{"text":"a"}', 'application/vnd.note+json')).status).toBe(201)
  })

  it('names each field that does not fit', async () => {
    const before = await head()
    const response = await town.request('POST', '/v1/jottings', {
      body: { text: 1, privacy: 'secret', count: -1, more: 1 },
    })
    const problem = await expectProblem(response, 422, 'INVALID_INPUT')
    expect(fieldsOf(problem).toSorted()).toEqual(['count', 'more', 'privacy', 'text'])
    const missing = await expectProblem(await town.request('POST', '/v1/jottings'), 422, 'INVALID_INPUT')
    expect(fieldsOf(missing)).toEqual(['text'])
    for (const body of [[], null, 'text', 3]) {
      await expectProblem(await town.request('POST', '/v1/jottings', { body }), 422, 'INVALID_INPUT')
    }
    await expectProblem(
      await town.request('GET', '/v1/jottings/search?q=a&limit=1&limit=2'),
      422,
      'INVALID_INPUT',
    )
    await expectProblem(
      await town.request('GET', '/v1/jottings/search?q=a&__proto__=1'),
      422,
      'INVALID_INPUT',
    )
    await expectProblem(await town.request('GET', '/v1/jottings/%ff%00'), 422, 'INVALID_INPUT')
    expect(await head()).toBe(before)
  })

  it('refuses text that the database cannot hold', async () => {
    const before = await head()
    for (const text of ['"a\\u0000b"', '"\\ud83d"', '"\\udc00 x"']) {
      const response = await post(`{"text":${text}}`, 'application/json')
      expect(fieldsOf(await expectProblem(response, 422, 'INVALID_INPUT'))).toEqual(['text'])
    }
    await expectProblem(await town.request('GET', '/v1/jottings/search?q=a%00'), 422, 'INVALID_INPUT')
    expect(await head()).toBe(before)
  })

  it('refuses a field named like a prototype, and JSON nested without end', async () => {
    await expectProblem(
      await post('{"text":"a","__proto__":{"x":1}}', 'application/json'),
      422,
      'INVALID_INPUT',
    )
    const deep = `{"notes":[],"about":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`
    await expectProblem(await post(deep, 'application/json', '/v1/jottings/bulk'), 422, 'INVALID_INPUT')
  })

  it('stops at the limit of a body, which each operation may set', async () => {
    const before = await head()
    const large = JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) })
    const problem = await expectProblem(await post(large, 'application/json'), 413, 'BODY_TOO_LARGE')
    expect(problem.data).toEqual({ maxBytes: 2 * 1024 * 1024 })
    const chunk = new Uint8Array(64 * 1024).fill(32)
    let sent = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        if (sent++ < 80) controller.enqueue(chunk)
        else controller.close()
      },
    })
    await expectProblem(await post(endless, 'application/json'), 413, 'BODY_TOO_LARGE')
    expect(await head()).toBe(before)
    const many = JSON.stringify({ notes: ['x'.repeat(5 * 1024 * 1024)] })
    const taken = await post(many, 'application/json', '/v1/jottings/bulk')
    expect(await taken.json()).toEqual({ count: 1 })
  })

  it('never answers 5xx, whatever the body is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => `{"text":${text}}`),
        ),
        async (body) => {
          const response = await post(body, 'application/json')
          await response.arrayBuffer()
          expect(response.status).toBeLessThan(500)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('credentials', () => {
  it('asks for a key, and takes it as bearer or x-api-key', async () => {
    const none = await town.request('GET', '/v1/whoami', { key: null })
    await expectProblem(none, 401, 'UNAUTHENTICATED')
    expect(none.headers.get('www-authenticate')).toBe('Bearer')
    const basic = await town.request('GET', '/v1/whoami', {
      key: null,
      headers: { authorization: 'Basic eDp5' },
    })
    await expectProblem(basic, 401, 'UNAUTHENTICATED')
    const other = await town.request('GET', '/v1/whoami', {
      key: null,
      headers: { 'x-api-key': town.owner.key },
    })
    expect(other.status).toBe(200)
  })

  it('does not read the body of a request without a credential', async () => {
    const response = await town.request('POST', '/v1/jottings', {
      key: null,
      body: { text: 'x'.repeat(3_000_000) },
    })
    await expectProblem(response, 401, 'UNAUTHENTICATED')
  })

  it('refuses unknown, expired and revoked keys', async () => {
    await expectProblem(await town.request('GET', '/v1/whoami', { key: 'rv_nope' }), 401, 'API_KEY_UNKNOWN')
    const expired = await town.addKey(town.owner.userId, { expiresAt: new Date(Date.now() - 1000) })
    await expectProblem(await town.request('GET', '/v1/whoami', { key: expired.key }), 401, 'API_KEY_EXPIRED')
    const revoked = await town.addKey(town.owner.userId)
    expect((await town.request('DELETE', `/v1/api-keys/${revoked.id}`)).status).toBe(200)
    await expectProblem(
      await town.request('POST', '/v1/jottings', { key: revoked.key, body: { text: 'a' } }),
      401,
      'API_KEY_REVOKED',
    )
  })

  it('holds a key to its operations and a person to their role', async () => {
    const limited = await town.addKey(town.owner.userId, { operations: ['identity.*'] })
    await expectProblem(
      await town.request('POST', '/v1/jottings', { key: limited.key, body: { text: 'a' } }),
      403,
      'KEY_SCOPE',
    )
    const reader = await town.addMember('readonly')
    await expectProblem(
      await town.request('POST', '/v1/jottings', { key: reader.key, body: { text: 'a' } }),
      403,
      'FORBIDDEN',
    )
  })

  it('refuses a key where another town is named', async () => {
    const away = await town.addTown('away')
    const inTown = (name: string) =>
      town.request('GET', '/v1/whoami', { headers: { 'robbieverse-town': name } })
    expect((await inTown('home')).status).toBe(200)
    expect((await inTown(town.town.id)).status).toBe(200)
    await expectProblem(await inTown('away'), 403, 'NO_TOWN')
    await expectProblem(await inTown(away), 403, 'NO_TOWN')
    await expectProblem(await inTown("home' or 1=1"), 400, 'INVALID_HEADER')
  })
})

describe('headers', () => {
  it('keeps a request id that is fit for logs, and makes one otherwise', async () => {
    const own = await town.request('GET', '/v1/whoami', { headers: { 'x-request-id': 'editor-17' } })
    expect(own.headers.get('x-request-id')).toBe('editor-17')
    const unfit = await town.request('GET', '/v1/nothing', { headers: { 'x-request-id': 'a b' } })
    expect((await expectProblem(unfit, 404, 'NOT_FOUND')).requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('tells the operation which interface calls', async () => {
    const path = `/v1/jottings/${newId()}`
    const named = await town.request('PATCH', path, {
      body: { name: 'x' },
      headers: { 'robbieverse-interface': 'phone' },
    })
    expect(await named.json()).toMatchObject({ interface: 'phone' })
    const unfit = await town.request('PATCH', path, {
      body: { name: 'x' },
      headers: { 'robbieverse-interface': '<b>' },
    })
    await expectProblem(unfit, 400, 'INVALID_HEADER')
  })

  it('has the effect of a repeated command once', async () => {
    const key = { 'idempotency-key': newId() }
    const first = await town.request('POST', '/v1/jottings', { body: { text: 'once' }, headers: key })
    const again = await town.request('POST', '/v1/jottings', { body: { text: 'once' }, headers: key })
    expect(await again.json()).toEqual(await first.json())
    const other = await town.request('POST', '/v1/jottings', { body: { text: 'twice' }, headers: key })
    await expectProblem(other, 409, 'IDEMPOTENCY_KEY_REUSED')
    for (const unfit of ['', 'a b', 'x'.repeat(201)]) {
      const refused = await town.request('POST', '/v1/jottings', {
        body: { text: 'a' },
        headers: { 'idempotency-key': unfit },
      })
      await expectProblem(refused, 400, 'INVALID_HEADER')
    }
    const secret = await town.request('POST', '/v1/sign-in-links', { body: {}, headers: key })
    await expectProblem(secret, 422, 'IDEMPOTENCY_UNSUPPORTED')
  })

  it('sends security headers and no CORS headers', async () => {
    const response = await town.request('GET', '/v1/whoami', { headers: { origin: town.address } })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('other sites', () => {
  const withHost = (host: string, address = town.address) =>
    new Promise<number>((resolve, reject) => {
      const url = new URL('/healthz', address)
      httpRequest(url, { headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode!)
      })
        .on('error', reject)
        .end()
    })

  it('answers only to names of this machine while it listens on loopback', async () => {
    const { port } = new URL(town.address)
    expect(await withHost(`localhost:${port}`)).toBe(200)
    expect(await withHost(`[::1]:${port}`)).toBe(200)
    expect(await withHost(`127.0.0.1:9999`)).toBe(200)
    expect(await withHost(`rebound.example:${port}`)).toBe(403)
    expect(await withHost(`localhost.evil.example`)).toBe(403)
    expect(await withHost(`127.0.0.1.evil.example`)).toBe(403)
  })

  it('answers to its public name and to loopback names behind a proxy', async () => {
    const server = await town.serve({ baseUrl: () => 'https://robbie.example', isPublic: true })
    expect(await withHost('robbie.example', server.address)).toBe(200)
    expect(await withHost('localhost:4700', server.address)).toBe(200)
    expect(await withHost('rebound.example', server.address)).toBe(403)
  })

  it('answers to any name where it listens on all addresses and its name is not known', async () => {
    const server = await town.serve({ baseUrl: () => 'https://robbie.example' })
    expect(await withHost('robbie.lan:4700', server.address)).toBe(200)
    const response = await send(`${server.address}/healthz`, 'GET', {
      headers: { origin: 'https://robbie.example' },
    })
    expect(response.status).toBe(200)
    const foreign = await send(`${server.address}/healthz`, 'GET', {
      headers: { origin: 'http://localhost:3000' },
    })
    await expectProblem(foreign, 403, 'ORIGIN_NOT_ALLOWED')
  })

  it('refuses pages of other sites at every address', async () => {
    for (const origin of ['https://evil.example', 'null', 'file://']) {
      for (const path of ['/', '/healthz', '/v1/whoami', '/v1/events', '/mcp', '/openapi.json']) {
        await expectProblem(
          await town.request('GET', path, { headers: { origin } }),
          403,
          'ORIGIN_NOT_ALLOWED',
        )
      }
    }
  })
})

describe('bytes that are no request', () => {
  const exchange = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(town.address).port), '127.0.0.1')
      let answer = ''
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
      socket.write(bytes)
    })

  it('are answered with a problem document too', async () => {
    expect(await exchange('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"MALFORMED_REQUEST"/)
    const header = `x-filler: ${'y'.repeat(20_000)}`
    expect(await exchange(`GET / HTTP/1.1\r\nhost: localhost\r\n${header}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*"status":431/,
    )
    const backslash = 'GET /v1\\whoami HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'
    expect(await exchange(backslash)).toMatch(
      /^HTTP\/1\.1 40[04] [\s\S]*"code":"(MALFORMED_REQUEST|NOT_FOUND)"/,
    )
    const badHost = 'GET /healthz HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n'
    expect(await exchange(badHost)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"MALFORMED_REQUEST"/)
  })
})

describe('defects', () => {
  it('are hidden from the caller and logged with the request id', async () => {
    const response = await town.request('POST', '/v1/jottings/defects', {
      headers: { 'x-request-id': 'find-me' },
    })
    const text = await response.clone().text()
    await expectProblem(response, 500, 'INTERNAL')
    expect(text).not.toContain('hunter2')
    const line = town.logged.find(
      (each) => each.level === 'error' && JSON.stringify(each.fields).includes('find-me'),
    )
    expect(line?.fields).toMatchObject({ requestId: 'find-me', route: 'notes.fail' })
    expect(line?.fields).toMatchObject({ err: { message: expect.stringContaining('hunter2') } })
  })
})

describe('the installation', () => {
  it('says that it lives, what is here, and how it is', async () => {
    const open = { key: null }
    expect(await (await town.request('GET', '/healthz', open)).json()).toEqual({ status: 'ok' })
    expect(await (await town.request('GET', '/readyz', open)).json()).toEqual({ status: 'ready' })
    expect(await (await town.request('GET', '/', open)).json()).toMatchObject({ version: '0.0.0-test' })
    const page = await town.request('GET', '/', { ...open, headers: { accept: 'text/html,*/*' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    await town.request('GET', '/v1/whoami')
    const metrics = await (await town.request('GET', '/metrics', open)).text()
    expect(metrics).toMatch(
      /^robbieverse_http_requests_total\{operation="identity.whoami",status="200"\} \d+$/m,
    )
    expect(metrics).toMatch(
      /^robbieverse_http_request_duration_seconds_bucket\{operation="identity.whoami",status="200",le="\+Inf"\} \d+$/m,
    )
    expect(metrics).toMatch(/^robbieverse_event_stream_clients 0$/m)
    expect(metrics).not.toContain('/v1/nothing')
  })

  it('shows its metrics to holders of a key alone where others can reach it', async () => {
    const server = await town.serve({ baseUrl: () => 'https://robbie.example', isPublic: true })
    await expectProblem(await send(`${server.address}/metrics`, 'GET', {}), 401, 'UNAUTHENTICATED')
    const headers = { authorization: `Bearer ${town.owner.key}` }
    expect((await send(`${server.address}/metrics`, 'GET', { headers })).status).toBe(200)
  })

  it('answers /readyz while a long statement runs', async () => {
    let isFinished = false
    const long = town.database
      .session((session) => session.query('select count(*) from generate_series(1, 1000000)'))
      .then(() => (isFinished = true))
    const response = await town.request('GET', '/readyz', { key: null })
    expect({ status: response.status, isFinished }).toEqual({ status: 200, isFinished: false })
    await long
  })

  it('answers /readyz with the last it knows, and with no when that is too old', async () => {
    let answer: Promise<boolean> = Promise.resolve(true)
    const server = await town.serve({ readiness: () => answer })
    const ready = async () => (await send(`${server.address}/readyz`, 'GET', {})).status
    expect(await ready()).toBe(200)
    answer = new Promise(() => undefined)
    expect(await ready()).toBe(200)
    const never = await town.serve({ readiness: () => answer })
    expect((await send(`${never.address}/readyz`, 'GET', {})).status).toBe(503)
    const failing = await town.serve({ readiness: () => Promise.reject(new Error('down')) })
    expect((await send(`${failing.address}/readyz`, 'GET', {})).status).toBe(503)
  })
})
