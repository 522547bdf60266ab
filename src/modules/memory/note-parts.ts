import type { Ctx } from '../../db/operation.ts'
import { defineResource, type RowChange } from '../kit/index.ts'
import { memoryErrors } from './memory.errors.ts'
import { isLockedFor } from './notes.queries.ts'

/** What was done to notes; written with each change, and only read here. */
export const noteHistory = defineResource({
  table: 'sticky_notes_history',
  id: 'memory.history',
  thing: 'note_change',
  things: 'note_changes',
  path: '/v1/note-history',
  fields: ['note_id', 'note_version', 'action', 'old_values', 'new_values', 'changed_by', 'reason'],
  filters: ['note_id', 'changed_by'],
  privacy: 'private',
  people: ['changed_by'],
  verbs: ['get', 'list'],
})

/** Surfacings of notes; memory.notes.surface and memory.notes.react write them. */
export const noteSurfaces = defineResource({
  table: 'sticky_note_surfaces',
  id: 'memory.surfaces',
  thing: 'note_surface',
  things: 'note_surfaces',
  path: '/v1/note-surfaces',
  fields: ['note_id', 'surfaced_at', 'reason', 'context', 'action', 'is_helpful', 'seconds_to_action'],
  filters: ['note_id', 'action'],
  range: 'surfaced_at',
  sorts: ['-surfaced_at', '-created_at'],
  privacy: 'private',
  parent: 'note_id',
  verbs: ['get', 'list'],
})

export const noteLinks = defineResource({
  table: 'google_workspace_links',
  id: 'memory.links',
  thing: 'note_link',
  things: 'note_links',
  path: '/v1/note-links',
  fields: ['note_id', 'link_type', 'file_id', 'file_name', 'file_url', 'shared_with', 'last_modified_at'],
  filters: ['note_id', 'file_id'],
  privacy: 'private',
  parent: 'note_id',
  onChange: refuseLocked,
  violations: { google_workspace_links_note_id_file_id_key: () => memoryErrors.NOTE_LINK_TAKEN() },
})

async function refuseLocked(ctx: Ctx, changes: RowChange<{ note_id: string }>[]): Promise<void> {
  const ids = changes.flatMap(({ before, after }) => [before, after].flatMap((row) => row?.note_id ?? []))
  const isLocked = await isLockedFor(ctx.tx, ctx.town, { userId: ctx.actor.userId, ids })
  if (isLocked) throw memoryErrors.NOTE_LOCKED()
}

export const noteTriggers = defineResource({
  table: 'context_triggers',
  id: 'memory.triggers',
  thing: 'note_trigger',
  things: 'note_triggers',
  path: '/v1/note-triggers',
  fields: [
    'trigger_type',
    'trigger_value',
    'note_ids',
    'surface_priority',
    'surface_window_minutes',
    'is_active',
  ],
  filters: ['trigger_type', 'is_active'],
  sorts: ['-created_at', '-surface_priority'],
  privacy: 'private',
})

/** Patterns that were learnt from how people take surfaced notes. */
export const notePatterns = defineResource({
  table: 'sticky_note_learning',
  id: 'memory.patterns',
  thing: 'note_pattern',
  things: 'note_patterns',
  path: '/v1/note-patterns',
  fields: ['pattern_type', 'pattern_data', 'confidence', 'usage_count', 'success_count', 'last_used_at'],
  filters: ['pattern_type'],
  sorts: ['-created_at', '-confidence'],
  privacy: 'team',
  violations: {
    sticky_note_learning_pattern_type_key: () => memoryErrors.NOTE_PATTERN_TAKEN(),
    sticky_note_learning_success_check: () => memoryErrors.NOTE_PATTERN_COUNTS(),
  },
})
