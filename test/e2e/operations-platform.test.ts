import { expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { giveKey, type Person } from './people.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'
import type { Value } from './door.ts'

let last = 0
/** A name that nothing else of this file has. */
const fresh = (word: string) => `${word}-${++last}`

eachBackend((backend) => {
  const stage = useStage(backend)
  // One small call through the door in question; what it needs is made over HTTP, which is fast.
  const make = (operation: string, input: Record<string, unknown> = {}) =>
    stage().http().call(operation, input)

  provesOnEachDoor('platform.config.list', 'lists the defaults with what was chosen', async (name) => {
    const { items } = await (await stage().door(name)).call('platform.config.list', { category: 'health' })
    expect(items).toMatchObject([{ key: 'health.keep_days', type: 'integer', default: 90 }])
  })

  provesOnEachDoor('platform.config.get', 'shows a default', async (name) => {
    const shown = await (await stage().door(name)).call('platform.config.get', { key: 'sharing.expiry_days' })
    expect(shown).toMatchObject({ value: 365, isDefault: true, category: 'sharing' })
  })

  provesOnEachDoor(
    'platform.config.set',
    'chooses a value, and refuses one of another type',
    async (name) => {
      const key = `own.${fresh('text')}`
      const door = await stage().door(name)
      expect(await door.call('platform.config.set', { key, value: 'one, two' })).toMatchObject({
        key,
        value: 'one, two',
        type: 'text',
      })
      await door.refuse('platform.config.set', { key, value: true }, 'SETTING_TYPE')
    },
  )

  provesOnEachDoor('platform.config.reset', 'removes a setting of the town’s own', async (name) => {
    const key = `own.${fresh('number')}`
    await make('platform.config.set', { key, value: 7 })
    const door = await stage().door(name)
    expect(await door.call('platform.config.reset', { key })).toEqual({ key, setting: null })
    await door.refuse('platform.config.get', { key }, 'SETTING_NOT_FOUND')
  })

  provesOnEachDoor('platform.config.history', 'lists changes without sensitive values', async (name) => {
    const key = `own.${fresh('hidden')}`
    await make('platform.config.set', { key, value: 'zebra-text', isSensitive: true })
    const shown = await (await stage().door(name)).call('platform.config.history', { key })
    expect(shown.items).toMatchObject([{ key, action: 'set', newValue: null, isSensitive: true }])
    expect(JSON.stringify(shown)).not.toContain('zebra')
  })

  const secret = () => ({ service: fresh('service'), keyName: 'api_key', value: 'sk-zebra-zebra-zebra-1a2b' })

  provesOnEachDoor('platform.secrets.set', 'keeps a secret and does not answer it', async (name) => {
    const kept = await (await stage().door(name)).call('platform.secrets.set', secret())
    expect(kept).toMatchObject({ hint: '1a2b', scope: 'town', scopeId: null })
    expect(JSON.stringify(kept)).not.toContain('zebra')
  })

  provesOnEachDoor('platform.secrets.list', 'lists secrets without showing them', async (name) => {
    const given = secret()
    const { id } = await make('platform.secrets.set', given)
    const door = await stage().door(name)
    const shown = await door.call('platform.secrets.list', { service: given.service })
    expect(shown.items.map((item: Value) => item.id)).toEqual([id])
    expect(JSON.stringify(shown)).not.toContain('zebra')
  })

  provesOnEachDoor('platform.secrets.rotate', 'replaces a secret', async (name) => {
    const { id } = await make('platform.secrets.set', secret())
    const rotated = await (
      await stage().door(name)
    ).call('platform.secrets.rotate', { id, value: 'another-long-secret-ffff' })
    expect(rotated).toMatchObject({ id, hint: 'ffff', rotationCount: 1 })
  })

  provesOnEachDoor('platform.secrets.delete', 'removes a secret', async (name) => {
    const { id } = await make('platform.secrets.set', secret())
    const door = await stage().door(name)
    expect(await door.call('platform.secrets.delete', { id })).toEqual({ id, deleted: true })
    await door.refuse('platform.secrets.delete', { id }, 'SECRET_NOT_FOUND')
  })

  provesOnEachDoor('platform.health.now', 'shows the newest probe of a service', async (name) => {
    const service = fresh('mail')
    await make('platform.health.create', { service, status: 'down', checkedAt: '2030-01-01T00:00:00Z' })
    await make('platform.health.create', { service, status: 'up', checkedAt: '2030-01-02T00:00:00Z' })
    const { items } = await (await stage().door(name)).call('platform.health.now')
    expect(items.filter((item: Value) => item.service === service)).toMatchObject([{ status: 'up' }])
  })

  provesOnEachDoor('platform.widgets.use', 'counts that a site used a widget', async (name) => {
    const { id } = await make('platform.widgets.create', { name: fresh('Widget') })
    const door = await stage().door(name)
    const used = await door.call('platform.widgets.use', { id, siteName: 'shop', count: 3 })
    expect(used).toMatchObject({ widgetId: id, siteName: 'shop', usageCount: 3 })
  })

  provesOnEachDoor('platform.training.report', 'says how far a training job is', async (name) => {
    const { id } = await make('platform.training.create', {
      modelName: fresh('model'),
      baseModel: 'base',
      trainingData: 'data.jsonl',
      epochs: 2,
      learningRate: 0.1,
    })
    const told = await (await stage().door(name)).call('platform.training.report', { id, progress: 0.5 })
    expect(told).toMatchObject({ id, status: 'running', progress: 0.5 })
  })

  provesOnEachDoor('simulation.executions.report', 'says what came out', async (name) => {
    const { id: simulationId } = await make('simulation.simulations.create', {
      name: 'Why',
      kind: 'velocity',
    })
    const { id } = await make('simulation.executions.create', { simulationId })
    const door = await stage().door(name)
    const told = await door.call('simulation.executions.report', {
      id,
      status: 'completed',
      results: { days: 12 },
    })
    expect(told).toMatchObject({ id, status: 'completed', progress: 1, results: { days: 12 } })
    await door.refuse('simulation.executions.report', { id, progress: 1 }, 'EXECUTION_ENDED')
  })

  /** Another town of the owner, with a key of theirs for it. */
  async function anotherTown(): Promise<{ slug: string; owner: Person }> {
    const slug = fresh('colony')
    const about = { description: 'Across the river.', region: 'North' }
    const town = await make('town.create', { slug, name: 'The Colony', ...about })
    expect(town).toMatchObject(about)
    const owner = await giveKey(stage().app.query, { userId: stage().owner.userId, townId: town.id })
    return { slug, owner }
  }
  const knowledge = () => ({ kind: 'knowledge', item: { title: fresh('Lore'), content: 'Known.' } })
  const listIn = (person: Person) => stage().http(person).call('sharing.shared.list', { kind: 'knowledge' })

  provesOnEachDoor('sharing.grant', 'puts a copy into another town', async (name) => {
    const { slug, owner } = await anotherTown()
    const given = knowledge()
    const grant = await (await stage().door(name)).call('sharing.grant', { ...given, town: slug })
    expect(grant).toMatchObject({ targetTown: slug, objectKind: 'knowledge' })
    expect((await listIn(owner)).items).toMatchObject([
      { grantId: grant.id, sourceTown: 'home', content: { title: given.item.title } },
    ])
  })

  provesOnEachDoor('sharing.revoke', 'takes the copy back', async (name) => {
    const { slug, owner } = await anotherTown()
    const { id } = await make('sharing.grant', { ...knowledge(), town: slug })
    expect(await (await stage().door(name)).call('sharing.revoke', { id })).toMatchObject({
      revokedBy: stage().owner.userId,
    })
    expect((await listIn(owner)).items).toEqual([])
  })

  provesOnEachDoor('sharing.shared.list', 'lists what was shared', async (name) => {
    const { slug, owner } = await anotherTown()
    const { id } = await make('sharing.grant', { ...knowledge(), town: slug })
    const door = await stage().door(name, owner)
    const { items, nextCursor } = await door.call('sharing.shared.list', { kind: 'knowledge' })
    expect([items.map((item: Value) => item.grantId), nextCursor]).toEqual([[id], null])
  })

  provesOnEachDoor('sharing.shared.get', 'shows a thing that was shared', async (name) => {
    const { slug, owner } = await anotherTown()
    await make('sharing.grant', { ...knowledge(), town: slug })
    const [item] = (await listIn(owner)).items
    const door = await stage().door(name, owner)
    expect(await door.call('sharing.shared.get', { kind: 'knowledge', id: item.id })).toEqual(item)
    await door.refuse('sharing.shared.get', { kind: 'enriched_record', id: item.id }, 'SHARED_NOT_FOUND')
  })

  provesOnEachDoor('sharing.sweep', 'finds nothing to remove while all is in time', async (name) => {
    const { slug, owner } = await anotherTown()
    await make('sharing.grant', { ...knowledge(), town: slug })
    const door = await stage().door(name, owner)
    expect(await door.call('sharing.sweep')).toEqual({ removed: 0 })
  })

  provesOnEachDoor('sharing.govern', 'puts a town under this one and lets it go', async (name) => {
    const { slug } = await anotherTown()
    const door = await stage().door(name)
    expect(await door.call('sharing.govern', { town: slug })).toEqual({ town: slug, isGoverned: true })
    expect(await make('sharing.govern', { town: slug, isGoverned: false })).toMatchObject({
      isGoverned: false,
    })
  })

  provesOnEachDoor('sharing.analytics', 'counts what a governed town holds', async (name) => {
    const { slug, owner } = await anotherTown()
    await stage().http(owner).call('crm.contacts.create', { firstName: 'Zoe' })
    await make('sharing.govern', { town: slug })
    const { items } = await (await stage().door(name)).call('sharing.analytics')
    const counted = items.find((item: Value) => item.town === slug)
    expect(counted.counts).toMatchObject({ contacts: 1, personalities: 7 })
  })
})
