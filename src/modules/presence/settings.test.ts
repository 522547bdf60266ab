import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { getPersonality, getSliders, saveInstance } from '../persona/index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person)

  it('keeps what each of several settings at once gives, a pinned mood that gives way included', async () => {
    const call = as(town.other)
    for (let n = 0; n < 8; n++) {
      await call('persona.settings', { slug: 'kristina', mood: 'playful' })
      const given = { expression: `face ${n}`, mode: `mode ${n}`, cocktailLightning: n }
      await Promise.all([
        ...Object.entries(given).map(([field, value]) =>
          call('persona.settings', { slug: 'kristina', [field]: value }),
        ),
        call('presence.update', { slug: 'kristina', mood: n % 2 ? 'focused' : 'bossy' }),
      ])
      const settings = await call('persona.settings', { slug: 'kristina' })
      expect(settings).toMatchObject({ ...given, mood: null })
    }
  })

  it('changes nothing of a setting that is not given, whatever was read before', async () => {
    const call = as(town.other)
    await call('persona.settings', { slug: 'robbie-m', expression: 'smile', mode: 'quiet' })
    await actIn(test, town.other, async (ctx) => {
      const { instance } = await getSliders(ctx, await getPersonality(ctx, 'robbie-m'))
      const stale = { ...instance!, expression: 'stale', mode: 'stale' }
      await saveInstance(ctx.tx, stale, { attraction: 3, last_active_at: new Date() })
    })
    const settings = await call('persona.settings', { slug: 'robbie-m' })
    expect(settings).toMatchObject({ attraction: 3, expression: 'smile', mode: 'quiet' })
  })
})
