import { it } from 'vitest'

import type { DoorName } from './door.ts'
import { requirements, type RequirementId } from './requirements.ts'

/** Requirements that are shown over several doors, each by a test of its own. */
export type DoorRequirementId = {
  [Id in RequirementId]: (typeof requirements)[Id] extends { doors: readonly DoorName[] } ? Id : never
}[RequirementId]

/** A test that shows a requirement; `requirements.test.ts` finds it by the id. */
export function proves(id: RequirementId, what: string, test: () => Promise<void>): void {
  it(`${what} [${id}]`, test)
}

/** One test for each door that the requirement names. */
export function provesOnEachDoor(
  id: DoorRequirementId,
  what: string,
  test: (door: DoorName) => Promise<void>,
): void {
  for (const door of requirements[id].doors) it(`${what}, over ${door} [${id}]`, () => test(door))
}
