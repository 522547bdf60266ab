import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { binFolder, insideTree, openPostgresTree, treeEnvironment } from './debootstrap-tree.ts'
import type { PostgresTree } from './debootstrap-tree.ts'
import { killPostmaster } from './postmaster.ts'
import { makeRunFolder } from './run-folder.ts'
import { lastLines, runProgram } from './run-program.ts'
import { inspectWhenReady } from './server-inspection.ts'
import { settingArguments } from './server-settings.ts'
import type { TestServer, TestServerOptions } from './test-server.ts'
import { WatchedServer } from './watched-server.ts'

interface Attempt {
  server: WatchedServer
  port: number
  url: string
  version: string
}

/** Starts a server inside the cached Debian tree. Throws with a sentence for the reader where that cannot be. */
export async function startDebootstrapServer(options: TestServerOptions): Promise<TestServer> {
  const tree = await openPostgresTree(options.say ?? (() => {}))
  for (let tries = 1; ; tries += 1) {
    try {
      return asTestServer(tree, await attempt(tree, options), options)
    } catch (error) {
      // The port was free a moment ago; between the look and the start somebody may have taken it.
      if (tries === 3 || !String(error).includes('could not bind')) throw error
    }
  }
}

async function attempt(tree: PostgresTree, options: TestServerOptions): Promise<Attempt> {
  const port = await freePort()
  const run = await makeRunFolder(tree)
  const fixed = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // Segments as files in the data directory, which is removed; those of /dev/shm would outlive a SIGKILL.
    dynamic_shared_memory_type: 'mmap',
  }
  const user = ['--reuid=postgres', '--regid=postgres', '--clear-groups']
  // Should the watchdog itself be killed, the kernel sends SIGQUIT to the server.
  const postgres = ['setpriv', ...user, '--pdeathsig=QUIT', `${binFolder}/postgres`, '-D', run.dataInside]
  const command = ['chroot', tree.folder, ...postgres, ...settingArguments(options, fixed)]
  const server = new WatchedServer(run, command, treeEnvironment)
  const url = `postgres://postgres:${tree.password}@127.0.0.1:${port}/postgres`
  try {
    return { server, port, url, version: await startAndWait(server, url, options) }
  } catch (error) {
    await server.end()
    throw error
  }
}

/** Resolves with the version of the server once it takes connections; throws with the end of its log. */
async function startAndWait(server: WatchedServer, url: string, options: TestServerOptions): Promise<string> {
  try {
    await server.start()
    const ready = { ended: () => server.ending, timeoutMs: options.startTimeoutMs ?? 60_000 }
    return (await inspectWhenReady(url, ready)).version
  } catch (error) {
    const log = existsSync(server.log) ? lastLines(readFileSync(server.log, 'utf8'), 15) : 'there is none'
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${reason}; the end of its log:\n${log}`, { cause: error })
  }
}

function asTestServer(tree: PostgresTree, first: Attempt, options: TestServerOptions): TestServer {
  const { server, port, url, version } = first
  const connection = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGDATABASE: 'postgres' }
  const env = { ...treeEnvironment, ...connection, PGPASSWORD: tree.password }
  return {
    url,
    source: 'debootstrap',
    version,
    exec([program = '', ...args], { input, env: extra } = {}) {
      const more = input === undefined ? {} : { input }
      return runProgram(insideTree(tree.folder, program, args), { env: { ...env, ...extra }, ...more })
    },
    stop: () => server.end(),
    async killHard() {
      if (server.ending === undefined) await killPostmaster(server.pid)
      await server.untilEnded()
    },
    async restart() {
      if (server.ending === undefined) await server.shutDown()
      await startAndWait(server, url, options)
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
