import { sql } from 'kysely'
import { z } from 'zod'

import { textInput, timeOutput } from '../../kernel/input.ts'
import { defineResource } from '../kit/index.ts'
import { memoryErrors } from './memory.errors.ts'
import { categoryInput } from './note-categories.ts'
import { findUnknownCategory } from './notes.queries.ts'
import { authorizeNoteChanges, keepHistory } from './note-history.service.ts'

/** Of its parts by id, name or address: where a file came from decides which of them is known. */
const filesInput = z
  .array(
    z.strictObject({
      id: textInput(255).optional(),
      name: textInput(500).optional(),
      url: textInput(2_000).optional(),
    }),
  )
  .max(50)

const IMPORTANCE = { low: 3, medium: 5, high: 7, critical: 9 }

const surfaces = sql`from sticky_note_surfaces s where s.town_id = r.town_id and s.note_id = r.id`

export const notes = defineResource({
  table: 'sticky_notes',
  id: 'memory.notes',
  thing: 'note',
  things: 'notes',
  path: '/v1/notes',
  fields: [
    'title',
    'content',
    'category',
    'author',
    'is_locked',
    'priority',
    'color',
    'tags',
    'surface_status',
    'surface_priority',
    'surface_reason',
    'context_tags',
    'linked_people',
    'linked_contact_ids',
    'linked_deal_ids',
    'linked_task_ids',
    'linked_files',
    'people_mentioned',
    'companies_mentioned',
    'projects_mentioned',
    'emotional_tone',
    'importance',
    'sharing_potential',
    'celebration_potential',
    'permission_asked_at',
    'permission_granted_at',
    'permission_denied_at',
    'context',
    'source',
    'source_metadata',
    'related_kind',
    'related_id',
    'metadata',
    'external_id',
  ],
  derived: {
    isFavorite: {
      // Everybody sees their own favourites alone.
      sql: sql`exists (select from sticky_notes_favorites f where f.town_id = r.town_id and f.note_id = r.id)`,
      output: z.boolean().describe('Whether it is a favourite of yours.'),
    },
    surfaceCount: {
      sql: sql`(select count(*) ${surfaces})`,
      output: z.int().describe('How often it surfaced.'),
    },
    helpfulCount: {
      sql: sql`(select count(*) ${surfaces} and s.is_helpful)`,
      output: z.int().describe('How often that helped.'),
    },
    dismissedCount: {
      sql: sql`(select count(*) ${surfaces} and s.action = 'dismissed')`,
      output: z.int().describe('How often it was dismissed.'),
    },
    lastSurfacedAt: {
      sql: sql`(select max(s.surfaced_at) ${surfaces})`,
      output: timeOutput.nullable().describe('When it last surfaced.'),
    },
  },
  filters: ['category', 'priority', 'surface_status', 'related_id', 'external_id'],
  sorts: ['-created_at', '-updated_at', '-surface_priority', 'title'],
  privacy: 'private',
  formats: { category: categoryInput, linked_files: filesInput },
  indexed: (row) => ({
    title: row.title,
    person: [...row.linked_people, ...row.people_mentioned].join(', ') || null,
    content: [row.content, ...row.tags, ...row.companies_mentioned, ...row.projects_mentioned],
    importance: IMPORTANCE[row.priority],
  }),
  check: async (ctx, rows) => {
    const slugs = rows.flatMap((row) => row.category ?? [])
    const unknown = await findUnknownCategory(ctx.tx, ctx.town, slugs)
    if (unknown !== undefined) throw memoryErrors.NOTE_CATEGORY_UNKNOWN({ data: { category: unknown } })
  },
  onChange: async (ctx, changes) => {
    authorizeNoteChanges(ctx, changes)
    await keepHistory(ctx, changes)
  },
  violations: {
    sticky_notes_category_fkey: () => memoryErrors.NOTE_CATEGORY_UNKNOWN(),
    sticky_notes_related_check: () => memoryErrors.NOTE_RELATED(),
  },
})
