import { startDebootstrapServer } from './chroot-server.ts'
import { startDockerServer } from './docker-server.ts'
import { useGivenServer } from './given-server.ts'
import type { NoTestServer, TestServer, TestServerOptions, TestServerSource } from './test-server.ts'

export type { ExecOptions, ExecResult, NoTestServer, TestServer } from './test-server.ts'
export type { TestServerOptions, TestServerSource } from './test-server.ts'

/**
 * A PostgreSQL with pgvector for the tests: the one TEST_DATABASE_URL names, else a Docker container, else, on
 * Debian as root, one in a cached Debian tree. A TEST_DATABASE_URL that is set but unfit is not passed over in
 * silence: nothing else is tried. Never throws for want of a server: `unavailable` says what was tried and why not.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer | NoTestServer> {
  const isWanted = (source: TestServerSource): boolean => options.sources?.includes(source) ?? true
  const given = process.env['TEST_DATABASE_URL']
  if (given && isWanted('TEST_DATABASE_URL')) {
    const failed = 'TEST_DATABASE_URL is set, but the server it names cannot be used'
    return await useGivenServer(given).catch((error) => ({ unavailable: `${failed}: ${reasonOf(error)}` }))
  }
  const failures = isWanted('TEST_DATABASE_URL') ? ['TEST_DATABASE_URL is not set'] : []
  const ways = [
    { source: 'docker', start: startDockerServer },
    { source: 'debootstrap', start: startDebootstrapServer },
  ] as const
  for (const { source, start } of ways.filter((way) => isWanted(way.source))) {
    try {
      return await start(options)
    } catch (error) {
      failures.push(`${source}: ${reasonOf(error)}`)
    }
  }
  return { unavailable: `No PostgreSQL with pgvector for the tests. ${failures.map(asSentence).join(' ')}` }
}

function reasonOf(error: unknown): string {
  // A refused connection to a name with several addresses arrives as an AggregateError without a message.
  if (error instanceof AggregateError && !error.message) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

function asSentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
