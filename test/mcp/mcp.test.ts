import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Problem } from '../../src/doors/problem.ts'
import { newId } from '../../src/kernel/ids.ts'
import { toolName } from '../../src/kernel/operation.ts'
import { IDEMPOTENCY_META } from '../../src/mcp/index.ts'
import { said, testOperations } from '../http/note-operations.ts'
import { openTestTown, send, type TestTown } from '../http/test-town.ts'

let town: TestTown
let overHttp: Client
let overStdio: Client

const stdioServer = fileURLToPath(new URL('./stdio-server.ts', import.meta.url))
const stdioEnvironment = () => ({ ADDRESS: town.address, KEY: town.owner.key })

async function connectHttp(
  options: { key?: string | null; headers?: Record<string, string> } = {},
): Promise<Client> {
  const { key = town.owner.key, headers } = options
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', town.address), {
    requestInit: { headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers } },
  })
  // The SDK's own types do not agree with exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

beforeAll(async () => {
  town = await openTestTown()
  overHttp = await connectHttp()
  overStdio = new Client({ name: 'test', version: '1' })
  const command = process.execPath
  await overStdio.connect(
    new StdioClientTransport({ command, args: [stdioServer], env: stdioEnvironment(), stderr: 'ignore' }),
  )
})

afterAll(async () => {
  await overStdio.close()
  await overHttp.close()
  await town.close()
})

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const call = async (client: Client, name: string, args: Record<string, unknown> = {}, meta: object = {}) =>
  (await client.callTool({ name, arguments: args, _meta: { ...meta } })) as CallToolResult

const textOf = (result: CallToolResult) => (result.content[0] as { text: string }).text

const problemOf = (result: CallToolResult): Problem => {
  expect(result.isError).toBe(true)
  expect(result.structuredContent).toBeUndefined()
  return JSON.parse(textOf(result)) as Problem
}

/** The same over both transports. */
const eachTransport = (title: string, run: (client: Client) => Promise<void>) => {
  it(`${title}, over HTTP`, () => run(overHttp))
  it(`${title}, over stdio`, () => run(overStdio))
}

describe('tools', () => {
  eachTransport('are the operations, with their schemas and hints', async (client) => {
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(testOperations.map((operation) => toolName(operation.id)))
    const find = (name: string) => tools.find((tool) => tool.name === name)!
    expect(find('notes_search')).toMatchObject({
      description: 'Finds notes; answers with what was asked.',
      inputSchema: { type: 'object', required: ['q'], additionalProperties: false },
      outputSchema: { type: 'object', required: ['items', 'nextCursor'] },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    })
    expect(find('notes_create').annotations).toMatchObject({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
    })
    expect(find('identity_keys_revoke').annotations).toMatchObject({
      destructiveHint: true,
      idempotentHint: true,
    })
    expect(find('notes_say').annotations).toMatchObject({ openWorldHint: true })
    expect(find('notes_words')).not.toHaveProperty('outputSchema')
  })

  eachTransport('answer with the JSON that HTTP answers with', async (client) => {
    const http = await (await town.request('GET', '/v1/whoami')).text()
    const result = await call(client, 'identity_whoami')
    expect(textOf(result)).toBe(http)
    expect(result.structuredContent).toEqual(JSON.parse(http))
    const members = await (await town.request('GET', '/v1/members?limit=2')).text()
    expect(textOf(await call(client, 'identity_members', { limit: 2 }))).toBe(members)
  })

  eachTransport('answer with text alone where the answer is no object', async (client) => {
    const result = await call(client, 'notes_words')
    expect(JSON.parse(textOf(result))).toEqual(['one', 'two'])
    expect(result).not.toHaveProperty('structuredContent')
  })

  eachTransport('say who calls: the interface mcp', async (client) => {
    const result = await call(client, 'notes_rename', { id: newId(), name: 'x' })
    expect(result.structuredContent).toMatchObject({ interface: 'mcp' })
  })

  it('take the interface from the header', async () => {
    const editor = await connectHttp({ headers: { 'robbieverse-interface': 'editor' } })
    const result = await call(editor, 'notes_rename', { id: newId(), name: 'x' })
    expect(result.structuredContent).toMatchObject({ interface: 'editor' })
    await editor.close()
  })

  eachTransport('have the effect of a repeated call once', async (client) => {
    const meta = { [IDEMPOTENCY_META]: newId() }
    const first = await call(client, 'notes_create', { text: 'once' }, meta)
    const again = await call(client, 'notes_create', { text: 'once' }, meta)
    expect(again.structuredContent).toEqual(first.structuredContent)
    const other = await call(client, 'notes_create', { text: 'twice' }, meta)
    expect(problemOf(other).code).toBe('IDEMPOTENCY_KEY_REUSED')
    const unfit = await call(client, 'notes_create', { text: 'a' }, { [IDEMPOTENCY_META]: 'a b' })
    expect(problemOf(unfit).code).toBe('INVALID_INPUT')
  })
})

describe('progress', () => {
  eachTransport('comes piece by piece before the answer', async (client) => {
    const heard: Progress[] = []
    const result = (await client.callTool(
      { name: 'notes_say', arguments: { id: newId(), text: 'one two three' } },
      undefined,
      { onprogress: (progress) => heard.push(progress) },
    )) as CallToolResult
    expect(heard.map(({ progress, message }) => ({ progress, message }))).toEqual([
      { progress: 1, message: 'one' },
      { progress: 2, message: 'two' },
      { progress: 3, message: 'three' },
    ])
    expect(result.structuredContent).toMatchObject({ text: 'one two three' })
  })

  it('is not sent to a client that did not ask', async () => {
    const result = await call(overHttp, 'notes_say', { id: newId(), text: 'quiet' })
    expect(result.structuredContent).toMatchObject({ text: 'quiet' })
  })

  it('stops when the client cancels the call', async () => {
    const before = said.abandoned
    const client = new AbortController()
    const calling = overStdio.callTool(
      { name: 'notes_say', arguments: { id: newId(), text: 'well WAIT' } },
      undefined,
      { signal: client.signal, onprogress: () => client.abort('enough') },
    )
    await expect(calling).rejects.toThrow('enough')
    await until(() => said.abandoned > before)
  })

  it('stops when the connection of the call is gone', async () => {
    const before = said.abandoned
    const client = new AbortController()
    const response = await postMcp({ text: 'well WAIT' }, client.signal)
    const reader = response.body!.getReader()
    await reader.read()
    client.abort()
    await until(() => said.abandoned > before)
  })

  const postMcp = (args: object, signal: AbortSignal) =>
    town.request('POST', '/mcp', {
      signal,
      headers: { accept: 'application/json, text/event-stream' },
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'notes_say', arguments: { id: newId(), ...args }, _meta: { progressToken: 1 } },
      },
    })
})

describe('errors', () => {
  eachTransport('of an operation are results with the problem document', async (client) => {
    const problem = problemOf(await call(client, 'notes_create', { text: 1, more: true }))
    expect(problem).toMatchObject({ code: 'INVALID_INPUT', status: 422 })
    expect(problem.errors!.map((field) => field.path).toSorted()).toEqual(['more', 'text'])
    expect(problemOf(await call(client, 'notes_get', { id: 'x' })).code).toBe('INVALID_INPUT')
    expect(problemOf(await call(client, 'identity_keys_revoke', { id: newId() })).code).toBe(
      'API_KEY_NOT_FOUND',
    )
    for (const text of ['a\u0000b', '\ud83d']) {
      expect(problemOf(await call(client, 'notes_create', { text })).code).toBe('INVALID_INPUT')
    }
  })

  eachTransport('that are defects keep their cause to themselves', async (client) => {
    const result = await call(client, 'notes_fail')
    expect(problemOf(result).code).toBe('INTERNAL')
    expect(textOf(result)).not.toContain('hunter2')
  })

  eachTransport('of the protocol are told as such', async (client) => {
    await expect(call(client, 'notes_nothing')).rejects.toMatchObject({ code: -32602 })
    await expect(
      client.callTool({ name: 'notes_get', arguments: [] as unknown as Record<string, unknown> }),
    ).rejects.toMatchObject({ code: expect.any(Number) })
  })

  it('of rights are results', async () => {
    const { key } = await town.addKey(town.owner.userId, { operations: ['identity.*'] })
    const client = await connectHttp({ key })
    expect(problemOf(await call(client, 'notes_create', { text: 'a' })).code).toBe('KEY_SCOPE')
    await client.close()
  })
})

describe('/mcp', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${town.address}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${town.owner.key}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      body,
    })

  it('refuses a client without a key that works, with its first message', async () => {
    const expired = await town.addKey(town.owner.userId, { expiresAt: new Date(Date.now() - 1000) })
    for (const key of [null, 'rv_nope', expired.key]) {
      await expect(connectHttp({ key })).rejects.toThrow(/401|UNAUTHENTICATED|API_KEY/)
    }
    const plain = await send(`${town.address}/mcp`, 'POST', { body: {} })
    expect(plain.status).toBe(401)
    expect(plain.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('is a place for POST alone', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const response = await town.request(method, '/mcp')
      expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({
        status: 405,
        allow: 'POST',
      })
    }
  })

  it('answers what is no message with an error, never with 5xx', async () => {
    const statuses: number[] = []
    for (const body of [
      '{',
      '[]',
      'null',
      '3',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":1,"method":"nope"}',
      '',
    ]) {
      const response = await post(body)
      await response.arrayBuffer()
      statuses.push(response.status)
    }
    expect(statuses.filter((status) => status >= 500)).toEqual([])
    expect(statuses[0]).toBe(400)
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const params = `{"name":"notes_load","arguments":{"notes":[],"about":${deep}}}`
    const nested = await post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`)
    expect(await nested.text()).toContain('INVALID_INPUT')
    expect((await post(' '.repeat(9 * 1024 * 1024))).status).toBe(413)
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
  })
})

describe('standard output', () => {
  it('carries the protocol and nothing else, and every answer when the input ends', async () => {
    const child = spawn(process.execPath, [stdioServer], { env: { ...process.env, ...stdioEnvironment() } })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    }
    const messages = [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'identity_whoami' } },
      {
        jsonrpc: '2.0',
        id: 3,
        method: 'tools/call',
        params: { name: 'notes_create', arguments: { text: 'a' } },
      },
    ]
    child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code).toBe(0)
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result?: object })
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2, 3]))
    expect(answers).toHaveLength(3)
    for (const answer of answers) expect(answer).toHaveProperty('result')
    expect(err).toContain('must not reach the client')
  })
})
