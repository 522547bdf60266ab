import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { baselineDeploy } from '../../src/deploy/baseline.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend, onBackend } from '../support/backends.ts'
import { emptyDatabase, runClient, testDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, databaseName, deploy, refusal, statusOf, wipe } from './deployed.ts'

const baseline = (test: TestDatabase) =>
  test.database.session((session) => baselineDeploy(session, modules, { clock: systemClock }))

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await testDatabase(backend)
  })
  afterAll(() => test.drop())

  describe('a baseline of a structure without a ledger', () => {
    beforeEach(() => test.query('drop schema robbieverse cascade'))

    it('is taken as deployed, on the version that made the manifest and on others', async () => {
      const before = await catalogOf(test, modules)
      const { migrations } = await baseline(test)
      expect(migrations).toBeGreaterThan(5)
      const status = await statusOf(test, modules)
      expect(status).toMatchObject({ isDeployed: true, pending: [], drift: [] })
      expect(new Set(status.applied.map((row) => row.state))).toEqual(new Set(['baseline']))
      expect(await catalogOf(test, modules)).toEqual(before)
      expect((await deploy(test, modules)).plan.steps).toEqual([])
    })

    it('is refused with the first differences, and leaves nothing', async () => {
      await test.query('alter table memory.ai_memories add column mine text')
      await test.query('drop index conversation.messages_at_idx')
      try {
        const error = await refusal(baseline(test))
        expect(error).toMatchObject({
          code: 'DEPLOY_BASELINE_DIFFERS',
          data: {
            count: 2,
            first: [
              'missing table conversation.messages / index messages_at_idx',
              'unexpected table memory.ai_memories / column mine',
            ],
          },
        })
        expect(error.message).toContain('column mine')
        expect(await test.query(`select to_regclass('robbieverse.migrations') as ledger`)).toEqual([
          { ledger: null },
        ])
        expect(await refusal(deploy(test, modules))).toMatchObject({ code: 'DEPLOY_NOT_EMPTY' })
      } finally {
        await test.query('alter table memory.ai_memories drop column mine')
        await test.query(
          'create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id)',
        )
        await baseline(test)
      }
    })
  })

  it('a baseline is refused where a view reads another table of the same name', async () => {
    await test.query('create table public.events (like journal.events)')
    await test.database.session(async (session) => {
      const [view] = await session.query<{ text: string }>(
        `select pg_get_viewdef('presence.ai_activity_log'::regclass) as text`,
      )
      const text = view!.text.replace('journal.events', 'public.events')
      await session.exec(
        `create or replace view presence.ai_activity_log with (security_invoker = true) as ${text}`,
      )
      try {
        await session.exec('drop schema robbieverse cascade')
        const work = baselineDeploy(session, modules, { clock: systemClock })
        expect(await refusal(work)).toMatchObject({
          code: 'DEPLOY_BASELINE_DIFFERS',
          data: { first: ['changed view presence.ai_activity_log'] },
        })
      } finally {
        await session.exec(
          `create or replace view presence.ai_activity_log with (security_invoker = true) as ${view!.text}`,
        )
        await session.exec('drop table public.events')
        await baselineDeploy(session, modules, { clock: systemClock })
      }
    })
  })

  it('a baseline is refused where a ledger is', async () => {
    expect(await refusal(baseline(test))).toMatchObject({ code: 'DEPLOY_BASELINE_NEEDLESS' })
  })

  it('a baseline of an empty database is refused', async () => {
    await wipe(test)
    const error = await refusal(baseline(test))
    expect(error.code).toBe('DEPLOY_BASELINE_DIFFERS')
    expect((await deploy(test, modules)).plan.steps).not.toEqual([])
  })
})

onBackend('server', (backend) => {
  it.each([
    { what: 'with the ledger’s empty tables', without: [] },
    { what: 'without the ledger', without: ['--exclude-schema=robbieverse'] },
  ])('a schema that pg_dump restored elsewhere can be taken as the baseline, $what', async ({ without }) => {
    const source = await testDatabase(backend)
    const restored = await emptyDatabase(backend)
    try {
      const dump = await runClient(['pg_dump', '--schema-only', ...without, databaseName(source)])
      await runClient(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', databaseName(restored)], {
        input: dump,
      })
      expect(await refusal(deploy(restored, modules))).toMatchObject({ code: 'DEPLOY_NOT_EMPTY' })
      await baseline(restored)
      expect(await statusOf(restored, modules)).toMatchObject({ pending: [], drift: [] })
      expect(await catalogOf(restored, modules)).toEqual(await catalogOf(source, modules))
    } finally {
      await source.drop()
      await restored.drop()
    }
  })
})
