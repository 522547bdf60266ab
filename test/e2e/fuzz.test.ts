import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'

import { inputJsonSchema } from '../../src/doors/catalogue.ts'
import { eachBackend } from '../support/backends.ts'
import { runCommand, toArguments } from './cli-client.ts'
import { bindingOf, operations, type Input, type Value } from './door.ts'
import { makeFingerprint } from './fingerprint.ts'
import { fetchWire, toWire, type WireRequest } from './fuzz-http.ts'
import { brokenInput, hostile, hostileFields, sparseInput, validInput, type Schema } from './fuzz-inputs.ts'
import { refusalCodes } from './known-codes.ts'
import { makeWorld, type World } from './fuzz-world.ts'
import type { McpDoor } from './mcp-client.ts'
import { giveKey } from './people.ts'
import { proves } from './proves.ts'
import { pickSeeded, seed, seededRun, tellSeed } from './seed.ts'
import { useStage } from './stage.ts'

// Each test goes through every operation.
vi.setConfig({ testTimeout: 400_000 })

/** How many inputs that fit an operation gets: so many in any case, and more until one of them succeeds. */
const LEAST_TRIES = 3
const MOST_TRIES = 40

/** Commands that may write without an event, and why. Every other change of a row is told of. */
const SILENT: Record<string, string> = {
  'presence.interfaces.heartbeat': 'says that an interface is still there: only a new status is an event',
  'search.embeddings.take':
    'counts that it was asked: a read, which must not wait for the head of the journal',
}

/** What ends sessions of its caller, and what changes the address they are invited by, come last. */
const LAST = ['identity.invitations.accept', 'identity.me.update']
const inOrder = [...operations.map(({ id }) => id).filter((id) => !LAST.includes(id)), ...LAST]

const schemaOf = (operation: string) =>
  inputJsonSchema(operations.find(({ id }) => id === operation)!) as Schema

type Checked = { status: number; body: Value }

eachBackend((backend) => {
  const stage = useStage(backend)
  let world: World
  let fingerprint: () => Promise<string>
  beforeAll(async () => {
    world = await makeWorld(stage())
    fingerprint = await makeFingerprint(stage().app.query)
  })

  /** Sends a request and checks what every answer must be: no failure of ours, and nothing written when refused. */
  async function check(request: WireRequest): Promise<Checked> {
    const before = await fingerprint()
    const response = await fetchWire(stage().app.address, request)
    const text = await response.text()
    if (response.ok) {
      expect(response.headers.get('content-type')).toMatch(/^(application\/json|text\/event-stream)/)
      return { status: response.status, body: text }
    }
    expect(response.status, text).toBeLessThan(500)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const body = JSON.parse(text) as Value
    expectProblem(body, response.status)
    expect(await fingerprint(), `${text} wrote something`).toBe(before)
    return { status: response.status, body }
  }

  /** How many events there are, in all towns. */
  async function countEvents(): Promise<string> {
    const [row] = await stage().app.query<{ count: string }>(
      'select sum(event_seq)::text as count from journal.heads',
    )
    return row!.count
  }

  async function refuse(request: WireRequest, ...codes: string[]): Promise<void> {
    const { body } = await check(request)
    expect(codes).toContain(body.code)
  }

  describe('over HTTP', () => {
    it('takes inputs that fit the schema as they are', async () => {
      tellSeed()
      const refused: Record<string, string[]> = {}
      const unexplained: string[][] = []
      const silent = new Set<string>()
      for (const [index, id] of inOrder.entries()) {
        // Inputs that fit can still mean what is not there, such as a cursor of nothing: some must succeed.
        const [schema, known] = [schemaOf(id), world.known(id)]
        const inputs = fc.oneof(validInput(schema, known), sparseInput(schema, known))
        const codes: string[] = []
        for (const input of fc.sample(inputs, { seed: seed + index, numRuns: MOST_TRIES })) {
          if (codes.length >= LEAST_TRIES && codes.includes('success')) break
          const before = [await fingerprint(), await countEvents()]
          const { status, body } = await check(toWire(id, input, stage().owner.key))
          if (status < 300 && (await fingerprint()) !== before[0] && (await countEvents()) === before[1]) {
            silent.add(id)
          }
          codes.push(status < 300 ? 'success' : body.code)
          // What the schema allows and the operation refuses has another reason than its form.
          if (body.code === 'INVALID_INPUT' && !describeRefinement(body)) {
            unexplained.push([id, JSON.stringify(body.errors), JSON.stringify(input).slice(0, 500)])
          }
        }
        if (!codes.includes('success')) refused[id] = [...new Set(codes)]
      }
      expect(unexplained).toEqual([])
      expect(refused).toEqual({})
      expect([...silent].filter((id) => !Object.hasOwn(SILENT, id))).toEqual([])
    })

    proves(
      'bad-input.http',
      'answers generated inputs to every operation with success or a problem, never a failure',
      async () => {
        for (const { id } of operations) {
          const known = world.known(id)
          const inputs = fc.oneof(
            { weight: 2, arbitrary: validInput(schemaOf(id), known) },
            { weight: 3, arbitrary: brokenInput(schemaOf(id), known) },
          )
          const request = fc.record({
            input: inputs,
            person: fc.constantFrom(...world.people),
            key: fc.option(fc.constantFrom('same-key', 'k'.repeat(200), 'other key', '')),
            from: fc.option(fc.constantFrom('phone', 'x'.repeat(60), '-', 'ü', 'a b')),
          })
          const property = fc.asyncProperty(request, async ({ input, person, key, from }) => {
            const wire = toWire(id, input, person.key)
            if (key !== null) wire.headers['idempotency-key'] = key
            if (from !== null) wire.headers['robbieverse-interface'] = from
            await check(wire)
          })
          await fc.assert(property, seededRun({ numRuns: 4, endOnFailure: true }))
        }
      },
    )

    it('answers fields alone with hostile values of their own type', async () => {
      for (const { id } of operations) {
        const schema = schemaOf(id)
        const [base] = fc.sample(validInput(schema, world.known(id)), { seed, numRuns: 1 })
        for (const [name, value] of pickSeeded(hostileFields(schema), 4, id)) {
          await check(toWire(id, { ...base, [name]: value }, stage().owner.key))
        }
      }
    })

    it('refuses bodies that are no JSON object, of every operation that takes one', async () => {
      const bytes = (...numbers: number[]) => new Uint8Array(numbers)
      const bodies: [body: string | Uint8Array<ArrayBuffer>, ...codes: string[]][] = [
        ['{', 'MALFORMED_JSON'],
        ['{"content": NaN}', 'MALFORMED_JSON'],
        ["{'content': 'x'}", 'MALFORMED_JSON'],
        ['{"content": "\u0001"}', 'MALFORMED_JSON'],
        ['undefined', 'MALFORMED_JSON'],
        ['{} {}', 'MALFORMED_JSON'],
        [bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), 'MALFORMED_JSON'],
        [bytes(0x22, 0xed, 0xa0, 0x80, 0x22), 'MALFORMED_JSON'],
        ['[]', 'INVALID_INPUT'],
        ['null', 'INVALID_INPUT'],
        ['"text"', 'INVALID_INPUT'],
        ['1e999', 'INVALID_INPUT'],
        [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'INVALID_INPUT', 'MALFORMED_JSON'],
        [`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 'INVALID_INPUT'],
      ]
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
        '',
      ]
      for (const { id } of withBody()) {
        const wire = toWire(id, knownPath(id), stage().owner.key)
        for (const [body, ...codes] of pickSeeded(bodies, 3, id)) await refuse({ ...wire, body }, ...codes)
        const json = '{"content":"x","name":"x","slug":"robbie-f"}'
        for (const type of pickSeeded(types, 1, id)) {
          await refuse(
            { ...wire, headers: { ...wire.headers, 'content-type': type }, body: json },
            'UNSUPPORTED_MEDIA_TYPE',
          )
        }
      }
    })

    it('refuses a body of 5 MB, or what is in it where that much is allowed', async () => {
      const body = new TextEncoder().encode(JSON.stringify({ content: 'x'.repeat(5 * 1024 * 1024) }))
      const { limited = [], others = [] } = Object.groupBy(withBody(), (operation) =>
        operation.maxBodyBytes === undefined ? 'others' : 'limited',
      )
      for (const { id } of [...limited, ...pickSeeded(others, 40)]) {
        await refuse(
          { ...toWire(id, knownPath(id), stage().owner.key), body },
          'BODY_TOO_LARGE',
          'INVALID_INPUT',
        )
      }
    })

    it('refuses keys that are no good and towns that are not theirs, before it looks at the input', async () => {
      const { app, owner } = stage()
      const expired = await giveKey(app.query, owner, { expiresAt: new Date(0) })
      for (const { id } of operations) {
        const wire = toWire(id, {}, null)
        const withKey = (key: string) => ({ ...wire, headers: { ...wire.headers, authorization: key } })
        await refuse(wire, 'UNAUTHENTICATED')
        for (const key of pickSeeded(['Bearer', 'Basic b3duZXI6', 'Bearer  ', 'Bearer a b'], 1, id))
          await refuse(withKey(key), 'UNAUTHENTICATED')
        const valid = toWire(id, id === 'memory.recall' ? { q: 'x' } : knownPath(id), null)
        const town = { authorization: `Bearer ${owner.key}`, 'robbieverse-town': 'nowhere' }
        await refuse({ ...valid, headers: { ...valid.headers, ...town } }, 'NO_TOWN', 'INVALID_INPUT')
        await refuse(
          { ...valid, headers: { ...valid.headers, authorization: `Bearer ${expired.key}` } },
          'API_KEY_EXPIRED',
          'INVALID_INPUT',
        )
        await refuse({ ...valid, headers: { ...town, 'robbieverse-town': "home'; --" } }, 'INVALID_HEADER')
      }
    })

    it('refuses addresses, methods and headers that are none', async () => {
      const { address } = stage().app
      const headers = { authorization: `Bearer ${stage().owner.key}` }
      const paths = [
        '/v1/nothing',
        '/v1',
        '/v2/memories',
        '/v1/memories/%',
        '/v1/memories/%ff',
        '/v1//memories',
        '/v1/personalities/..%2f..%2fetc',
        '/v1/memories/a/b',
        `/v1/personalities/${'x'.repeat(5_000)}`,
      ]
      for (const path of paths) await refuse({ method: 'GET', path, headers }, 'NOT_FOUND', 'INVALID_INPUT')
      for (const { id } of operations) {
        const { path } = toWire(id, {}, null)
        await refuse({ method: 'PUT', path, headers }, 'METHOD_NOT_ALLOWED')
      }
      const before = await fingerprint()
      const huge = await fetch(`${address}/v1/memories?cursor=${'x'.repeat(40_000)}`, { headers })
      expect([huge.status, ((await huge.json()) as Value).code]).toEqual([431, 'MALFORMED_REQUEST'])
      expect(await fingerprint()).toBe(before)
    })
  })

  describe('over MCP', () => {
    proves(
      'bad-input.mcp',
      'answers generated arguments to every tool with success or a problem, never a failure',
      async () => {
        const door = (await stage().door('mcp')) as McpDoor
        for (const { id } of operations) {
          const inputs = fc.oneof(validInput(schemaOf(id), world.known(id)), {
            weight: 3,
            arbitrary: brokenInput(schemaOf(id), world.known(id)),
          })
          const property = fc.asyncProperty(inputs, async (input) => {
            const before = await fingerprint()
            const reply = await door.ask(id, input)
            if (reply.ok) return
            expectProblem(reply.problem, reply.problem.status)
            expect(await fingerprint()).toBe(before)
          })
          await fc.assert(property, seededRun({ numRuns: 2, endOnFailure: true }))
        }
      },
    )

    it('refuses messages that are no calls of a tool', async () => {
      const { app, owner } = stage()
      const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' }
      const bodies: unknown[] = [
        {},
        null,
        'text',
        { ...call, params: { name: 'no_such_tool', arguments: {} } },
        { ...call, params: { name: 'memory_remember', arguments: 'text' } },
        { ...call, params: { name: 'memory_remember', arguments: [] } },
        { ...call, params: { name: 7 } },
        { ...call, params: null },
        { ...call, method: 'tools/destroy' },
        { ...call, jsonrpc: '1.0' },
        {
          ...call,
          params: {
            name: 'memory_remember',
            arguments: { content: 'x' },
            _meta: { 'robbieverse.dev/idempotency-key': 'a b' },
          },
        },
        {
          ...call,
          params: { name: 'memory_remember', arguments: JSON.parse('['.repeat(3_000) + ']'.repeat(3_000)) },
        },
      ]
      const raw = [
        '{',
        '',
        '[',
        '{"a":\u0000}',
        JSON.stringify(bodies),
        JSON.stringify({ ...call, params: { name: 'x'.repeat(5_000_000) } }),
      ]
      const before = await fingerprint()
      for (const body of [...bodies.map((item) => JSON.stringify(item)), ...raw]) {
        const response = await fetch(`${app.address}/mcp`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${owner.key}`,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
          },
          body,
        })
        const text = await response.text()
        expect(response.status, `${body.slice(0, 200)}: ${text}`).toBeLessThan(500)
        expect(text, body.slice(0, 200)).toMatch(/"error"|"code"|"isError":true/)
        expect(text).not.toMatch(/INTERNAL"| at .*\.ts/)
      }
      expect(await fingerprint()).toBe(before)
    })
  })

  describe('on the command line', () => {
    proves(
      'bad-input.cli',
      'ends with a problem document and its exit code, and prints no result',
      async () => {
        const { home } = stage()
        const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
        const typed = hostile.map(text).filter((value) => !value.includes('\u0000') && value.length < 4_000)
        const lines: { args: string[]; stdin?: string }[] = [
          ...typed
            .filter((_, n) => n % 12 === 0)
            .map((value) => ({
              args: ['memory', 'update', `--id=${value.replace(/^@/, '@@')}`, '--content=x'],
            })),
          { args: toArguments('persona.create', { name: 'x', shortDescription: 'y', attraction: 12 }) },
          { args: ['conversation', 'append', '--input', '@-'], stdin: '{"id": "\u0000"' },
          { args: ['memory', 'remember', '--input', '@-'], stdin: JSON.stringify({ content: 'a\u0000b' }) },
          {
            args: ['memory', 'remember', '--input', '@-'],
            stdin: JSON.stringify({ content: 'x', town_id: 'y' }),
          },
          { args: ['memory', 'remember', '--content', '@/no/such/file'] },
          { args: ['memory', 'remember'] },
          { args: ['memory', 'rember', '--content=x'] },
          { args: ['memory', 'remember', '--content=x', '--idempotency-key', 'a b'] },
          { args: ['--content=x'] },
        ]
        const before = await fingerprint()
        for (const { args, stdin } of lines) {
          const { code, stdout, stderr } = await runCommand(
            home.env,
            [...args, '--json'],
            stdin === undefined ? {} : { stdin },
          )
          const shown = `${args.join(' ').slice(0, 300)}: ${stderr}`
          expect([1, 2], shown).toContain(code)
          expect(stdout, shown).toBe('')
          const problem = JSON.parse(stderr.trim().split('\n').at(-1)!) as Value
          expectProblem(problem, problem.status, ['USAGE'])
          expect(code === 2, shown).toBe(problem.code === 'USAGE' || problem.code === 'INVALID_INPUT')
        }
        expect(await fingerprint()).toBe(before)
      },
    )
  })

  /** Operations that read a body. */
  function withBody() {
    return operations.filter(({ id }) => !['GET', 'DELETE'].includes(bindingOf(id).method))
  }

  /** The path parameters of an operation, as things that exist. */
  function knownPath(operation: string): Input {
    const known = world.known(operation)
    const names = [...bindingOf(operation).path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
    return Object.fromEntries(names.map((name) => [name, known[name]?.[0] ?? 'robbie-f']))
  }
})

/** A problem document as it is promised: a code that is known, no word about our insides. */
function expectProblem(problem: Value, status: number, more: string[] = []): void {
  expect([...refusalCodes, ...more], JSON.stringify(problem)).toContain(problem.code)
  expect(problem).toMatchObject({
    type: `urn:robbieverse:error:${problem.code}`,
    status,
    title: expect.any(String),
    requestId: expect.any(String),
  })
  expect(problem.detail.length).toBeGreaterThan(5)
  expect(JSON.stringify(problem)).not.toMatch(/\.ts:\d|node_modules|select .* from|syntax error/i)
}

/** Whether every field was refused for something that JSON Schema does not say: what can be stored, what exists. */
function describeRefinement(problem: Value): boolean {
  return problem.errors.every(({ message }: { message: string }) =>
    /Unicode|storable JSON|between the years|in the future|IANA|quiet hours|stands twice|nested too deeply|ISO|is no (operation|personality)|at least 0\.0001|after endOffset/.test(
      message,
    ),
  )
}
