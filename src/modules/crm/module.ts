import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { companies } from './companies.ts'
import { contacts } from './contacts.ts'
import { dealActivities, dealContacts, deals } from './deals.ts'
import { engagementRules } from './engagement-rules.ts'
import { engagementOperations } from './engagement.operations.ts'
import { emailEngagement, interactions, websiteActivity } from './interactions.ts'
import { pipelines, pipelineStages } from './pipelines.ts'

const resources = [
  companies,
  contacts,
  pipelines,
  pipelineStages,
  deals,
  dealContacts,
  dealActivities,
  interactions,
  emailEngagement,
  websiteActivity,
  engagementRules,
]

/** Whom the town does business with. */
export const crmModule: Module = {
  name: 'crm',
  dependsOn: ['identity', 'journal', 'search'],
  tables: [
    { name: 'companies', kind: 'tenant', distribution: 'distributed' },
    { name: 'contacts', kind: 'tenant', distribution: 'distributed' },
    { name: 'pipelines', kind: 'tenant', distribution: 'distributed' },
    { name: 'pipeline_stages', kind: 'tenant', distribution: 'distributed' },
    { name: 'deals', kind: 'tenant', distribution: 'distributed' },
    { name: 'deal_contacts', kind: 'tenant', distribution: 'distributed' },
    { name: 'deal_activities', kind: 'tenant', distribution: 'distributed' },
    { name: 'interactions', kind: 'tenant', distribution: 'distributed' },
    { name: 'email_engagement', kind: 'tenant', distribution: 'distributed' },
    { name: 'website_activity', kind: 'tenant', distribution: 'distributed' },
    { name: 'engagement_rules', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...operationsOf(resources), ...engagementOperations]
  },
  sql: new URL('./sql/', import.meta.url),
}
