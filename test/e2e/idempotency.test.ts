import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { runCommand, toArguments } from './cli-client.ts'
import type { DoorName, Input } from './door.ts'
import { makeHome } from './home.ts'
import { openHttp, send } from './http-client.ts'
import type { McpDoor } from './mcp-client.ts'
import { IDEMPOTENCY_META } from '../../src/mcp/index.ts'
import { proves, provesOnEachDoor } from './proves.ts'
import { startApp } from './running-app.ts'
import { useStage, type Stage } from './stage.ts'

/** The answer of a call as the door wrote it, byte for byte. */
type RawCall = (operation: string, input: Input, idempotencyKey: string) => Promise<string>

async function rawDoor(stage: Stage, name: DoorName): Promise<RawCall> {
  const { app, owner, home } = stage
  if (name === 'http') {
    return async (operation, input, idempotencyKey) => {
      const response = await send(app.address, owner.key, operation, input, { idempotencyKey })
      return `${response.status} ${await response.text()}`
    }
  }
  if (name === 'cli') {
    return async (operation, input, key) => {
      const args = [...toArguments(operation, input), '--idempotency-key', key, '--json']
      return (await runCommand(home.env, args)).stdout
    }
  }
  const { client } = (await stage.door('mcp')) as McpDoor
  return async (operation, input, key) => {
    const name = operation.replaceAll('.', '_')
    return JSON.stringify(
      await client.callTool({ name, arguments: input, _meta: { [IDEMPOTENCY_META]: key } }),
    )
  }
}

eachBackend((backend) => {
  const stage = useStage(backend)
  const countEvents = async () =>
    (await stage().app.query<{ n: number }>('select count(*) as n from journal.events'))[0]!.n
  const begin = async () =>
    (await stage().http().call('conversation.create', { personality: 'robbie-f' })).id as string

  provesOnEachDoor('idempotency.replay', 'answers a repeated send to the byte, once', async (name) => {
    const call = await rawDoor(stage(), name)
    const id = await begin()
    const input = { id, content: 'Only once, ünd “to the byte”.' }
    const key = randomUUID()
    const first = await call('conversation.send', input, key)
    const events = await countEvents()
    expect(await call('conversation.send', input, key)).toBe(first)
    expect(await countEvents()).toBe(events)
    const { items } = await stage().http().call('conversation.messages', { id })
    expect(items).toHaveLength(2)
  })

  it('repeats every kind of command with its status and without a second effect', async () => {
    const call = await rawDoor(stage(), 'http')
    const id = await begin()
    const { id: memory } = await stage().http().call('memory.remember', { content: 'To be changed.' })
    const at = '2020-01-02T03:04:05Z'
    const commands: [operation: string, input: Input][] = [
      ['persona.create', { name: 'Repeated', shortDescription: 'Made once.' }],
      ['persona.update', { slug: 'kristina', name: 'Kristina K.' }],
      ['persona.settings', { slug: 'robbie-m', attraction: 2 }],
      ['persona.mood', { slug: 'robbie-m', keywords: ['crisis'] }],
      ['presence.update', { slug: 'robbie-m', energy: 'high' }],
      ['conversation.create', { personality: 'robbie-m' }],
      ['conversation.append', { id, messages: [{ role: 'user', at, content: 'No external id.' }] }],
      ['memory.remember', { content: 'Remembered once.' }],
      ['memory.update', { id: memory, importance: 8 }],
      ['memory.forget', { id: memory }],
      ['conversation.archive', { id }],
      ['town.create', { slug: 'once', name: 'Once' }],
    ]
    for (const [operation, input] of commands) {
      const key = randomUUID()
      const first = await call(operation, input, key)
      expect(first.slice(0, 4), operation).toMatch(/^20[01] /)
      const events = await countEvents()
      expect(await call(operation, input, key), operation).toBe(first)
      expect(await countEvents(), operation).toBe(events)
    }
  })

  proves('idempotency.reuse', 'refuses a key that was used for something else', async () => {
    const { member } = stage()
    const http = stage().http()
    const id = await begin()
    const idempotencyKey = randomUUID()
    const input = { id, content: 'The first use.' }
    await http.call('conversation.send', input, { idempotencyKey })
    const events = await countEvents()
    await http.refuse('conversation.send', { id, content: 'Another text.' }, 'IDEMPOTENCY_KEY_REUSED', {
      idempotencyKey,
    })
    await http.refuse('memory.remember', { content: 'Another command.' }, 'IDEMPOTENCY_KEY_REUSED', {
      idempotencyKey,
    })
    expect(await countEvents()).toBe(events)
    // Another person's key is another key, and its owner's reply is not theirs to see.
    await stage()
      .http(member)
      .refuse('conversation.send', input, 'CONVERSATION_NOT_FOUND', { idempotencyKey })
    const { content } = await stage()
      .http(member)
      .call('memory.remember', { content: 'Mine.' }, { idempotencyKey })
    expect(content).toBe('Mine.')
  })

  it('takes the same input in another order, and with defaults written out, as the same', async () => {
    const idempotencyKey = randomUUID()
    const http = stage().http()
    const first = await http.call('memory.remember', { content: 'Order.', tags: ['a'] }, { idempotencyKey })
    const same = { tags: ['a'], importance: 5, content: 'Order.' }
    expect(await http.call('memory.remember', same, { idempotencyKey })).toEqual(first)
  })

  it('refuses keys that cannot be kept, and keys for answers that hold a secret', async () => {
    const http = stage().http()
    const events = await countEvents()
    for (const idempotencyKey of ['', ' ', 'with space', 'x'.repeat(201)]) {
      const reply = await http.ask('memory.remember', { content: 'Refused.' }, { idempotencyKey })
      expect(reply).toMatchObject({ ok: false, problem: { code: 'INVALID_HEADER' } })
    }
    await http.refuse('identity.keys.create', { name: 'k' }, 'IDEMPOTENCY_UNSUPPORTED', {
      idempotencyKey: randomUUID(),
    })
    expect(await countEvents()).toBe(events)
  })

  it('has one effect when the same request arrives ten times at once', async () => {
    const http = stage().http()
    const id = await begin()
    const idempotencyKey = randomUUID()
    const input = { id, content: 'Ten at once.' }
    const asks = Array.from({ length: 10 }, () => http.ask('conversation.send', input, { idempotencyKey }))
    const replies = await Promise.all(asks)
    const refused = replies.filter((reply) => !reply.ok).map((reply) => reply.problem.code)
    expect(refused.filter((code) => code !== 'IDEMPOTENCY_IN_PROGRESS')).toEqual([])
    const answered = replies.filter((reply) => reply.ok).map((reply) => JSON.stringify(reply.value))
    expect(new Set(answered).size).toBe(1)
    expect((await http.call('conversation.messages', { id })).items).toHaveLength(2)
  })

  it('keeps nothing of a request that was refused, so that it can be corrected under the same key', async () => {
    const http = stage().http()
    const idempotencyKey = randomUUID()
    await http.refuse(
      'persona.create',
      { name: 'n', shortDescription: 'd', category: 'none' },
      'CATEGORY_NOT_FOUND',
      { idempotencyKey },
    )
    const made = await http.call(
      'persona.create',
      { name: 'Corrected', shortDescription: 'd' },
      { idempotencyKey },
    )
    expect(made.slug).toBe('corrected')
  })
})

describe('across kill -9', () => {
  eachBackend((backend) => {
    proves(
      'idempotency.kill',
      'answers the repeated request to the byte after the server was killed',
      async () => {
        const home = await makeHome(backend)
        let app = await startApp(home)
        const { id } = await openHttp(app.address, app.ownerKey).call('conversation.create', {
          personality: 'robbie-f',
        })
        const input = { id, content: 'Before the kill.' }
        const idempotencyKey = randomUUID()
        const first = await (
          await send(app.address, app.ownerKey, 'conversation.send', input, { idempotencyKey })
        ).text()
        await app.kill()
        app = await startApp(home)
        const again = await send(app.address, app.ownerKey, 'conversation.send', input, { idempotencyKey })
        expect(await again.text()).toBe(first)
        const { items } = await openHttp(app.address, app.ownerKey).call('conversation.messages', { id })
        expect(items).toHaveLength(2)
        await app.stop()
        await home.remove()
      },
    )
  })
})
