import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { operations } from './door.ts'
import { resources } from '../support/resource-maker.ts'
import { operationRequirements, requirements } from './requirements.ts'

const folder = import.meta.dirname
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && name !== 'requirements.test.ts')
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))

/** Ids that the tests of this folder say they prove, with the function that says so. */
const proven = sources.flatMap(({ text }) =>
  [...text.matchAll(/\b(proves|provesOnEachDoor)\(\s*'([^']+)'/g)].map(([, how, id]) => ({ how, id: id! })),
)

describe('requirements', () => {
  it('has a test for each of them, and no test for anything else', () => {
    expect([...new Set(proven.map(({ id }) => id))].toSorted()).toEqual(Object.keys(requirements).toSorted())
  })

  it('has a test over each door for those that name doors', () => {
    const onDoors = new Set(proven.filter(({ how }) => how === 'provesOnEachDoor').map(({ id }) => id))
    const named = Object.entries(requirements).filter(([, requirement]) => 'doors' in requirement)
    expect(named.map(([id]) => id).filter((id) => !onDoors.has(id))).toEqual([])
  })

  it('leaves no test out', () => {
    const left = sources.filter(({ text }) => /\.(skip|only|todo|fails)\b/.test(text)).map(({ name }) => name)
    expect(left).toEqual([])
  })

  it('names every operation there is, at its address', () => {
    const expected = Object.entries(operationRequirements).map(([id, { http }]) => `${id} ${http}`)
    // Those of resources are all made alike, and `resources.test.ts` goes through them.
    const alike = ['create', 'get', 'list', 'update', 'delete', 'upsert', 'search']
    const made = new Set(resources.flatMap((resource) => alike.map((verb) => `${resource.id}.${verb}`)))
    const own = operations.filter(({ id }) => !made.has(id))
    expect(own.map(({ id, http }) => `${id} ${http}`).toSorted()).toEqual(expected.toSorted())
  })
})
