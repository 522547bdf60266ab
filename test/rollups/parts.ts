import { agenda } from './agenda.ts'
import { crm } from './crm.ts'
import { google } from './google.ts'
import { insight } from './insight.ts'
import { knowledge } from './knowledge.ts'
import { notes } from './notes.ts'
import { platform } from './platform.ts'
import { simulation } from './simulation.ts'
import { talks } from './talks.ts'
import { town } from './town.ts'
import type { Part } from './world.ts'

/** All there is that counts or scores. */
export const parts: readonly Part[] = [
  crm,
  insight,
  agenda,
  talks,
  notes,
  knowledge,
  simulation,
  platform,
  google,
  town,
]
