import { expect } from 'vitest'

import { at, privacyOf, sum, type Part } from './world.ts'

/** How often widgets are used and secrets changed. */
export const platform: Part = {
  async prepare(world) {
    for (const keyName of ['one', 'two', 'three']) {
      const { id } = await world.owner('platform.secrets.set', {
        service: 'counted',
        keyName,
        value: 'first',
      })
      world.know('secrets', id)
    }
  },
  steps: {
    async build(die, call, world) {
      if (world.known('widgets').length > 25) return
      const { id } = await call('platform.widgets.create', {
        name: `Widget ${die.a}`,
        privacy: privacyOf(die),
      })
      world.know('widgets', id)
    },
    async useWidget({ a, b, c }, call, world) {
      const id = world.some('widgets', a)
      const siteName = at(['north', 'south', 'east'], b)
      const count = 1 + (c % 5)
      await call('platform.widgets.use', { id, siteName, count })
      world.tally(`${id} at ${siteName}`, count)
    },
    async rotate({ a, b }, _, world) {
      const id = world.some('secrets', a)
      await world.owner('platform.secrets.rotate', { id, value: `value ${b}` })
      world.tally(`rotation of ${id}`)
    },
  },
  async compare(world, viewer) {
    const usage = await viewer.rows('platform.widget_usage')
    for (const row of usage) {
      expect(row.usage_count).toBe(world.tally(`${row.widget_id} at ${row.site_name}`, 0))
    }
    for (const { id } of await viewer.rows('platform.widgets')) {
      const own = usage.filter((row) => row.widget_id === id)
      const { usageCount } = await viewer.call('platform.widgets.get', { id })
      expect(usageCount, viewer.name).toBe(sum(own.map((row) => row.usage_count)))
      const used = ['north', 'south', 'east'].map((site) => world.tally(`${id} at ${site}`, 0))
      expect(usageCount, viewer.name).toBe(sum(used))
    }
    const { items } = await world.owner('platform.secrets.list', { service: 'counted' })
    expect(items.length).toBe(3)
    for (const { id, rotationCount } of items) expect(rotationCount).toBe(world.tally(`rotation of ${id}`, 0))
  },
}
