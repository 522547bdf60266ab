import { spawn, type ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'

import { findHolder, HomeInUseError, HomeLostError, lockHome, type LockHolder } from './home-lock.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'robbieverse-lock-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const script = `
  import { lockHome } from ${JSON.stringify(new URL('./home-lock.ts', import.meta.url).href)}
  const [home, startAt] = process.argv.slice(1)
  while (Date.now() < Number(startAt)) {}
  try {
    lockHome(home, 'child')
    console.log('locked')
    setInterval(() => {}, 1000)
  } catch (error) {
    console.log(error.code === 'HOME_IN_USE' ? 'in use' : String(error.stack))
  }`

type Child = { process: ChildProcess; said: Promise<string> }

/** A process that tries to lock the home, says how that went, and stays when it has it. */
function child(startAt = 0): Child {
  const args = ['--input-type=module', '-e', script, '--', home, String(startAt)]
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void started.kill('SIGKILL'))
  const said = new Promise<string>((resolve) => createInterface(started.stdout).once('line', resolve))
  return { process: started, said }
}

async function kill(target: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => target.once('exit', resolve))
  target.kill('SIGKILL')
  await ended
}

const lockFile = () => join(home, 'lock')
const readHolder = () => JSON.parse(readFileSync(lockFile(), 'utf8')) as LockHolder
const writeHolder = (change: Partial<LockHolder>) => {
  const holder = {
    token: 't',
    pid: process.pid,
    startedTicks: null,
    host: hostname(),
    command: 'start',
    address: null,
  }
  writeFileSync(lockFile(), JSON.stringify({ ...holder, ...change }))
}

describe('the lock of a home', () => {
  it('is had by one process at a time, and the other learns by whom', async () => {
    const first = child()
    expect(await first.said).toBe('locked')
    expect(await child().said).toBe('in use')
    expect(() => lockHome(home, 'start')).toThrow(HomeInUseError)
    expect(() => lockHome(home, 'start')).toThrow(`in use by process ${first.process.pid} (child)`)
    expect(findHolder(home)).toMatchObject({ pid: first.process.pid, command: 'child' })
  })

  it('is free again after it was released', () => {
    const lock = lockHome(home, 'start')
    lock.release()
    expect(findHolder(home)).toBeNull()
    lockHome(home, 'start').release()
    expect(readdirSync(home)).toEqual([])
  })

  it('of a killed process is taken over', async () => {
    const first = child()
    await first.said
    await kill(first.process)
    expect(findHolder(home)).toBeNull()
    const lock = lockHome(home, 'start')
    expect(readHolder()).toMatchObject({ pid: process.pid, token: lock.holder.token })
    lock.release()
  })

  it('that 20 processes find stale at the same moment goes to exactly one', async () => {
    for (const round of [1, 2, 3]) {
      const first = child()
      await first.said
      await kill(first.process)
      const startAt = Date.now() + 3000
      const rivals = Array.from({ length: 20 }, () => child(startAt))
      const said = await Promise.all(rivals.map((rival) => rival.said))
      expect(said.toSorted(), `round ${round}`).toEqual([...Array<string>(19).fill('in use'), 'locked'])
      const winner = rivals[said.indexOf('locked')]!
      expect(readHolder().pid).toBe(winner.process.pid)
      expect(readdirSync(home)).toEqual(['lock'])
      await kill(winner.process)
    }
  })

  it('whose successor was killed before it took over goes to the next one', async () => {
    const first = child()
    await first.said
    await kill(first.process)
    const { token } = readHolder()
    // What a process leaves that died between claiming the lock and replacing it.
    writeFileSync(
      join(home, `lock.after-${token}`),
      readFileSync(lockFile(), 'utf8').replace(token, 'second'),
    )
    const startAt = Date.now() + 2000
    const rivals = Array.from({ length: 8 }, () => child(startAt))
    const said = await Promise.all(rivals.map((rival) => rival.said))
    expect(said.filter((line) => line === 'locked')).toHaveLength(1)
    expect(said.filter((line) => line === 'in use')).toHaveLength(7)
    expect(readdirSync(home)).toEqual(['lock'])
  })

  it('is not taken for held when its pid was given to another process', () => {
    writeHolder({ pid: process.pid, startedTicks: '1' })
    expect(findHolder(home)).toBeNull()
    lockHome(home, 'start').release()
  })

  it('is held by a process that was started under the same pid at the same tick', () => {
    const lock = lockHome(home, 'start')
    expect(lock.holder.startedTicks).toMatch(/^\d+$/)
    expect(findHolder(home)).toMatchObject({ token: lock.holder.token })
    lock.release()
  })

  it('of another machine is judged by its heartbeat, not by its pid', () => {
    writeHolder({ pid: 2 ** 22 + 1, host: 'elsewhere' })
    expect(findHolder(home)).toMatchObject({ host: 'elsewhere' })
    expect(() => lockHome(home, 'start')).toThrow(/ on elsewhere /)
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(lockFile(), longAgo, longAgo)
    lockHome(home, 'start').release()
  })

  it.each([
    { what: 'empty', text: '' },
    { what: 'cut short', text: '{"token": "abc", "pi' },
  ])('that a power cut left $what is taken over', ({ text }) => {
    writeFileSync(lockFile(), text)
    expect(findHolder(home)).toBeNull()
    const lock = lockHome(home, 'start')
    expect(readHolder().token).toBe(lock.holder.token)
    lock.release()
    expect(readdirSync(home)).toEqual([])
  })

  it('publishes the address and keeps to its owner’s eyes', () => {
    const lock = lockHome(home, 'start')
    lock.setAddress('http://127.0.0.1:4700')
    expect(findHolder(home)).toMatchObject({ address: 'http://127.0.0.1:4700', token: lock.holder.token })
    expect(statSync(lockFile()).mode & 0o077).toBe(0)
    lock.release()
    expect(existsSync(lockFile())).toBe(false)
  })

  it('that somebody else has meanwhile is neither changed nor removed by the former holder', () => {
    const lock = lockHome(home, 'start')
    writeHolder({ token: 'newer' })
    lock.setAddress('http://127.0.0.1:1')
    lock.release()
    expect(readHolder()).toMatchObject({ token: 'newer', address: null })
  })

  describe('after a pause', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
    afterEach(() => void vi.useRealTimers())

    it('that somebody else has meanwhile is not kept fresh by the former holder, who is told once', () => {
      const told: HomeLostError[] = []
      const lock = lockHome(home, 'start', (error) => told.push(error))
      vi.advanceTimersByTime(60_000)
      lock.check()
      expect(told).toEqual([])
      writeHolder({ token: 'newer', pid: 77, host: 'elsewhere' })
      const longAgo = new Date(Date.now() - 3_600_000)
      utimesSync(lockFile(), longAgo, longAgo)
      vi.advanceTimersByTime(60_000)
      expect(told).toHaveLength(1)
      expect(told[0]!.message).toContain('taken over by process 77 on elsewhere')
      expect(statSync(lockFile()).mtimeMs).toBeLessThan(Date.now() - 3_000_000)
      expect(() => lock.check()).toThrow(HomeLostError)
    })

    it('that was removed by hand is put back', () => {
      const lock = lockHome(home, 'start', (error) => expect.fail(error.message))
      rmSync(lockFile())
      vi.advanceTimersByTime(60_000)
      expect(readHolder().token).toBe(lock.holder.token)
      lock.release()
      expect(existsSync(lockFile())).toBe(false)
    })
  })

  it('is made together with its folder, which others cannot enter', () => {
    const inside = join(home, 'deep', 'home')
    lockHome(inside, 'start').release()
    expect(statSync(inside).mode & 0o077).toBe(0)
  })
})
