// What the tests of the test server share: a look at servers from outside, through the kernel and the network.
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import type { TestContext } from 'vitest'
import { startTestServer } from './postgres-server.ts'
import type { TestServer, TestServerOptions } from './postgres-server.ts'

/** For every test here: the first run on a machine may have to build a Debian tree or to pull an image. */
export const patience = { timeout: 300_000 }

/** A server that ends with the test; skips the test, saying why, where there can be none. */
export async function serverFor(context: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options)
  if ('unavailable' in server) return context.skip(server.unavailable)
  onTestFinished(() => server.stop())
  return server
}

/** The rows of one statement, over a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** True if something listens on the port of `url`. */
export function isPortOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const finish = (isOpen: boolean) => () => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', finish(true)).once('error', finish(false))
  })
}

export async function untilPortCloses(url: string): Promise<void> {
  await expect.poll(() => isPortOpen(url), { timeout: 30_000, interval: 50 }).toBe(false)
}

/** The processes that work in a data directory: every process of a PostgreSQL server does. */
export function processesIn(dataDirectory: string): number[] {
  return allPids().filter((pid) => readLink(`/proc/${pid}/cwd`) === dataDirectory)
}

/** The watchdog that looks after a data directory. */
export function watchdogOf(dataDirectory: string): number {
  const task = `"folder":"${dirname(dataDirectory)}"`
  const pid = allPids().find((candidate) => readText(`/proc/${candidate}/cmdline`).includes(task))
  if (pid === undefined) throw new Error(`no watchdog looks after ${dataDirectory}`)
  return pid
}

/** A server's data directory as this machine sees it: inside the tree it has a shorter name. */
export async function dataDirectoryOf(url: string): Promise<string> {
  const [row] = await query<{ data: string }>(url, `select current_setting('data_directory') as data`)
  const folders = allPids().map((pid) => readLink(`/proc/${pid}/cwd`))
  const found = folders.find((folder) => row !== undefined && folder.endsWith(row.data))
  if (found === undefined) throw new Error(`no process works in ${row?.data}`)
  return found
}

/** The System V segments that exist on this machine, by number. */
export function segmentNumbers(): string[] {
  const rows = readText('/proc/sysvipc/shm').trim().split('\n').slice(1)
  return rows.map((row) => row.trim().split(/\s+/)[1] ?? '')
}

/** The number of the segment of the server that runs on a data directory. */
export function segmentOf(dataDirectory: string): string {
  return readText(`${dataDirectory}/postmaster.pid`).split('\n')[6]?.trim().split(/\s+/)[1] ?? 'none'
}

interface Owner {
  pid: number
  /** The first line that it printed. */
  line: string
  /** Resolves with its exit code. */
  ended: Promise<number | null>
}

/** Runs a module in a process of its own, which is killed at the end of the test; waits for its first line. */
export async function ownerRunning(script: string): Promise<Owner> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: [...stdio] })
  const ended = new Promise<number | null>((resolve) => owner.once('exit', resolve))
  onTestFinished(() => void owner.kill('SIGKILL'))
  const line = new Promise<string>((resolve) => createInterface(owner.stdout).once('line', resolve))
  return { pid: owner.pid ?? 0, line: await line, ended }
}

/** A module that starts a server, prints its address and goes on with `body`. */
export function scriptWithServer(options: TestServerOptions, body: string): string {
  return `
    import { startTestServer } from ${JSON.stringify(new URL('./postgres-server.ts', import.meta.url).href)}
    const server = await startTestServer(${JSON.stringify(options)})
    console.log(server.url)
    ${body}`
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
