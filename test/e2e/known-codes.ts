import { httpErrors } from '../../src/http/http.errors.ts'
import { kernelErrors } from '../../src/kernel/errors.ts'
import { agendaErrors } from '../../src/modules/agenda/agenda.errors.ts'
import { conversationErrors } from '../../src/modules/conversation/conversation.errors.ts'
import { crmErrors } from '../../src/modules/crm/crm.errors.ts'
import { googleErrors } from '../../src/modules/google/index.ts'
import { identityErrors } from '../../src/modules/identity/index.ts'
import { resourceErrors } from '../../src/modules/kit/index.ts'
import { linkedinErrors } from '../../src/modules/linkedin/index.ts'
import { knowledgeErrors } from '../../src/modules/knowledge/knowledge.errors.ts'
import { memoryErrors } from '../../src/modules/memory/memory.errors.ts'
import { personaErrors } from '../../src/modules/persona/persona.errors.ts'
import { platformErrors } from '../../src/modules/platform/platform.errors.ts'
import { presenceErrors } from '../../src/modules/presence/presence.errors.ts'
import { sharingErrors } from '../../src/modules/sharing/sharing.errors.ts'
import { simulationErrors } from '../../src/modules/simulation/simulation.errors.ts'

/** Codes of failures of ours: no input may cause one. */
const ours = ['INTERNAL', 'CANCELLED', 'DATABASE_UNAVAILABLE', 'DATABASE_BUSY', 'EVENTS_CLOSED']

const lists = [
  kernelErrors,
  identityErrors,
  personaErrors,
  presenceErrors,
  conversationErrors,
  memoryErrors,
  resourceErrors,
  googleErrors,
  linkedinErrors,
  knowledgeErrors,
  platformErrors,
  crmErrors,
  agendaErrors,
  simulationErrors,
  sharingErrors,
  httpErrors,
]

/** Every code by which the caller's own mistakes are refused. */
export const refusalCodes: ReadonlySet<string> = new Set(
  lists.flatMap((list) => Object.keys(list)).filter((code) => !ours.includes(code)),
)
