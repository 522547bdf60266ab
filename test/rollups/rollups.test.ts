import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { seed, seededRun } from '../e2e/seed.ts'
import { eachBackend } from '../support/backends.ts'
import { foundTown } from '../support/found-town.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { parts } from './parts.ts'
import { at, dice, World, type Dice } from './world.ts'

/** The same world goes on through all of them: ten thousand operations in all. */
const RUNS = 5
const OPERATIONS = 2_000
const CALLERS_AT_ONCE = 8

/** What may become of anything at any time: it races for the same thing, or speaks of what is gone or hidden. */
const EXPECTED = new Set<string>([
  'CONFLICT',
  'DATABASE_BUSY',
  'REFERENCE_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
  'RESOURCE_IN_USE',
  'RESOURCE_VERSION_STALE',
  'RESOURCE_EXTERNAL_ID_TAKEN',
  'RESOURCE_PRIVACY_OWNER',
  'FORBIDDEN',
])

const steps = parts.flatMap((part) => Object.entries(part.steps))
for (const code of parts.flatMap((part) => part.refusals ?? [])) EXPECTED.add(code)

eachBackend((backend) => {
  let test: TestDatabase
  let world: World
  beforeAll(async () => {
    test = await testDatabase(backend)
    world = new World(test, await foundTown(test))
    for (const part of parts) await part.prepare?.(world)
  })
  afterAll(() => test.drop())

  /** How often each step succeeded; what was refused for no good reason. */
  const succeeded = new Map<string, number>()
  const refusals = new Set<string>()

  async function take(die: Dice): Promise<void> {
    const [name, step] = at(steps, die.what)
    try {
      await step(die, world.callerOf(die), world)
      succeeded.set(name, (succeeded.get(name) ?? 0) + 1)
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: unknown }
      if (code === undefined || !EXPECTED.has(code))
        refusals.add(`${name}: ${String(error)} ${String(cause)}`)
    }
  }

  async function takeAll(all: readonly Dice[]): Promise<void> {
    const queue = [...all]
    const lane = async () => {
      for (let die = queue.shift(); die !== undefined; die = queue.shift()) {
        // Now and then several people do the same to the same thing in the same moment.
        const callers = die.together ? [0, 1, 2] : [die.caller]
        await Promise.all(callers.map((caller) => take({ ...die, caller })))
      }
    }
    await Promise.all(Array.from({ length: CALLERS_AT_ONCE }, lane))
  }

  it('shows every rollup, counter and score as it comes out when all is counted anew', async () => {
    const things = fc.array(dice, { minLength: OPERATIONS, maxLength: OPERATIONS, size: 'max' })
    const property = fc.asyncProperty(things, async (all) => {
      await takeAll(all)
      expect([...refusals]).toEqual([])
      for (const viewer of world.viewers()) {
        for (const part of parts) await part.compare(world, viewer)
      }
      world.passDay()
    })
    const result = await fc.check(property, seededRun({ numRuns: RUNS, endOnFailure: true }))
    // Of thousands of operations that led to it nobody could read anything.
    if (result.failed) {
      throw new Error(`run ${result.numRuns} of ROBBIEVERSE_TEST_SEED=${seed}`, {
        cause: result.errorInstance,
      })
    }
    expect(steps.map(([name]) => name).filter((name) => !succeeded.has(name))).toEqual([])
  }, 300_000)
})
