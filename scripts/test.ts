import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BackendsReport } from '../test/support/broker.ts'

// Runs every suite on every back end that can be had, and says at the end which those were.
// --embedded leaves the server out, --quick also the suites that start and end processes or engines of their own
// or go through every table, which take minutes. Everything else is handed to vitest (file names, -t PATTERN, --watch).

const SLOW = [
  'test/e2e/**',
  'test/cli/**',
  'test/server/**',
  'test/architecture/new-module.test.ts',
  'test/rollups/**',
  'test/deploy/**',
  'test/demo/**',
  'test/estate/**',
  'test/browser/**',
  'test/isolation/isolation-matrix.test.ts',
  'test/isolation/function-matrix.test.ts',
  'test/http/streams.test.ts',
  'test/schema/written-and-read.test.ts',
  'test/conformance/engine-end.test.ts',
  'test/conformance/limits.test.ts',
  'src/modules/kit/kit.test.ts',
  'src/db/home-lock.test.ts',
  'src/db/pglite.test.ts',
]

const own = new Set(['--embedded', '--server', '--quick', '--watch'])
const given = process.argv.slice(2)
const rest = given.filter((argument) => !own.has(argument))
const isQuick = given.includes('--quick')
const only = isQuick || given.includes('--embedded') ? 'embedded' : given.includes('--server') ? 'server' : ''

const folder = mkdtempSync(join(tmpdir(), 'robbieverse-report-'))
const report = join(folder, 'backends.json')
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
// The native loader reads vitest.config.ts as it is; the default one would write a bundle into node_modules.
const options = [
  '--configLoader',
  'native',
  ...(given.includes('--watch') ? [] : ['--run']),
  ...(isQuick ? SLOW.flatMap((pattern) => ['--exclude', pattern]) : []),
]
const code = await run(process.execPath, [vitest, ...options, ...rest], {
  ROBBIEVERSE_TEST_REPORT: report,
  ...(only === '' ? {} : { ROBBIEVERSE_TEST_BACKENDS: only }),
})
printReport()
rmSync(folder, { recursive: true, force: true })
process.exitCode = code

function run(program: string, args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('close', (status) => resolve(status ?? 1))
  })
}

function printReport(): void {
  const used = readReport()
  if (!used) return
  console.log(`Node ${process.versions.node} on ${process.platform}. Back ends used:`)
  console.log(`  ${used.embedded ?? 'embedded: no test asked for it'}`)
  if (used.hasNoServer) {
    const line = '!'.repeat(78)
    console.log(
      `${line}\n  SERVER: NONE. Every test on a PostgreSQL server was SKIPPED.\n  ${used.server}\n${line}`,
    )
  } else if (only === 'embedded') {
    console.log(`  server: left out (--${isQuick ? 'quick' : 'embedded'})`)
  } else {
    console.log(`  ${used.server ?? 'server: no test asked for it'}`)
  }
  if (isQuick) console.log(`  slow suites: left out, npm test runs them (${SLOW.join(', ')})`)
}

function readReport(): BackendsReport | null {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as BackendsReport
  } catch {
    return null
  }
}
