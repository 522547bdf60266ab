import { sql } from 'kysely'
import { z } from 'zod'

import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { defineResource } from '../kit/index.ts'
import { memoryErrors } from './memory.errors.ts'

/** What categories are called in inputs: unlike other short names, one that came from elsewhere may have underscores. */
export const categoryInput = z
  .string()
  .regex(
    /^[a-z0-9]+([-_][a-z0-9]+)*$/,
    'must be lower-case letters, digits and single hyphens or underscores',
  )
  .max(50)

export const noteCategories = defineResource({
  table: 'sticky_categories',
  id: 'memory.categories',
  thing: 'note_category',
  things: 'note_categories',
  path: '/v1/note-categories',
  fields: ['slug', 'display_name', 'color', 'icon', 'description', 'is_active', 'sort_order'],
  computed: ['is_shipped'],
  derived: {
    noteCount: {
      sql: sql`(select count(*) from sticky_notes n where n.town_id = r.town_id and n.category = r.slug)`,
      output: z.int().describe('How many notes are in it, of those you see.'),
    },
  },
  filters: ['slug', 'is_active'],
  sorts: ['sort_order', '-created_at'],
  privacy: 'public',
  formats: { slug: categoryInput },
  violations: { sticky_categories_slug_key: () => memoryErrors.NOTE_CATEGORY_TAKEN() },
})

/** The categories that come with the product, in their order. */
export const SHIPPED_CATEGORIES = [
  ['intel', 'Intel', '#64B5F6', '🔍', 'What was learnt about people, companies and markets.'],
  ['reference', 'Reference', '#90A4AE', '📚', 'Facts to look up again.'],
  ['drafts', 'Drafts', '#FFD54F', '✏️', 'Texts that are not finished.'],
  ['connections', 'Connections', '#81C784', '🤝', 'Who knows whom, and who should.'],
  ['shower-thoughts', 'Shower thoughts', '#BA68C8', '💡', 'Ideas that came by themselves.'],
  ['meeting_prep', 'Meeting preparation', '#FF8A65', '📅', 'What to know and say in a meeting.'],
  ['deals', 'Deals', '#4DB6AC', '💰', 'What moves a deal on, or holds it up.'],
] as const

/** Copies the shipped categories into a new town. */
export async function seedNoteCategories(
  tx: Tx,
  founding: { town: string; userId: string; now: Date },
): Promise<void> {
  const rows = SHIPPED_CATEGORIES.map(([slug, name, color, icon, description], index) => ({
    town_id: founding.town,
    id: newId(),
    slug,
    display_name: name,
    color,
    icon,
    description,
    sort_order: (index + 1) * 10,
    is_shipped: true,
    privacy: 'public' as const,
    created_by: founding.userId,
    created_at: founding.now,
    updated_at: founding.now,
  }))
  await tx.insertInto('sticky_categories').values(rows).execute()
}
