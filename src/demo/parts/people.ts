import { ensure, GIVEN, type Step } from '../step.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'
import type { World } from './story.ts'

/** The address of a colleague, as no other town has it; null is whoever runs the demo. */
export function emailOf({ town }: Pick<World, 'town'>, colleague: string | null): string {
  return `${colleague ?? HOUSE.founder.key}@${domainOf({ town })}`
}

/** The house's own domain: a person belongs to one installation once, whichever towns have a demo. */
export function domainOf({ town }: Pick<World, 'town'>): string {
  return `${town}.${HOUSE.domain}`
}

/** The colleagues as members of the town. */
export function memberStep(world: World): Step {
  const items = COLLEAGUES.map(({ key, name, role }) => ({
    $key: key,
    email: emailOf(world, key),
    name,
    role,
  }))
  return {
    ...ensure('Members', GIVEN.person, ['email'], items),
    way: 'ensure',
    list: 'identity.members',
    create: 'identity.members.add',
  } as Step
}
