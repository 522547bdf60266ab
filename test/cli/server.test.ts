import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  cardChunk,
  cardV2,
  chatGptConversation,
  chatGptNode,
  chatGptText,
  png,
} from '../../src/modules/conversation/import/fixtures/exports.ts'
import type { CliResult } from './run-cli.ts'
import { startHere, type RunningHere } from './run-here.ts'

let home: string
let env: Record<string, string>
let server: RunningHere
let welcome: { address: string; signInLink: string | null; keyFile: string; model: string }

const run = (args: string[], stdin = ''): Promise<CliResult> => startHere(args, env, stdin).done

// oxlint-disable-next-line typescript/no-explicit-any -- what an operation answers, read as each caller knows it
async function json(args: string[], stdin?: string): Promise<any> {
  const { code, stdout, stderr } = await run([...args, '--json'], stdin)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

async function get(path: string): Promise<unknown> {
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim()
  const response = await fetch(`${welcome.address}${path}`, { headers: { authorization: `Bearer ${key}` } })
  return response.json()
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'robbieverse-server-'))
  env = { ROBBIEVERSE_HOME: home, ROBBIEVERSE_PORT: '0', ROBBIEVERSE_LOG: 'silent' }
  server = startHere(['start', '--json'], env)
  welcome = JSON.parse(await server.firstLine)
})
afterAll(async () => {
  server.signal()
  await server.done
  rmSync(home, { recursive: true })
})

describe('a started server', () => {
  it('says where it listens, how to sign in and where the key is, which only its owner can read', () => {
    expect(welcome).toEqual({
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      signInLink: expect.stringContaining(welcome.address),
      keyFile: join(home, 'api-key'),
      model: 'offline',
    })
    expect(statSync(welcome.keyFile).mode & 0o777).toBe(0o600)
  })

  it('holds its home: a second server and a deploy are refused by its name', async () => {
    for (const args of [['start'], ['deploy']]) {
      const { code, stdout, stderr } = await run(args)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(welcome.address)
      expect(stderr).toContain(`process ${process.pid}`)
    }
  })

  it('answers status and verify', async () => {
    expect(await json(['verify'])).toEqual({ pending: [], drift: [] })
    // Sizes are counted on while nobody asks.
    const { sizes: shown, ...status } = await json(['status'])
    const { sizes, ...answered } = (await get('/v1/status')) as Record<string, object>
    expect(status).toEqual(answered)
    expect(Object.keys(shown)).toEqual(Object.keys(sizes!))
  })
})

describe('operations on the command line', () => {
  it('answer what HTTP answers', async () => {
    expect(await json(['identity', 'whoami'])).toEqual(await get('/v1/whoami'))
    expect(await json(['persona', 'get', 'robbie-f'])).toEqual(await get('/v1/personalities/robbie-f'))
    expect(await json(['persona', 'mood-events', '--limit=1'])).toEqual(await get('/v1/mood-events?limit=1'))
  })

  it('store what was given to the letter, and never let it command the terminal', async () => {
    const content = '\u001b]0;owned\u0007\u009b2J "quotes" $(id) `id` \\ \r\n日本 @end'
    const { id } = await json(['conversation', 'create', '--personality', 'robbie-f', '--title=@@home'])
    expect(await json(['conversation', 'get', id])).toMatchObject({ title: '@home', interface: 'cli' })
    const messages = JSON.stringify([{ role: 'user', at: '2024-01-02T03:04:05Z', content, externalId: 'm1' }])
    expect(await json(['conversation', 'append', id, '--messages', '@-'], messages)).toMatchObject({
      added: 1,
    })
    const read = await json(['conversation', 'messages', '--id', id])
    expect(read.items[0].content).toBe(content)
    expect(read).toEqual(await get(`/v1/conversations/${id}/messages`))
    const shown = await run(['conversation', 'messages', id])
    expect(shown.stdout).toContain('\\x1b]0;owned\\x07\\x9b2J "quotes" $(id) `id`')
    expect(shown.stdout).not.toMatch(/[^\P{Cc}\t\n]/u)
  })

  it('have their effect once under an idempotency key', async () => {
    const args = ['memory', 'remember', '--content', 'Likes tea.', '--idempotency-key', 'tea-1']
    expect((await json(args)).id).toBe((await json(args)).id)
  })

  it('print a reply while it comes, where asked', async () => {
    const { id } = await json(['conversation', 'create', '--personality', 'robbie-f'])
    const said = ['conversation', 'send', id, '--content', 'Hello']
    const { code, stdout } = await run([...said, '--stream'])
    expect(code).toBe(0)
    const [text, ...rest] = stdout.split('\n')
    expect(text).toMatch(/no language model is configured/)
    expect(rest.join('\n')).toContain('user message')
    expect((await json([...said, '--stream'])).reply.content).toContain('no language model')
  })

  it('fail with the problem document of HTTP, on standard error alone', async () => {
    const id = '00000000-0000-7000-8000-000000000000'
    const { code, stdout, stderr } = await run(['conversation', 'get', id, '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const { requestId: _, ...problem } = JSON.parse(stderr)
    const { requestId: _other, ...overHttp } = (await get(`/v1/conversations/${id}`)) as Record<
      string,
      unknown
    >
    expect(problem).toEqual(overHttp)
    expect((await run(['conversation', 'get', id])).stderr).toMatch(
      /^robbieverse: .+ \(CONVERSATION_NOT_FOUND\)\n$/,
    )
  })

  it.each([
    [['persona', 'get'], '--slug: is required'],
    [['persona', 'gett', 'robbie-f'], 'Did you mean persona get?'],
    [['perzona'], 'Did you mean persona?'],
    [['persona', 'list', '--limt', '3'], 'Did you mean --limit?'],
    [['persona', 'list', '--limit', 'many'], '--limit: '],
    [['persona', 'get', 'robbie-f', 'kristina'], 'Unexpected "kristina"'],
    [['deploy', '--plan', '--baseline'], 'exclude each other'],
    [['deploy', 'now'], 'deploy takes no argument'],
    [['import'], 'at least one file'],
    [['chat', '--json'], '--json goes with --message'],
    [['--json', 'persona', 'list'], 'The command comes first'],
  ])('%j is not understood, and the hint says why', async (args, hint) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(hint)
  })

  it.each([
    [['help'], 'conversation messages ID'],
    [['persona', '--help'], 'persona mood-events'],
    [['help', 'identity', 'keys', 'create'], '--expires-at TEXT'],
    [['persona', 'get', '--help'], 'GET /v1/personalities/{slug}'],
    [['chat', '-h'], '--message TEXT'],
    [[], 'Exit codes'],
  ])('%j explain themselves', async (args, line) => {
    const { code, stdout } = await run(args)
    expect(code).toBe(0)
    expect(stdout).toContain(line)
  })
})

describe('a chat', () => {
  it('goes on with the last conversation of the personality unless a new one is asked for', async () => {
    const say = async (...args: string[]) =>
      (await json(['chat', ...args])).userMessage.conversationId as string
    const first = await say('kristina', '--message', 'Good morning')
    expect(await say('kristina', '--message=And again')).toBe(first)
    const second = await say('kristina', '--new', '--message', 'Something else')
    expect(second).not.toBe(first)
    expect(await say('kristina', '--message', 'More of it')).toBe(second)
    expect(await say('--conversation', first, '--message', 'Back to the first')).toBe(first)
    expect(await say('robbie-m', '--message', 'You are another')).not.toBe(second)
  })

  it('prints the reply that was stored', async () => {
    const { code, stdout } = await run(
      ['chat', 'kristina', '--new', '--message', '@-'],
      'A question\nof two lines',
    )
    expect(code).toBe(0)
    const [conversation] = (await json(['conversation', 'list', '--personality', 'kristina', '--limit=1']))
      .items
    const { items } = await json(['conversation', 'messages', conversation.id])
    expect(items.map((item: { content: string }) => item.content)).toEqual([
      'A question\nof two lines',
      stdout.trimEnd(),
    ])
  })

  it('reads lines until the end of its input', async () => {
    const { code, stdout } = await run(['chat', 'steve-jobs'], 'One\n\nTwo\n/new\nThree\n/quit\nNever said\n')
    expect({ code, lines: stdout.split('offline responder').length - 1 }).toEqual({ code: 0, lines: 3 })
    const { items } = await json(['conversation', 'list', '--personality', 'steve-jobs'])
    expect(items.map((item: { messageCount: number }) => item.messageCount)).toEqual([2, 4])
  })

  it('says that there is no such personality', async () => {
    const { code, stderr } = await run(['chat', 'nobody', '--message', 'Hi'])
    expect(code).toBe(1)
    expect(stderr).toContain('PERSONALITY_NOT_FOUND')
  })
})

describe('an import', () => {
  it('takes over conversations and characters, and changes nothing the second time', async () => {
    const chats = join(home, 'conversations.json')
    const card = join(home, 'card.png')
    writeFileSync(
      chats,
      JSON.stringify([chatGptConversation('c1'), chatGptConversation('c2'), { broken: true }]),
    )
    writeFileSync(card, png(cardChunk('chara', cardV2())))
    const first = await json(['import', chats, card, '--personality', 'bookkeeper'])
    expect(first).toMatchObject({
      isComplete: true,
      files: [
        {
          conversations: { read: 2, created: 2, alreadyThere: 0 },
          messages: { read: 6, created: 6, alreadyThere: 0 },
          skipped: { byCode: { NOT_A_CONVERSATION: 1 } },
        },
        { characters: { read: 1, created: 1, alreadyThere: 0 } },
      ],
    })
    const list = ['conversation', 'list', '--personality', 'bookkeeper']
    const before = await json(list)
    expect(before.items.map((item: { externalId: string }) => item.externalId).toSorted()).toEqual([
      'chatgpt:c1',
      'chatgpt:c2',
    ])
    const second = await json(['import', chats, card, '--personality', 'bookkeeper'])
    expect(second.files[0]).toMatchObject({
      conversations: { created: 0, alreadyThere: 2 },
      messages: { created: 0, alreadyThere: 6 },
    })
    expect(second.files[1].characters).toEqual({ read: 1, created: 0, alreadyThere: 1 })
    expect(await json(list)).toEqual(before)
  })

  it('keeps the branches of a conversation and the one the person was on', async () => {
    const { items } = await json(['conversation', 'list', '--personality', 'bookkeeper'])
    const messages = (await json(['conversation', 'messages', items[0].id])).items as {
      id: string
      parentId: string | null
      content: string
    }[]
    const question = messages.find((message) => message.content === 'How long does bread rise?')!
    expect(
      messages.filter((message) => message.parentId === question.id).map((message) => message.content),
    ).toEqual(['About an hour.', 'Until it has doubled.'])
    const context = JSON.stringify(await json(['conversation', 'context', items[0].id]))
    expect(context).toContain('Until it has doubled.')
    expect(context).not.toContain('About an hour.')
  })

  it('adds what a newer export has, and leaves the person where they went on', async () => {
    const file = join(home, 'newer.json')
    const older = chatGptConversation('n1')
    const add = (after: string, id: string, text: string) => {
      const mapping = older['mapping'] as Record<string, { children: string[] }>
      mapping[after]!.children.push(id)
      Object.assign(mapping, Object.fromEntries([chatGptNode(id, after, chatGptText('user', text))]))
      older['current_node'] = id
    }
    const take = async () => {
      writeFileSync(file, JSON.stringify([older]))
      const { files } = await json(['import', file, '--personality', 'kristina'])
      return files[0].messages.created as number
    }
    expect(await take()).toBe(3)
    add('n1-a2', 'n1-b', 'And rye?')
    expect(await take()).toBe(1)
    const { items } = await json(['conversation', 'list', '--personality', 'kristina', '--limit', '1'])
    const context = async () => JSON.stringify(await json(['conversation', 'context', items[0].id]))
    expect(await context()).toContain('And rye?')
    await json(['chat', '--conversation', items[0].id, '--message', 'Said in this home.'])
    add('n1-b', 'n1-c', 'And spelt?')
    expect(await take()).toBe(1)
    const after = await context()
    for (const text of ['Until it has doubled.', 'And rye?', 'Said in this home.'])
      expect(after).toContain(text)
    expect(after).not.toContain('And spelt?')
  })

  it('tells of every file, and fails when one could not be read', async () => {
    const { code, stdout } = await run(['import', join(home, 'none.json'), join(home, 'card.png')])
    expect(code).toBe(1)
    expect(stdout).toContain('(IMPORT_FILE_UNREADABLE)')
    expect(stdout).toContain('characters    1 read, 0 new, 1 already there')
  })

  it('does nothing for a personality that is not there', async () => {
    const { code, stdout, stderr } = await run(['import', join(home, 'card.png'), '--personality', 'nobody'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('PERSONALITY_NOT_FOUND')
  })
})

// Last, because it ends the server of this file and goes on with its home.
describe('a server that is stopped', () => {
  it('ends with exit code 0, lets go of the home and remembers', async () => {
    const before = await json(['persona', 'list'])
    server.signal()
    expect(await server.done).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(join(home, 'lock'))).toBe(false)
    expect(await json(['persona', 'list'])).toEqual(before)
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })

  it('does not start where its port is taken, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, stdout, stderr } = await startHere(
      ['start'],
      { ...env, ROBBIEVERSE_PORT: String(port) },
      '',
    ).done
    other.close()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken.*ADDRESS_IN_USE`))
    expect(existsSync(join(home, 'lock'))).toBe(false)
  })
})
