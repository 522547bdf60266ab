import type { Ctx } from '../../db/operation.ts'
import { isStricter } from '../../kernel/context.ts'
import { toFieldName, type RowChange, type RowOf } from '../kit/index.ts'
import { memoryErrors } from './memory.errors.ts'
import { insertHistory, reclassifyHistory, type HistoryEntry } from './notes.queries.ts'

type NoteRow = RowOf<'sticky_notes'>
type NoteChange = RowChange<NoteRow>

/** Columns that every change touches, or that no history needs. */
const NOT_KEPT = new Set(['town_id', 'id', 'version', 'created_by', 'created_at', 'updated_at'])

/**
 * Whether the actor may make these changes: a locked note is changed by its creator alone, and locked and unlocked by
 * them or an admin. Throws NOTE_LOCKED, NOTE_LOCK_OWNER.
 */
export function authorizeNoteChanges(ctx: Ctx, changes: NoteChange[]): void {
  const isBoss = ctx.actor.clearance === 'boss'
  for (const { before, after } of changes) {
    if (before === null || before.created_by === ctx.actor.userId) continue
    const changed = after === null ? [] : changedColumns(before, after)
    if (after !== null && changed.length === 0) continue
    const isLock = changed.includes('is_locked')
    if (before.is_locked && !(isBoss && isLock && changed.length === 1)) {
      throw memoryErrors.NOTE_LOCKED({ data: { id: before.id } })
    }
    if (isLock && !isBoss) throw memoryErrors.NOTE_LOCK_OWNER({ data: { id: before.id } })
  }
}

/** Appends the changes to the history of their notes, which becomes as private as they are and never less. */
export async function keepHistory(ctx: Ctx, changes: NoteChange[]): Promise<void> {
  for (const { before, after } of changes) {
    if (before === null || after === null || !isStricter(after.privacy, before.privacy)) continue
    await reclassifyHistory(ctx.tx, ctx.town, { noteId: after.id, privacy: after.privacy })
  }
  const by = { town: ctx.town, userId: ctx.actor.userId, now: ctx.clock.now() }
  if (changes.length > 0) await insertHistory(ctx.tx, changes.map(toEntry), by)
}

function toEntry({ before, after }: NoteChange): HistoryEntry {
  const row = (after ?? before)!
  const columns = before && after ? changedColumns(before, after) : keptColumns(row)
  return {
    note_id: row.id,
    note_version: row.version,
    action: actionOf({ before, after }),
    old_values: before ? valuesOf(before, columns) : {},
    new_values: after ? valuesOf(after, columns) : {},
    privacy: before && isStricter(before.privacy, row.privacy) ? before.privacy : row.privacy,
    created_by: row.created_by,
  }
}

function actionOf({ before, after }: NoteChange): HistoryEntry['action'] {
  if (before === null) return 'created'
  if (after === null) return 'deleted'
  if (before.is_locked === after.is_locked) return 'updated'
  return after.is_locked ? 'locked' : 'unlocked'
}

function keptColumns(row: NoteRow): (keyof NoteRow)[] {
  return (Object.keys(row) as (keyof NoteRow)[]).filter((name) => !NOT_KEPT.has(name))
}

function changedColumns(before: NoteRow, after: NoteRow): (keyof NoteRow)[] {
  return keptColumns(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

function valuesOf(row: NoteRow, columns: (keyof NoteRow)[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((name) => [toFieldName(name), row[name]]))
}
