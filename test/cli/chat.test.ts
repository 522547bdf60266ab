import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { startOpenAi, type ModelServer } from '../support/model-servers.ts'
import { startHere } from './run-here.ts'

let home: string
let model: ModelServer
let env: Record<string, string>
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'robbieverse-chat-'))
  model = await startOpenAi()
  env = {
    ROBBIEVERSE_HOME: home,
    ROBBIEVERSE_LOG: 'silent',
    ROBBIEVERSE_MODEL: 'test-model',
    ROBBIEVERSE_MODEL_URL: model.url,
    ROBBIEVERSE_MODEL_KEY: 'sk-test',
  }
})
afterAll(async () => {
  await model.close()
  rmSync(home, { recursive: true })
})

it('stores a line once that is said again after its reply failed, and twice when it is meant twice', async () => {
  const chat = startHere(['chat', 'kristina'], env, undefined, { isTerminal: true })
  const until = async (text: string) => {
    while (!chat.stdout().includes(text)) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const say = async (line: string, script: ModelServer['script'], answer: string) => {
    model.script = script
    chat.stdin.write(`${line}\r`)
    await until(answer)
  }
  await until('/new begins')
  await say('Are you there?', { kind: 'status', status: 401 }, 'MODEL_REFUSED')
  await say('Are you there?', { kind: 'pieces', pieces: ['Now I am.'] }, 'Now I am.')
  await say('Are you there?', { kind: 'pieces', pieces: ['As I said.'] }, 'As I said.')
  chat.stdin.write('/quit\r')
  expect((await chat.done).code).toBe(0)

  const json = async (args: string[]) =>
    JSON.parse((await startHere([...args, '--json'], env, '').done.then(({ stdout }) => stdout)) || 'null')
  const { items } = await json(['conversation', 'list'])
  expect(items).toHaveLength(1)
  const messages = (await json(['conversation', 'messages', items[0].id])).items
  expect(
    messages.map((message: { content: string; status: string }) => [message.content, message.status]),
  ).toEqual(
    ['Are you there?', 'Now I am.', 'Are you there?', 'As I said.'].map((content) => [content, 'complete']),
  )
}, 60_000)
