import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { processorMs } from './process-usage.ts'

/** The server as a user starts it, in a process of its own, on the embedded database. */
export type ServerProcess = {
  pid: number
  address: string
  /** From the start of the process to the first 200 of /readyz, milliseconds. */
  startedInMs: number
  /** Processor time it used until then, milliseconds: what other work on the machine does not stretch. */
  processorMs: number
  /** SIGTERM is what Ctrl-C does. Waits until the process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

const POLL_MS = 5

/** An empty folder for a home; `remove` when no process uses it any more. */
export function makeHome(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** `robbieverse start` on a home; resolves when it is ready. Throws with what it wrote when it ends before. */
export async function startServer(home: string): Promise<ServerProcess> {
  const port = await freePort()
  const start = performance.now()
  const bin = fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url))
  const child = spawn(process.execPath, [bin, 'start'], {
    env: {
      PATH: process.env['PATH'],
      ROBBIEVERSE_HOME: home,
      ROBBIEVERSE_PORT: String(port),
      DATABASE_URL: '',
      ROBBIEVERSE_MODEL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (written += text))
  }
  const ended = once(child, 'exit')
  const address = `http://127.0.0.1:${port}`
  while (!(await isReady(address))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${written}`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const startedInMs = performance.now() - start
  return {
    pid: child.pid!,
    address,
    startedInMs,
    processorMs: processorMs(child.pid!),
    end: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

/** The owner's key, which the first start leaves in the home. */
export function readOwnerKey(home: string): string {
  return readFileSync(join(home, 'api-key'), 'utf8').trim()
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
