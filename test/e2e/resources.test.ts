import { expect } from 'vitest'

import type { ResourceFacts } from '../../src/db/module.ts'
import { eachBackend } from '../support/backends.ts'
import { hasVerb, ResourceMaker, resources } from '../support/resource-maker.ts'
import type { DoorName, Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { pickSeeded } from './seed.ts'
import { useStage } from './stage.ts'

eachBackend((backend) => {
  const stage = useStage(backend)

  provesOnEachDoor('resource.doors', 'keeps each kind of thing as it is kept over HTTP', async (name) => {
    const { app, owner } = stage()
    const http = stage().http()
    const maker = new ResourceMaker((operation, input) => http.call(operation, input), owner, app.query)
    for (const resource of chosen(name)) {
      const door = await stage().door(name)
      const made = await door.call(`${resource.id}.create`, await maker.input(resource))
      expect(await http.call(`${resource.id}.get`, { id: made.id })).toEqual(made)
      expect(await door.call(`${resource.id}.get`, { id: made.id })).toEqual(made)
      const { items } = await door.call(`${resource.id}.list`, { limit: 100 })
      expect(items.find((item: Value) => item.id === made.id)).toEqual(made)
      await door.refuse(`${resource.id}.update`, { id: made.id, version: 7 }, 'RESOURCE_VERSION_STALE')
      expect(await http.call(`${resource.id}.update`, { id: made.id, version: 1 })).toMatchObject({
        version: 2,
      })
    }
  })
})

/** A command starts a program of its own each time: there two kinds stand for all. */
function chosen(door: DoorName): readonly ResourceFacts[] {
  const all = resources.filter((resource) =>
    ['create', 'get', 'list', 'update'].every((verb) => hasVerb(resource, verb)),
  )
  return door === 'cli' ? pickSeeded(all, 2) : all
}
