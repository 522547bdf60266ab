import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CliHome } from './run-cli.ts'

/** A Node older than the one the command line needs, as a machine may have; null where there is none. */
function findOldNode(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  for (const file of folders.map((folder) => join(folder, 'node')).filter((path) => existsSync(path))) {
    const major = Number(execFileSync(file, ['-p', 'process.versions.node']).toString().split('.')[0])
    if (major >= 20 && major < 24) return file
  }
  return null
}

const oldNode = findOldNode()
let cli: CliHome

beforeAll(() => {
  cli = new CliHome()
})
afterAll(() => cli.remove())

// Skipped where the machine has no Node between 20 and 23: the launcher then has nothing to launch.
describe.skipIf(oldNode === null)('the launcher under an older Node', () => {
  const node = oldNode!

  it('runs the command on the Node of the project, with arguments, output and exit code as they are', async () => {
    const [version, mistake] = await Promise.all([
      cli.run(['version', '--json'], { node }),
      cli.run(['conversation', 'get', '--titel', 'a "b" $c'], { node }),
    ])
    expect(version).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(version.stdout)).toEqual({ version: expect.any(String) })
    expect(mistake).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--titel') })
  })

  it('passes signals on, and the command ends in its own way', async () => {
    const running = cli.start(['mcp'], { node })
    const initialize = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    }
    running.child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })}\n`,
    )
    expect(JSON.parse(await running.firstLine)).toMatchObject({
      id: 1,
      result: { serverInfo: { name: 'robbieverse' } },
    })
    running.child.kill('SIGTERM')
    expect(await running.done).toMatchObject({ code: 0, signal: null })
  })

  it('says what to do where the project has no Node of its own', async () => {
    const bin = join(cli.home, 'elsewhere', 'bin')
    mkdirSync(bin, { recursive: true })
    const launcher = join(bin, 'robbieverse.mjs')
    cpSync(fileURLToPath(new URL('../../bin/robbieverse.mjs', import.meta.url)), launcher)
    const { code, stdout, stderr } = await cli.run(['version'], { node, launcher })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/Node 24 or newer is needed, and this is Node 2\d[\s\S]*npm ci/)
  })
})
