import type { Module } from '../db/module.ts'
import { conversationModule } from './conversation/index.ts'
import { crmModule } from './crm/index.ts'
import { identityModule } from './identity/index.ts'
import { journalModule } from './journal/index.ts'
import { memoryModule } from './memory/index.ts'
import { personaModule } from './persona/index.ts'
import { platformModule } from './platform/index.ts'
import { presenceModule } from './presence/index.ts'
import { searchModule } from './search/index.ts'
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
  crmModule,
  simulationModule,
  platformModule,
  sharingModule,
]
