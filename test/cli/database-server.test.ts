import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { onBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { startHere } from './run-here.ts'

onBackend('server', () => {
  let empty: TestDatabase
  let homes: string[]

  beforeAll(async () => {
    empty = await emptyDatabase('server')
    homes = ['a', 'b'].map(() => mkdtempSync(join(tmpdir(), 'robbieverse-url-')))
  })
  afterAll(async () => {
    await empty.drop()
    for (const home of homes) rmSync(home, { recursive: true })
  })

  const envOf = (home: string) => ({
    DATABASE_URL: empty.url!,
    ROBBIEVERSE_HOME: home,
    ROBBIEVERSE_PORT: '0',
    ROBBIEVERSE_LOG: 'silent',
  })
  const run = (args: string[], home = homes[0]!) => startHere([...args, '--json'], envOf(home), '').done

  it('says that nothing is deployed, and shows the plan without writing', async () => {
    expect(await run(['status'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('NOT_DEPLOYED'),
    })
    expect(JSON.parse((await run(['deploy', '--plan'])).stdout)).toMatchObject({
      isApplied: false,
      backend: 'server',
    })
    expect(await run(['verify'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('says when the server or the database is not there, and why, whatever is asked', async () => {
    const noDatabase = new URL(empty.url!)
    noDatabase.pathname = '/nowhere'
    for (const [url, why] of [
      ['postgres://127.0.0.1:1/robbie', 'ECONNREFUSED'],
      [noDatabase.href, '"nowhere" does not exist'],
    ] as const) {
      for (const args of [['start'], ['deploy'], ['status'], ['persona', 'list']]) {
        const env = { ...envOf(homes[0]!), DATABASE_URL: url }
        expect(await startHere(args, env, '').done, args.join(' ')).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(new RegExp(`DATABASE_UNAVAILABLE\\)\nCause: .*${why}`)),
        })
      }
    }
  })

  it('deploys once when several ask for it at the same moment', async () => {
    const all = await Promise.all(homes.concat(homes).map((home) => run(['deploy'], home)))
    const counts = all
      .map(({ stdout }) => JSON.parse(stdout).steps.length as number)
      .toSorted((a, b) => a - b)
    expect(counts.slice(0, 3)).toEqual([0, 0, 0])
    expect(counts[3]).toBeGreaterThan(10)
    expect(JSON.parse((await run(['verify'])).stdout)).toEqual({ pending: [], drift: [] })
  })

  it('serves commands of other homes beside a running server, and they see the same', async () => {
    const server = startHere(['start', '--json'], envOf(homes[0]!))
    try {
      await server.firstLine
      const made = await run([
        'persona',
        'create',
        '--name',
        'Mara',
        '--short-description',
        'Keeps the light.',
      ])
      expect(made.code).toBe(0)
      const read = await run(['persona', 'get', 'mara'], homes[1])
      expect(JSON.parse(read.stdout)).toEqual(JSON.parse(made.stdout))
      expect(JSON.parse((await run(['status'], homes[1])).stdout)).toMatchObject({
        backend: 'server',
        drift: [],
      })
    } finally {
      server.signal()
      await server.done
    }
  })

  it('finds what was changed by hand, with exit code 1', async () => {
    await empty.query('alter table memory.ai_memories add column by_hand text')
    const { code, stdout } = await run(['verify'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout).drift).toMatchObject([{ path: 'table memory.ai_memories / column by_hand' }])
  })

  it('takes a copy without a ledger for deployed only when asked to, and only when it is the same', async () => {
    await empty.query('drop schema robbieverse cascade')
    expect(await run(['deploy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DEPLOY_NOT_EMPTY'),
    })
    const differing = await run(['deploy', '--baseline'])
    expect(differing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('by_hand') })
    await empty.query('alter table memory.ai_memories drop column by_hand')
    const taken = JSON.parse((await run(['deploy', '--baseline'])).stdout)
    expect(taken).toEqual({ isApplied: true, isBaseline: true, migrations: expect.any(Number) })
    expect(JSON.parse((await run(['deploy'])).stdout)).toMatchObject({
      steps: [],
      appliedCount: taken.migrations,
    })
  })
})
