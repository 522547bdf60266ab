import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import type { Vault } from '../../kernel/services.ts'
import { createVault } from '../../kernel/vault.ts'
import { readOwnSetting, readSecret, readSetting } from './index.ts'

const KEY = 'sk-this-is-a-long-enough-key-9f3a'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { withPersonas: false })
    abroad = await foundTown(test, { slug: 'abroad', withPersonas: false })
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)
  const refused = (code: string) => expect.objectContaining({ code })
  /** Every row of a table, as text. */
  const textOf = async (table: string) => JSON.stringify(await test.query(`select t::text from ${table} t`))

  describe('a setting', () => {
    it('has its default until the town chooses, and again when it is reset', async () => {
      const key = 'health.keep_days'
      expect(await as(town.member)('platform.config.get', { key })).toMatchObject({
        value: 90,
        isDefault: true,
      })
      await as(town.owner)('platform.config.set', { key, value: 30 })
      expect(await as(town.member)('platform.config.get', { key })).toMatchObject({
        value: 30,
        default: 90,
        isDefault: false,
        category: 'health',
        updatedBy: town.owner.userId,
      })
      expect(await actIn(test, town.member, (ctx) => readSetting(ctx, key))).toBe(30)
      expect(await actIn(test, abroad.owner, (ctx) => readSetting(ctx, key))).toBe(90)
      expect(await as(town.owner)('platform.config.reset', { key })).toMatchObject({ setting: { value: 90 } })
      const { items } = await as(town.member)('platform.config.history', { key })
      expect(items.map((item: Value) => [item.action, item.oldValue, item.newValue])).toEqual([
        ['reset', 30, null],
        ['set', null, 30],
      ])
    })

    it('takes values of its type within its bounds, and none from members', async () => {
      const set = (key: string, value: unknown, person = town.owner) =>
        as(person)('platform.config.set', { key, value })
      await expect(set('health.keep_days', 0)).rejects.toEqual(refused('SETTING_TYPE'))
      await expect(set('health.keep_days', 'ten')).rejects.toEqual(refused('SETTING_TYPE'))
      await expect(set('health.keep_days', 5, town.member)).rejects.toEqual(refused('FORBIDDEN'))
      expect(await set('mail.signature', 'Yours')).toMatchObject({
        type: 'text',
        category: 'mail',
        default: null,
      })
      await expect(set('mail.signature', 5)).rejects.toEqual(refused('SETTING_TYPE'))
      for (const [key, value, type] of [
        ['a.number', 1.5, 'number'],
        ['a.flag', true, 'boolean'],
        ['a.map', { x: [1] }, 'json'],
      ] as const) {
        expect(await set(key, value)).toMatchObject({ value, type })
        expect(await as(town.member)('platform.config.get', { key })).toMatchObject({ value })
      }
      const { items } = await as(town.member)('platform.config.list', { category: 'a' })
      expect(items.map((item: Value) => item.key)).toEqual(['a.flag', 'a.map', 'a.number'])
    })

    it('that is sensitive is shown nowhere, nor what it was before', async () => {
      const key = 'mail.password'
      await as(town.owner)('platform.config.set', { key, value: 'quail-plain' })
      await as(town.owner)('platform.config.set', { key, value: 'quail-one', isSensitive: true })
      await as(town.owner)('platform.config.set', { key, value: 'quail-two' })
      const shown = await as(town.owner)('platform.config.get', { key })
      expect(shown).toMatchObject({ value: null, isSensitive: true })
      const answers = [
        shown,
        await as(town.owner)('platform.config.list', {}),
        await as(town.owner)('platform.config.history', { key }),
      ]
      expect(JSON.stringify(answers)).not.toContain('quail')
      for (const table of ['platform.system_config', 'platform.system_config_history', 'journal.audit_log'])
        expect(await textOf(table), table).not.toContain('quail')
      expect(await actIn(test, town.owner, (ctx) => readOwnSetting(ctx, key))).toBe('quail-two')
    })

    it('that becomes sensitive hides what it was before a reset too, and leaves no answer to replay', async () => {
      const owner = as(town.owner)
      const setKey = (key: string, value: string, more: Value = {}) =>
        owner('platform.config.set', { key, value, ...more })
      const [again, anew] = ['smtp.again', 'smtp.anew']
      for (const key of [again, anew]) {
        await setKey(key, `numbat-one of ${key}`)
        await owner('platform.config.reset', { key })
      }
      await setKey(again, 'numbat-two')
      await setKey('smtp.other', 'stays')
      for (const key of [again, anew]) await setKey(key, 'numbat-three', { isSensitive: true })
      for (const table of [
        'platform.system_config',
        'platform.system_config_history',
        'journal.audit_log',
        'journal.events',
        'journal.idempotency_keys',
      ])
        expect(await textOf(table), table).not.toContain('numbat')
      expect(await textOf('journal.audit_log')).toContain('stays')
      const kept = owner('platform.config.set', { key: 'smtp.kept', value: 'x' }, 'once')
      await expect(kept).rejects.toEqual(refused('IDEMPOTENCY_UNSUPPORTED'))
    })
  })

  describe('a secret', () => {
    const set = (more: Value = {}, person = town.owner) =>
      as(person)('platform.secrets.set', { service: 'openai', keyName: 'api_key', value: KEY, ...more })

    it('is kept encrypted, shown by its last four characters, and read by code', async () => {
      const made = await set()
      expect(made).toMatchObject({ hint: '9f3a', scope: 'town', privacy: 'boss_only', rotationCount: 0 })
      const { items } = await as(town.owner)('platform.secrets.list')
      expect(JSON.stringify([made, items])).not.toContain(KEY.slice(0, -4))
      for (const table of ['platform.secrets', 'journal.audit_log', 'journal.events'])
        expect(await textOf(table), table).not.toContain('long-enough')
      const read = (person: Person) =>
        actIn(test, person, (ctx) =>
          readSecret(ctx, { service: 'openai', keyName: 'api_key', scopeId: null }),
        )
      expect(await read(town.owner)).toBe(KEY)
      expect(await read(town.member)).toBeNull()
      expect(await read(abroad.owner)).toBeNull()
      await expect(set()).rejects.toEqual(refused('SECRET_EXISTS'))
      await expect(set({}, town.member)).rejects.toEqual(refused('FORBIDDEN'))
    })

    it('for one thing goes before that of the town, and a short one has no hint', async () => {
      const name = { service: 'slack', keyName: 'token' }
      await set({ ...name, value: 'of-the-town' })
      expect(await set({ ...name, value: 'of-one', scopeId: 'w1' })).toMatchObject({
        hint: '',
        scope: 'entity',
      })
      const read = (scopeId: string | null) =>
        actIn(test, town.owner, (ctx) => readSecret(ctx, { ...name, scopeId }))
      expect(await read('w1')).toBe('of-one')
      expect(await read('w2')).toBe('of-the-town')
      expect(await read(null)).toBe('of-the-town')
    })

    it('is rotated, said to be expiring, and removed', async () => {
      const clock = stoppedClock('2026-03-01T00:00:00Z')
      const call = operationsAs(test, town.owner, clock)
      const { id } = await set({ service: 'rotated' })
      const rotated = await call('platform.secrets.rotate', {
        id,
        value: 'another-long-enough-key-77aa',
        expiresAt: '2026-03-10T00:00:00Z',
      })
      expect(rotated).toMatchObject({ hint: '77aa', rotationCount: 1, isExpiring: true })
      await as(town.owner)('platform.config.set', { key: 'secrets.warn_days', value: 3 })
      const { items } = await call('platform.secrets.list', { service: 'rotated' })
      expect(items).toMatchObject([{ id, isExpiring: false }])
      await as(town.owner)('platform.secrets.delete', { id })
      await expect(call('platform.secrets.delete', { id })).rejects.toEqual(refused('SECRET_NOT_FOUND'))
    })

    it('is of no use in another row, and unreadable with another key', async () => {
      await set({ service: 'first' })
      await set({ service: 'second', value: 'something else entirely' })
      await test.query(
        `update platform.secrets s set sealed_value = o.sealed_value from platform.secrets o
         where s.service = 'second' and o.service = 'first'`,
      )
      const read = (service: string, vault?: Vault) =>
        actIn(test, town.owner, (ctx) =>
          readSecret({ ...ctx, vault: vault ?? ctx.vault }, { service, keyName: 'api_key', scopeId: null }),
        )
      await expect(read('second')).rejects.toEqual(refused('SECRET_UNREADABLE'))
      expect(await read('first')).toBe(KEY)
      const other = createVault(() => Buffer.alloc(32, 9))
      await expect(read('first', other)).rejects.toEqual(refused('SECRET_UNREADABLE'))
    })
  })

  describe('service health', () => {
    it('shows the newest probe of each service and node, and keeps probes as long as the town says', async () => {
      await as(town.owner)('platform.config.set', { key: 'health.keep_days', value: 10 })
      const clock = stoppedClock('2026-03-20T00:00:00Z')
      const probe = (more: Value) =>
        operationsAs(test, town.member, clock)('platform.health.create', { service: 'gmail', ...more })
      await probe({ status: 'down', error: 'refused', checkedAt: '2026-03-01T00:00:00Z' })
      await probe({ status: 'down', error: 'refused', checkedAt: '2026-03-12T00:00:00Z' })
      await probe({ status: 'up', latencyMs: 12, checkedAt: '2026-03-19T00:00:00Z' })
      await probe({ status: 'degraded', nodeName: 'edge', checkedAt: '2026-03-15T00:00:00Z' })
      const { items } = await as(town.member)('platform.health.now')
      expect(items).toMatchObject([
        { service: 'gmail', nodeName: 'edge', status: 'degraded' },
        { service: 'gmail', nodeName: 'local', status: 'up', latencyMs: 12, error: null },
      ])
      const kept = await as(town.member)('platform.health.list', { service: 'gmail' })
      expect(kept.items.map((item: Value) => item.checkedAt.slice(0, 10))).toEqual([
        '2026-03-19',
        '2026-03-15',
        '2026-03-12',
      ])
      expect((await as(abroad.owner)('platform.health.now')).items).toEqual([])
    })
  })

  describe('a widget', () => {
    it('counts its uses by site, and all of them together', async () => {
      const { id } = await as(town.member)('platform.widgets.create', { name: 'Counter' })
      await as(town.member)('platform.widgets.use', { id, siteName: 'one' })
      await as(town.other)('platform.widgets.use', { id, siteName: 'one', count: 4 })
      expect(await as(town.member)('platform.widgets.use', { id, siteName: 'two' })).toMatchObject({
        usageCount: 1,
      })
      expect(await as(town.member)('platform.widgets.get', { id })).toMatchObject({ usageCount: 6 })
      const { items } = await as(town.member)('platform.widget_usage.list', { widgetId: id })
      expect(items.map((item: Value) => [item.siteName, item.usageCount])).toEqual([
        ['two', 1],
        ['one', 5],
      ])
    })

    it('counts on where four bytes end, and says so when its counter is full', async () => {
      const { id } = await as(town.member)('platform.widgets.create', { name: 'Busy' })
      const use = (count: number) => as(town.member)('platform.widgets.use', { id, siteName: 'busy', count })
      const usage = await use(1)
      const setCount = (usageCount: number) =>
        as(town.member)('platform.widget_usage.update', { id: usage.id, usageCount })
      await setCount(2_147_483_647)
      expect(await use(1)).toMatchObject({ usageCount: 2_147_483_648 })
      await setCount(1_000_000_000_000)
      await expect(use(1)).rejects.toEqual(refused('WIDGET_USAGE_FULL'))
      await as(town.member)('platform.widgets.use', { id, siteName: 'other', count: 1 })
      expect(await as(town.member)('platform.widgets.get', { id })).toMatchObject({
        usageCount: 1_000_000_000_001,
      })
    })
  })

  describe('a training job', () => {
    it('is reported on until it ends, and never goes back', async () => {
      const { id, status } = await as(town.member)('platform.training.create', {
        modelName: 'robbie-8b',
        baseModel: 'base-8b',
        trainingData: 'exports/2026.jsonl',
        epochs: 3,
        learningRate: 0.0002,
      })
      expect(status).toBe('queued')
      const report = (given: Value) => as(town.member)('platform.training.report', { id, ...given })
      expect(await report({ progress: 0.5, currentEpoch: 2, loss: 1.25, etaMinutes: 20 })).toMatchObject({
        status: 'running',
        progress: 0.5,
        loss: 1.25,
      })
      await expect(report({ progress: 0.4 })).rejects.toEqual(refused('TRAINING_BACKWARDS'))
      await expect(report({ currentEpoch: 4 })).rejects.toEqual(refused('TRAINING_EPOCH'))
      expect(await report({ status: 'completed', loss: 0.75 })).toMatchObject({
        progress: 1,
        loss: 0.75,
        currentEpoch: 2,
        etaMinutes: null,
        completedAt: expect.any(String),
      })
      await expect(report({ progress: 1 })).rejects.toEqual(refused('TRAINING_ENDED'))
      const [row] = await test.query<Value>(
        `select before, after from journal.audit_log where entity_id = $1 order by seq desc limit 1`,
        [id],
      )
      expect(row).toMatchObject({
        before: { status: 'running', progress: 0.5 },
        after: { status: 'completed' },
      })
    })
  })

  describe('the sync registry', () => {
    it('lets one thing of a system be one thing here', async () => {
      const entry = { kind: 'contact', remoteSystem: 'hubspot', syncedAt: '2026-03-01T00:00:00Z' }
      const create = (ids: Value) => as(town.member)('platform.sync.create', { ...entry, ...ids })
      await create({ localId: 'a', remoteId: '1' })
      await expect(create({ localId: 'a', remoteId: '2' })).rejects.toEqual(refused('SYNC_TAKEN'))
      await expect(create({ localId: 'b', remoteId: '1' })).rejects.toEqual(refused('SYNC_TAKEN'))
      await create({ localId: 'b' })
      await create({ localId: 'c' })
    })
  })
})
