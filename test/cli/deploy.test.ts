import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openEmbedded } from '../../src/db/open.ts'
import { loadSources } from '../../src/deploy/sources.ts'
import { modules } from '../../src/modules/index.ts'
import { CliHome } from './run-cli.ts'

let cli: CliHome

beforeAll(() => {
  cli = new CliHome()
})
afterAll(() => cli.remove())

/** Changes the structure behind the back of deploy. */
async function changeByHand(sql: string): Promise<void> {
  const database = openEmbedded({ dataDir: join(cli.home, 'data'), schemas: [] })
  await database.session((session) => session.exec(sql))
  await database.close()
}

function hashOfComments(): string {
  const memory = loadSources(modules).find((source) => source.module === 'memory')!
  return memory.objects.find((object) => object.name === 'comments.sql')!.hash
}

it('a data folder that is none is named, with what is wrong with it', async () => {
  const home = new CliHome()
  try {
    writeFileSync(join(home.home, 'data'), 'not a folder')
    const { code, stderr } = await home.run(['deploy'])
    expect(code).toBe(1)
    expect(stderr).toContain('DATABASE_UNAVAILABLE')
    expect(stderr).toContain(`${join(home.home, 'data')} cannot be opened: EEXIST: file already exists`)
  } finally {
    await home.remove()
  }
})

// One home goes through these in order: making one takes seconds.
describe('processes on an embedded home', () => {
  it('show the plan and write nothing of it', async () => {
    const plan = await cli.json(['deploy', '--plan'])
    expect(plan).toMatchObject({ isApplied: false, durationMs: null, backend: 'embedded', appliedCount: 0 })
    expect(plan['steps'].map((step: { id: string }) => step.id)).toContain('memory/1')
    expect(existsSync(cli.home) ? readdirSync(cli.home) : []).toEqual([])
    const { code, stdout, stderr } = await cli.run(['verify', '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr)).toMatchObject({ code: 'NOT_DEPLOYED', status: 503 })
  })

  it('deploy once, though two of them begin at the same moment', async () => {
    const both = await Promise.all([cli.json(['deploy']), cli.json(['deploy'])])
    const counts = both.map((done) => done['steps'].length).toSorted((a, b) => a - b)
    expect(counts[0]).toBe(0)
    expect(counts[1]).toBeGreaterThan(10)
    expect(readdirSync(cli.home)).toEqual(['data'])
  })

  it('find what was changed by hand, with exit code 1', async () => {
    await changeByHand('alter table memory.ai_memories add column by_hand text')
    const { code, stdout } = await cli.run(['verify', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      pending: [],
      drift: [
        {
          kind: 'unexpected',
          path: 'table memory.ai_memories / column by_hand',
          expected: null,
          found: expect.any(String),
        },
      ],
    })
  })

  it('tell a plan for which the deploy would be refused', async () => {
    await changeByHand(
      `update robbieverse.objects set hash = 'unlike' where module = 'memory' and name = 'comments.sql'`,
    )
    const { code, stdout } = await cli.run(['deploy', '--plan'])
    expect(code).toBe(0)
    expect(stdout).toContain('Deploy would be refused (DEPLOY_DRIFT) without --accept-drift')
    expect(stdout).toContain('  unexpected: table memory.ai_memories / column by_hand')
    const plan = await cli.json(['deploy', '--plan'])
    expect(plan).toMatchObject({ isApplied: false, drift: [{ kind: 'unexpected' }] })
    expect(plan['steps'].map((step: { id: string }) => step.id)).toEqual(['memory/comments.sql'])
    await changeByHand(
      `update robbieverse.objects set hash = '${hashOfComments()}' where module = 'memory' and name = 'comments.sql'`,
    )
  })

  it('say how the installation is', async () => {
    expect(await cli.json(['status'])).toMatchObject({
      backend: 'embedded',
      model: 'offline',
      migrations: { pending: [] },
      drift: [{ kind: 'unexpected', path: 'table memory.ai_memories / column by_hand' }],
    })
  })
  it('cannot tell what was changed where nothing says what deploy left', async () => {
    await changeByHand('delete from robbieverse.snapshot')
    const { code, stdout } = await cli.run(['verify'])
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'Whether the structure was changed is unknown: there is no snapshot of what the last deploy left.\n',
    })
  })
})
