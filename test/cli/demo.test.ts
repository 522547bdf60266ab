import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CliHome } from './run-cli.ts'
import { startHere } from './run-here.ts'

let cli: CliHome

beforeAll(() => {
  cli = new CliHome()
})
afterAll(() => cli.remove())

// One home goes through these in order: making one takes seconds.
describe('robbieverse demo', () => {
  it('fills the town, tells how far it is, and says what to try next', async () => {
    const { code, stdout, stderr } = await cli.run(['demo', '--size', 'sample', '--until', '2026-05-17'])
    expect(stderr).toMatch(/^demo: \d+ %, \w/)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^what +new +set back +as it was$/m)
    expect(stdout).toMatch(/^Companies +6 +0 +0$/m)
    expect(stdout).toContain('The town home has its demo: seed 7, until 2026-05-17, sample.')
    expect(stdout).toContain('robbieverse insight pipeline-by-stage')
  })

  it('changes nothing the second time and says so in words', async () => {
    const { code, stdout } = await cli.run(['demo'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Companies +0 +0 +6$/m)
    expect(stdout).toContain('Nothing was changed: the town home has this demo already')
  })

  it('refuses another demo in the same town', async () => {
    const refused = await cli.run(['demo', '--seed', '8'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('DEMO_DIFFERS')
  })

  it('makes another town for it, and ends the key it made for that', async () => {
    const report = await cli.json(['demo', '--seed', '8', '--size', 'sample', '--town', 'north-shop'])
    expect(report).toMatchObject({ town: { slug: 'north-shop' }, choice: { seed: 8 }, isChanged: true })
    const { items } = await cli.json(['town', 'list'])
    expect(items.map(({ slug, name }: Record<string, string>) => [slug, name])).toContainEqual([
      'north-shop',
      'North shop',
    ])
    const { key } = await cli.json(['identity', 'keys', 'create', '--name', 'look', '--town', 'north-shop'])
    const env = { ROBBIEVERSE_API_KEY: key as string }
    const keys = await cli.json(['identity', 'keys', 'list'], { env })
    const made = keys.items.find(({ name }: Record<string, unknown>) => name === 'robbieverse demo')
    expect(made.revokedAt).not.toBeNull()
    const deals = await cli.json(['crm', 'deals', 'list'], { env })
    expect(deals.items).toHaveLength(16)
  })

  it.each([
    [['--seed', '-1'], '--seed is a whole number'],
    [['--until', '2026-02-30'], '--until is a day'],
    [['--until', '2999-01-01'], '--until is today or earlier'],
    [['--size', 'huge'], '--size is year or sample'],
    [['--town', 'North Shop'], '--town is a short name'],
    [['north'], 'demo takes no argument'],
  ])('refuses %j', async (flags, said) => {
    const { code, stderr } = await startHere(['demo', ...flags], { ROBBIEVERSE_HOME: cli.home }).done
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })
})
