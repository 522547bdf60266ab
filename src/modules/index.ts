import type { Module } from '../db/module.ts'
import { agendaModule } from './agenda/index.ts'
import { conversationModule } from './conversation/index.ts'
import { crmModule } from './crm/index.ts'
import { googleModule } from './google/index.ts'
import { identityModule } from './identity/index.ts'
import { insightModule } from './insight/index.ts'
import { journalModule } from './journal/index.ts'
import { linkedinModule } from './linkedin/index.ts'
import { knowledgeModule } from './knowledge/index.ts'
import { memoryModule } from './memory/index.ts'
import { personaModule } from './persona/index.ts'
import { platformModule } from './platform/index.ts'
import { presenceModule } from './presence/index.ts'
import { searchModule } from './search/index.ts'
import { slackModule } from './slack/index.ts'
import { sharingModule } from './sharing/index.ts'
import { simulationModule } from './simulation/index.ts'
import { townModule } from './town/index.ts'

/** Every module, in dependency order: the one line outside its folder that a new domain needs. */
export const modules: readonly Module[] = [
  townModule,
  identityModule,
  journalModule,
  searchModule,
  personaModule,
  presenceModule,
  conversationModule,
  memoryModule,
  knowledgeModule,
  crmModule,
  agendaModule,
  insightModule,
  simulationModule,
  platformModule,
  sharingModule,
  googleModule,
  slackModule,
  linkedinModule,
]
