import { randomUUID } from 'node:crypto'

import { afterAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { openCli } from './cli-client.ts'
import type { TestDoor, Value } from './door.ts'
import { makeHome, type Home } from './home.ts'
import { openHttp, send } from './http-client.ts'
import { openMcpHttp, openMcpStdio } from './mcp-client.ts'
import { proves } from './proves.ts'
import { startApp, type RunningApp } from './running-app.ts'
import { useStage, type Stage } from './stage.ts'

const texts = [
  'Plain words.',
  'Two\nlines,\ta tab, “quotes”, back\\slash and \u0001 control.',
  '日本語, ελληνικά, עברית, 👩‍👩‍👧‍👦 and e\u0301 beside é.',
  '--not-a-flag=true @not-a-file {"json": [1, null]}',
]

/** Every way to the same home while its server runs. */
async function openAll(home: Home, app: RunningApp): Promise<Record<string, TestDoor>> {
  return {
    http: openHttp(app.address, app.ownerKey),
    'mcp over http': await openMcpHttp(app.address, app.ownerKey),
    'mcp over stdio': await openMcpStdio(home),
    cli: openCli(home),
  }
}

eachBackend((backend) => {
  describe('while a server runs', () => {
    const stage = useStage(backend)
    const opened: TestDoor[] = []
    const doors = async () => {
      const all = await openAll(stage().home, stage().app)
      opened.push(...Object.values(all))
      return all
    }
    afterAll(async () => {
      for (const door of opened) await door.close()
    })

    proves('door.same-json', 'reads one conversation as the same JSON everywhere', async () => {
      const all = await doors()
      const { id } = await all['http']!.call('conversation.create', { personality: 'robbie-f' })
      for (const content of texts) await all['http']!.call('conversation.send', { id, content })
      const expected = await rawMessages(stage(), id)
      for (const [name, door] of Object.entries(all)) {
        const read = await door.call('conversation.messages', { id })
        expect(JSON.stringify(read), name).toBe(expected)
        expect(
          read.items.filter((item: Value) => item.role === 'user').map((item: Value) => item.content),
        ).toEqual(texts)
      }
    })

    proves('door.next-read', 'shows a message of each door in the next read of the others', async () => {
      const all = await doors()
      const { id } = await all['cli']!.call('conversation.create', { personality: 'robbie-m' })
      const sent: string[] = []
      for (const [from, door] of Object.entries(all)) {
        const content = `said over ${from}: ${texts[sent.length]}`
        await door.call('conversation.send', { id, content })
        sent.push(content)
        for (const [to, reader] of Object.entries(all)) {
          const { items } = await reader.call('conversation.messages', { id })
          const said = items.filter((item: Value) => item.role === 'user').map((item: Value) => item.content)
          expect(said, `${to} after ${from}`).toEqual(sent)
        }
      }
    })

    proves('door.same-refusals', 'refuses alike', async () => {
      const all = await doors()
      const unknown = '01890000-0000-7000-8000-000000000000'
      const cases: [operation: string, input: Record<string, unknown>, code: string][] = [
        ['conversation.get', { id: unknown }, 'CONVERSATION_NOT_FOUND'],
        ['conversation.get', { id: 'no-uuid' }, 'INVALID_INPUT'],
        ['conversation.messages', { id: unknown, limit: 101 }, 'INVALID_INPUT'],
        ['conversation.list', { cursor: 'bm9uZQ' }, 'INVALID_CURSOR'],
        ['conversation.create', { personality: 'nobody' }, 'PERSONALITY_NOT_FOUND'],
        ['persona.prompt', { slug: 'robbie-f', mood: 'grumpy' }, 'INVALID_INPUT'],
        ['persona.create', { name: 'x', shortDescription: 'y', category: 'none' }, 'CATEGORY_NOT_FOUND'],
        ['memory.forget', { id: unknown }, 'MEMORY_NOT_FOUND'],
      ]
      for (const [operation, input, code] of cases) {
        const problems: Record<string, unknown>[] = []
        for (const [name, door] of Object.entries(all)) {
          const { requestId, errors, ...problem } = await door.refuse(operation, input, code)
          expect(requestId, name).toEqual(expect.any(String))
          problems.push({ ...problem, paths: errors?.map((error) => error.path) })
        }
        expect(
          new Set(problems.map((problem) => JSON.stringify(problem))).size,
          JSON.stringify(problems),
        ).toBe(1)
      }
    })

    proves('door.streams', 'streams a reply in pieces that make up what is kept', async () => {
      const all = await doors()
      const { id } = await all['http']!.call('conversation.create', { personality: 'robbie-f' })
      const events = await streamOverHttp(stage(), id)
      expect(events.map(({ event }) => event)).toEqual(['start', 'text', 'done'])
      expect(events[1]!.data.text).toBe(events[2]!.data.reply.content)
      const told: string[] = []
      const { client } = await openMcpStdio(stage().home)
      // The SDK drops progress that it reads together with the result, so it is taken where it arrives.
      const transport = client.transport!
      const take = transport.onmessage!
      transport.onmessage = (message) => {
        if ('method' in message && message.method === 'notifications/progress') {
          told.push((message.params as { message: string }).message)
        }
        take(message)
      }
      const result = await client.callTool(
        { name: 'conversation_send', arguments: { id, content: 'And over MCP?' } },
        undefined,
        { onprogress: () => undefined },
      )
      const { reply } = result.structuredContent as Value
      expect(told).toEqual(['start', reply.content])
      await client.close()
    })
  })

  describe('after kill -9 and without a server', () => {
    it('is the same conversation over MCP and the command line alone', async () => {
      const home = await makeHome(backend)
      const app = await startApp(home)
      const http = openHttp(app.address, app.ownerKey)
      const { id } = await http.call('conversation.create', { personality: 'robbie-f' })
      for (const content of texts) await http.call('conversation.send', { id, content })
      const expected = JSON.stringify(await http.call('conversation.messages', { id }))
      await app.kill()

      const alone = await openMcpStdio(home)
      expect(JSON.stringify(await alone.call('conversation.messages', { id }))).toBe(expected)
      await alone.call('conversation.send', { id, content: 'Said with no server.' })
      await alone.close()
      const cli = openCli(home)
      const { items } = await cli.call('conversation.messages', { id })
      expect(items.at(-2)).toMatchObject({
        content: 'Said with no server.',
        interface: 'mcp',
        status: 'complete',
      })

      const again = await startApp(home)
      const read = await openHttp(again.address, again.ownerKey).call('conversation.messages', { id })
      expect(read.items).toEqual(items)
      await again.stop()
      await home.remove()
    })

    it('lets an editor that was started first go on through servers that come and go', async () => {
      const home = await makeHome(backend)
      const first = await startApp(home)
      const editor = await openMcpStdio(home)
      const { id } = await editor.call('conversation.create', { personality: 'robbie-f' })
      await first.kill()
      await editor.call('conversation.send', { id, content: 'Between two servers.' })
      const { items } = await editor.call('conversation.messages', { id })
      expect(items.map((item: Value) => item.role)).toEqual(['user', 'assistant'])
      await editor.close()
      const second = await startApp(home)
      const http = openHttp(second.address, second.ownerKey)
      expect((await http.call('conversation.messages', { id })).items).toEqual(items)
      await second.stop()
      await home.remove()
    })
  })
})

async function rawMessages({ app, owner }: Stage, id: string): Promise<string> {
  const response = await send(app.address, owner.key, 'conversation.messages', { id })
  return response.text()
}

async function streamOverHttp({ app, owner }: Stage, id: string) {
  const key = randomUUID()
  const input = { id, content: 'Stream it.', stream: true }
  const response = await send(app.address, owner.key, 'conversation.send', input, { idempotencyKey: key })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  return (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event, data] = block.split('\n')
      return {
        event: event!.slice('event: '.length),
        data: JSON.parse(data!.slice('data: '.length)) as Value,
      }
    })
}
