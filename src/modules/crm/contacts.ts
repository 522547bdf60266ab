import { emailInput, timeZoneInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { contactRollups } from './rollups.ts'

export const contacts = defineResource({
  table: 'contacts',
  id: 'crm.contacts',
  thing: 'contact',
  things: 'contacts',
  path: '/v1/contacts',
  fields: [
    'first_name',
    'last_name',
    'company_id',
    'email',
    'phone',
    'mobile_phone',
    'job_title',
    'linkedin_url',
    'avatar_url',
    'bio',
    'notes',
    'time_zone',
    'status',
    'is_vip',
    'tags',
    'owner_id',
    'last_contacted_at',
    'details',
    'external_id',
  ],
  filters: ['company_id', 'email', 'owner_id', 'external_id'],
  sorts: ['-created_at', 'last_name', '-last_contacted_at'],
  privacy: 'team',
  people: ['owner_id'],
  derived: contactRollups,
  formats: { email: emailInput, time_zone: timeZoneInput },
  indexed: (row) => ({
    title: [row.first_name, row.last_name].filter((part) => part !== '').join(' '),
    person: [row.first_name, row.last_name].filter((part) => part !== '').join(' '),
    content: [row.email, row.job_title, row.tags.join(' '), row.bio, row.notes],
    importance: row.is_vip ? 8 : 5,
  }),
})
