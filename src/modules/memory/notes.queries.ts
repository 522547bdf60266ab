import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'

/** The first of these categories that the actor does not see; undefined when they see all. */
export async function findUnknownCategory(
  tx: Tx,
  town: string,
  slugs: string[],
): Promise<string | undefined> {
  if (slugs.length === 0) return undefined
  const rows = await tx
    .selectFrom('sticky_categories')
    .select('slug')
    .where('town_id', '=', town)
    .where('slug', 'in', [...new Set(slugs)])
    .execute()
  const known = new Set(rows.map((row) => row.slug))
  return slugs.find((slug) => !known.has(slug))
}

/** Whether one of the notes is locked by somebody else than the person. */
export async function isLockedFor(
  tx: Tx,
  town: string,
  { userId, ids }: { userId: string; ids: string[] },
): Promise<boolean> {
  const result = await sql`
    select from sticky_notes
    where town_id = ${town} and id = any(${ids}::uuid[]) and is_locked and created_by <> ${userId}
    limit 1`.execute(tx)
  return result.rows.length > 0
}

/** One entry of a note's history; privacy and creator are the note's. */
export type HistoryEntry = {
  note_id: string
  note_version: number
  action: 'created' | 'updated' | 'deleted' | 'locked' | 'unlocked'
  old_values: Record<string, unknown>
  new_values: Record<string, unknown>
  privacy: Privacy
  created_by: string
}

/** Appends to the history of notes. One parameter for any number of entries. */
export async function insertHistory(
  tx: Tx,
  entries: HistoryEntry[],
  by: { town: string; userId: string; now: Date },
): Promise<void> {
  const rows = entries.map((entry) => ({ id: newId(), ...entry }))
  await sql`
    insert into sticky_notes_history (
      town_id, id, note_id, note_version, action, old_values, new_values, changed_by, privacy, created_by, created_at,
      updated_at
    )
    select ${by.town}::uuid, h.id, h.note_id, h.note_version, h.action, h.old_values, h.new_values, ${by.userId}::uuid, h.privacy,
      h.created_by, ${by.now}::timestamptz, ${by.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}) as h (
      id uuid, note_id uuid, note_version integer, action text, old_values jsonb, new_values jsonb, privacy text,
      created_by uuid
    )`.execute(tx)
}

/** Says why a change of a note was made. */
export async function explainChange(
  tx: Tx,
  town: string,
  change: { noteId: string; version: number; reason: string },
): Promise<void> {
  await tx
    .updateTable('sticky_notes_history')
    .set({ reason: change.reason })
    .where('town_id', '=', town)
    .where('note_id', '=', change.noteId)
    .where('note_version', '=', change.version)
    .execute()
}

/** Makes the history of a note as private as the note has become. */
export async function reclassifyHistory(
  tx: Tx,
  town: string,
  { noteId, privacy }: { noteId: string; privacy: Privacy },
): Promise<void> {
  await tx
    .updateTable('sticky_notes_history')
    .set({ privacy })
    .where('town_id', '=', town)
    .where('note_id', '=', noteId)
    .execute()
}

/** Marks a note as a favourite of the person; says whether it was none before. */
export async function insertFavorite(
  tx: Tx,
  favorite: { town: string; noteId: string; userId: string; now: Date },
): Promise<boolean> {
  const result = await tx
    .insertInto('sticky_notes_favorites')
    .values({
      town_id: favorite.town,
      id: newId(),
      note_id: favorite.noteId,
      privacy: 'private',
      created_by: favorite.userId,
      created_at: favorite.now,
    })
    .onConflict((conflict) => conflict.columns(['town_id', 'note_id', 'created_by']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Takes a note off the person's favourites; says whether it was one. */
export async function deleteFavorite(
  tx: Tx,
  favorite: { town: string; noteId: string; userId: string },
): Promise<boolean> {
  const result = await tx
    .deleteFrom('sticky_notes_favorites')
    .where('town_id', '=', favorite.town)
    .where('note_id', '=', favorite.noteId)
    .where('created_by', '=', favorite.userId)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}
