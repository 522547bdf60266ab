import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import type { LockHolder } from '../../src/db/home-lock.ts'
import { CliHome } from './run-cli.ts'

let cli: CliHome

beforeEach(() => {
  cli = new CliHome()
})
afterEach(() => cli.remove())

it('a server whose home was taken over ends, says so and leaves the lock to its successor', async () => {
  const lock = join(cli.home, 'lock')
  const server = cli.start(['start'])
  await server.firstLine
  const holder = JSON.parse(readFileSync(lock, 'utf8')) as LockHolder
  const successor = JSON.stringify({ ...holder, token: 'newer', pid: 77, host: 'elsewhere' })
  writeFileSync(lock, successor)
  const { code, stderr } = await server.done
  expect(code).toBe(1)
  expect(stderr).toContain(`${cli.home} was taken over by process 77 on elsewhere`)
  expect(readFileSync(lock, 'utf8')).toBe(successor)
})
