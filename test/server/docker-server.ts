import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { lastLines, mustRun, runProgram } from './run-program.ts'
import { inspectWhenReady, unfitness } from './server-inspection.ts'
import { settingArguments } from './server-settings.ts'
import type { TestServer, TestServerOptions } from './test-server.ts'

const image = 'pgvector/pgvector:pg17'
const label = 'robbieverse.test.owner'

// Process 1 becomes PostgreSQL; a shell beside it ends it when the standard input closes, which happens when the
// tests end or are killed. While the image's script still initialises, process 1 ignores signals: hence the loop.
const entry = `exec 3<&0
(cat <&3 >/dev/null; while kill -QUIT 1; do sleep 1; done) &
exec docker-entrypoint.sh postgres "$@" </dev/null 3<&-`

interface Container {
  name: string
  client: ChildProcess
  /** Undefined while it runs, then how it ended and the end of its log. */
  ended(): string | undefined
  logTail(): string
  end(): Promise<void>
}

/** Starts a container of the pgvector image. Throws with a sentence for the reader where that cannot be. */
export async function startDockerServer(options: TestServerOptions): Promise<TestServer> {
  await findEngine()
  await removeLeftovers()
  await fetchImage(options.say ?? (() => {}))
  const password = randomBytes(18).toString('hex')
  const container = runContainer(password, options)
  try {
    const port = await publishedPort(container)
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    const timeoutMs = options.startTimeoutMs ?? 60_000
    const inspection = await inspectWhenReady(url, { ended: container.ended, timeoutMs })
    const unfit = unfitness(inspection)
    if (unfit) throw new Error(`image ${image}: ${unfit}`)
    return asTestServer(container, { url, password, version: inspection.version })
  } catch (error) {
    await container.end()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${reason}; the end of its log:\n${container.logTail()}`, { cause: error })
  }
}

async function findEngine(): Promise<void> {
  const answer = await runProgram(['docker', 'info', '--format', '{{.ServerVersion}}'], { timeoutMs: 5000 })
  if (answer.code === 127) throw new Error('there is no docker program')
  // Without an engine some versions of the client still end with code 0.
  if (answer.code !== 0 || answer.stdout.trim() === '') {
    throw new Error(`no engine answers: ${lastLines(answer.stderr, 1) || 'docker info prints no version'}`)
  }
}

async function fetchImage(say: (sentence: string) => void): Promise<void> {
  if ((await runProgram(['docker', 'image', 'inspect', image], { timeoutMs: 20_000 })).code === 0) return
  say(`pulling the Docker image ${image} (once)`)
  await mustRun(['docker', 'pull', '--quiet', image], { timeoutMs: 600_000 })
}

/** Removes containers of test processes of this host that have died; others' are left alone. */
async function removeLeftovers(): Promise<void> {
  const format = `{{.ID}} {{.Label "${label}"}}`
  const list = ['docker', 'ps', '--all', '--filter', `label=${label}`, '--format', format]
  const { stdout } = await runProgram(list, { timeoutMs: 20_000 })
  for (const line of stdout.split('\n')) {
    const [id, host, pid] = line.split(' ')
    if (id && pid && host === hostname() && !isAlive(Number(pid))) {
      await runProgram(['docker', 'rm', '--force', '--volumes', id], { timeoutMs: 20_000 })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function runContainer(password: string, options: TestServerOptions): Container {
  const name = `robbieverse-test-${process.pid}-${randomBytes(4).toString('hex')}`
  const about = ['--name', name, '--label', `${label}=${hostname()} ${process.pid}`]
  const environment = {
    LANG: 'C.UTF-8',
    POSTGRES_PASSWORD: password,
    POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C.UTF-8 --no-sync',
  }
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`])
  const place = ['--publish', '127.0.0.1::5432', '--shm-size', '1g', '--entrypoint', 'sh']
  const settings = settingArguments(options, { listen_addresses: '*' })
  const run = ['run', '--rm', '--interactive', '--pull', 'never', ...about, ...variables, ...place]
  // A session of its own, so that Ctrl-C in the terminal reaches the tests only.
  const client = spawn('docker', [...run, image, '-c', entry, 'sh', ...settings], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return watchClient(name, client)
}

function watchClient(name: string, client: ChildProcess): Container {
  let log = ''
  for (const stream of [client.stdout, client.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-8000)
    })
  }
  client.stdin?.on('error', () => {})
  let ending: string | undefined
  const closed = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      ending ??= how
      resolve()
    }
    client.once('error', (error) => finish(`could not start: ${error.message}`))
    client.once('close', (code) => finish(`ended with code ${code}`))
  })
  return {
    name,
    client,
    ended: () => ending,
    logTail: () => lastLines(log, 15),
    async end() {
      setIdle(client, false)
      client.stdin?.end()
      const patience = new AbortController()
      const isClosed = await Promise.race([
        closed.then(() => true),
        sleep(15_000, false, { signal: patience.signal }).catch(() => false),
      ])
      patience.abort()
      if (isClosed) return
      await runProgram(['docker', 'rm', '--force', '--volumes', name], { timeoutMs: 20_000 })
      client.kill('SIGKILL')
      await closed
    },
  }
}

async function publishedPort(container: Container): Promise<number> {
  for (let tries = 0; tries < 300; tries += 1) {
    const ended = container.ended()
    if (ended !== undefined) throw new Error(`the container ${ended}`)
    const { stdout } = await runProgram(['docker', 'port', container.name, '5432/tcp'], { timeoutMs: 20_000 })
    const port = /^127\.0\.0\.1:(\d+)$/m.exec(stdout)?.[1]
    if (port) return Number(port)
    await sleep(100)
  }
  throw new Error('the container publishes no port')
}

function asTestServer(
  container: Container,
  { url, password, version }: { url: string; password: string; version: string },
): TestServer {
  setIdle(container.client, true)
  const connection = { PGHOST: '127.0.0.1', PGUSER: 'postgres', PGDATABASE: 'postgres', PGPASSWORD: password }
  return {
    url,
    source: 'docker',
    version,
    exec(command, { input, env } = {}) {
      const variables = Object.entries({ ...connection, ...env }).map(([key, value]) => `${key}=${value}`)
      // Through env(1), which ends with 127 for a missing program; Docker's own code for that varies.
      const exec = ['docker', 'exec', '--interactive', container.name, 'env', ...variables, ...command]
      return runProgram(exec, input === undefined ? {} : { input })
    },
    stop: () => container.end(),
  }
}

/** An idle client does not keep the tests' process alive. */
function setIdle(client: ChildProcess, isIdle: boolean): void {
  const method = isIdle ? 'unref' : 'ref'
  client[method]()
  for (const stream of [client.stdin, client.stdout, client.stderr]) {
    const socket = stream as { ref?: () => void; unref?: () => void } | null
    socket?.[method]?.()
  }
}
