import { sql } from 'kysely'
import { z } from 'zod'

import { currencyInput, emailInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { companyRollups } from './rollups.ts'

export const companies = defineResource({
  table: 'companies',
  id: 'crm.companies',
  thing: 'company',
  things: 'companies',
  path: '/v1/companies',
  fields: [
    'name',
    'domain',
    'industry',
    'website',
    'phone',
    'email',
    'linkedin_url',
    'description',
    'employee_count',
    'annual_revenue_cents',
    'revenue_range',
    'currency',
    'headquarters',
    'status',
    'is_vip',
    'tags',
    'owner_id',
    'details',
    'external_id',
  ],
  filters: ['status', 'domain', 'owner_id', 'external_id'],
  sorts: ['-created_at', 'name'],
  privacy: 'team',
  people: ['owner_id'],
  derived: {
    contactCount: {
      sql: sql`(select count(*) from contacts c where c.town_id = r.town_id and c.company_id = r.id)`,
      output: z.int().describe('How many contacts work there, of those you see.'),
    },
    ...companyRollups,
  },
  formats: { email: emailInput, currency: currencyInput },
  indexed: (row) => ({
    title: row.name,
    content: [row.name, row.domain, row.industry, row.headquarters, row.tags.join(' '), row.description],
    importance: row.is_vip ? 8 : 5,
  }),
})
