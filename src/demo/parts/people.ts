import { ensure, GIVEN, type Step } from '../step.ts'
import { COLLEAGUES, HOUSE } from '../words/business.ts'

/** The address of a colleague; null is whoever runs the demo. */
export function emailOf(colleague: string | null): string {
  return `${colleague ?? HOUSE.founder.key}@${HOUSE.domain}`
}

/** The colleagues as members of the town. */
export function memberStep(): Step {
  const items = COLLEAGUES.map(({ key, name, role }) => ({ $key: key, email: emailOf(key), name, role }))
  return {
    ...ensure('Members', GIVEN.person, ['email'], items),
    way: 'ensure',
    list: 'identity.members',
    create: 'identity.members.add',
  } as Step
}
