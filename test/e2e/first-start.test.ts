import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { openCli, runCommand } from './cli-client.ts'
import type { DoorName, TestDoor, Value } from './door.ts'
import { makeEmptyHome, makeHome, type Home } from './home.ts'
import { openHttp } from './http-client.ts'
import { openMcpStdio } from './mcp-client.ts'
import { proves, provesOnEachDoor } from './proves.ts'

const program = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))

type Start = {
  address: string
  signInLink: string | null
  keyFile: string
  model: string
  child: ChildProcess
}

const running: ChildProcess[] = []
const homes: Home[] = []

afterEach(async () => {
  for (const child of running.splice(0)) await end(child, 'SIGKILL')
  for (const home of homes.splice(0)) await home.remove()
})

function keep(home: Home): Home {
  homes.push(home)
  return home
}

/** `robbieverse start --json` as it is, until it says where it listens. */
async function start(home: Home): Promise<Start> {
  const child = spawn(process.execPath, [program, 'start', '--json'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('\n')) resolve(output)
    })
    child.once('exit', (code) => reject(new Error(`start ended with ${code}: ${errors}`)))
  })
  return { ...JSON.parse(line), child }
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.kill(signal)
  })
}

const keyOf = (home: Home) => readFileSync(join(home.folder, 'api-key'), 'utf8').trim()

describe('the first start', () => {
  proves(
    'start.first',
    'makes home, owner, sign-in link and a key for its owner only, from nothing',
    async () => {
      const home = keep(makeEmptyHome())
      const first = await start(home)
      expect(first.keyFile).toBe(join(home.folder, 'api-key'))
      expect(first.model).toBe('offline')
      expect(statSync(first.keyFile).mode & 0o777).toBe(0o600)
      for (const name of readdirSync(home.folder).filter((entry) =>
        statSync(join(home.folder, entry)).isFile(),
      )) {
        expect(statSync(join(home.folder, name)).mode & 0o077, name).toBe(0)
      }
      expect((await fetch(`${first.address}/readyz`)).status).toBe(200)
      const http = openHttp(first.address, keyOf(home))
      expect(await http.call('identity.whoami')).toMatchObject({
        town: { slug: 'home' },
        clearance: 'boss',
        attractionCeiling: 11,
      })
      const opened = await fetch(first.signInLink!, { redirect: 'manual' })
      expect(opened.status).toBe(303)
      // Ctrl-C ends it well, and the next start is the same home: same key, no further link.
      expect(await end(first.child, 'SIGINT')).toBe(0)
      const key = keyOf(home)
      const second = await start(home)
      expect(second.signInLink).toBeNull()
      expect(keyOf(home)).toBe(key)
      expect((await openHttp(second.address, key).call('persona.list')).items).toHaveLength(7)
    },
  )

  proves('sign-in.again', 'signs in again by a command, with a server or before it starts', async () => {
    const home = keep(await makeHome('embedded'))
    const link = async (...flags: string[]) => {
      const made = await runCommand(home.env, ['sign-in', '--json', ...flags])
      expect(made.stderr).toBe('')
      return JSON.parse(made.stdout)
    }
    const opens = async (url: string) => {
      const { status, headers } = await fetch(url, { redirect: 'manual' })
      return { status, signedIn: headers.getSetCookie().length > 0 }
    }
    const early = await link()
    const first = await start(home)
    // Made while nothing ran, it names the port of the settings, which these tests leave to the system.
    const { search } = new URL(early.link)
    expect(await opens(`${first.address}/v1/auth/link${search}`)).toEqual({ status: 303, signedIn: true })
    const again = await link()
    expect(again.link.startsWith(first.address)).toBe(true)
    expect(await opens(again.link)).toEqual({ status: 303, signedIn: true })
    expect(await opens(again.link)).toEqual({ status: 403, signedIn: false })
    const refused = await fetch(again.link)
    expect(((await refused.json()) as Value).detail).toContain('robbieverse sign-in')
    const stranger = await runCommand(home.env, ['sign-in', '--json', '--person', 'nobody@example.org'])
    expect(JSON.parse(stranger.stderr)).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
    expect(await link('--person', early.email)).toMatchObject({ email: early.email })
    const shown = await runCommand(home.env, ['sign-in'])
    expect(shown.stdout.split('\n')[0]).toMatch(/^http:\S+\/v1\/auth\/link\?token=\S+$/)
  })

  it('knows the sizes of an embedded database from the start on', async () => {
    const home = keep(await makeHome('embedded'))
    const first = await start(home)
    const http = openHttp(first.address, keyOf(home))
    for (let n = 0; n < 5; n++) await http.call('memory.remember', { content: `Memory ${n}.` })
    await end(first.child, 'SIGINT')
    const again = openHttp((await start(home)).address, keyOf(home))
    const rows = async () => {
      const { sizes } = await again.call('platform.status')
      return sizes.largestTables.find((table: Value) => table.name === 'persona.prompts').rows
    }
    // Seven personalities with six prompts each.
    await expect.poll(rows, { timeout: 20_000 }).toBe(42)
  })

  it('refuses a second start on the same home, and says by whom it is held', async () => {
    const home = keep(await makeHome('embedded'))
    const first = await start(home)
    const second = await runCommand(home.env, ['start', '--json'])
    expect(second.code).toBe(1)
    const problem = JSON.parse(second.stderr.trim().split('\n').at(-1)!)
    expect(problem).toMatchObject({
      code: 'HOME_IN_USE',
      data: { pid: first.child.pid, address: first.address },
    })
    expect(second.stdout).toBe('')
  })

  eachBackend((backend) => {
    it('begins the same when it was killed at any moment of an earlier first start', async () => {
      const home = keep(await makeHome(backend))
      for (const milliseconds of [300, 900, 1_500, 2_100]) {
        const child = spawn(process.execPath, [program, 'start'], { env: home.env, stdio: 'ignore' })
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        await end(child, 'SIGKILL')
      }
      const { address } = await start(home)
      const http = openHttp(address, keyOf(home))
      expect((await http.call('persona.list')).items).toHaveLength(7)
      expect((await http.call('town.list')).items).toHaveLength(1)
      expect((await http.call('identity.members')).items).toHaveLength(1)
    })

    provesOnEachDoor('start.remembers', 'remembers a conversation after kill -9', async (name) => {
      const home = keep(await makeHome(backend))
      const first = await start(home)
      const before = await openDoor(name, home, first.address)
      const { id } = await before.call('conversation.create', { personality: 'robbie-f' })
      await before.call('conversation.send', { id, content: 'My boat is called Wanderer.' })
      await before.close()
      await end(first.child, 'SIGKILL')
      const second = await start(home)
      const after = await openDoor(name, home, second.address)
      const { items } = await after.call('conversation.messages', { id })
      expect(items[0].content).toBe('My boat is called Wanderer.')
      const other = await after.call('conversation.create', { personality: 'robbie-f' })
      const { reply, recalled } = await after.call('conversation.send', {
        id: other.id,
        content: 'What is my boat called?',
      })
      expect(reply.content).toContain('My boat is called Wanderer.')
      expect(recalled.map((item: Value) => item.id)).toContain(items[0].id)
      await after.close()
    })
  })
})

async function openDoor(name: DoorName, home: Home, address: string): Promise<TestDoor> {
  if (name === 'http') return openHttp(address, keyOf(home))
  return name === 'cli' ? openCli(home) : openMcpStdio(home)
}
