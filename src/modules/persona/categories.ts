import { slugInput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { personaErrors } from './persona.errors.ts'

export const categories = defineResource({
  table: 'personality_categories',
  id: 'persona.categories',
  thing: 'personality_category',
  things: 'personality categories',
  path: '/v1/personality-categories',
  fields: ['slug', 'name', 'description', 'display_order'],
  filters: ['slug'],
  sorts: ['display_order'],
  privacy: 'public',
  formats: { slug: slugInput },
  violations: { personality_categories_slug_key: () => personaErrors.CATEGORY_SLUG_TAKEN() },
})
