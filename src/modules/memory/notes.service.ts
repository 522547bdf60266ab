import type { Ctx } from '../../db/operation.ts'
import { CompetingChange, violates } from '../../db/sql-error.ts'
import { record } from '../journal/index.ts'
import { changeRow, createRow, getRow } from '../kit/index.ts'
import { memoryErrors } from './memory.errors.ts'
import { noteSurfaces } from './note-parts.ts'
import { notes } from './notes.ts'
import { deleteFavorite, explainChange, insertFavorite } from './notes.queries.ts'

type Note = { id: string; version: number }

/** Locks or unlocks a note; the reason stands in its history. Throws NOTE_LOCK_OWNER. */
export async function setLock(
  ctx: Ctx,
  id: string,
  { isLocked, reason }: { isLocked: boolean; reason: string | undefined },
): Promise<Note> {
  const note = await getRow(ctx, notes, id)
  if (note['is_locked'] === isLocked) return note
  const values = { is_locked: isLocked }
  const changed = await changeRow(ctx, notes, { id, version: undefined, values, privacy: undefined })
  if (reason !== undefined) {
    await explainChange(ctx.tx, ctx.town, { noteId: id, version: changed.version, reason })
  }
  return changed
}

/** Makes a note a favourite of the actor, or takes it off their favourites. */
export async function setFavorite(ctx: Ctx, id: string, isFavorite: boolean): Promise<void> {
  const note = await getRow(ctx, notes, id)
  const favorite = { town: ctx.town, noteId: id, userId: ctx.actor.userId, now: ctx.clock.now() }
  const isNew = isFavorite ? await addFavorite(ctx, favorite) : await deleteFavorite(ctx.tx, favorite)
  if (!isNew) return
  await record(ctx, {
    kind: isFavorite ? 'note.favorited' : 'note.unfavorited',
    entityKind: 'note',
    entityId: note.id,
    // What somebody likes is theirs to know.
    privacy: 'private',
  })
}

/** A note that was removed since it was looked for is looked for again, and then it is unknown. */
async function addFavorite(ctx: Ctx, favorite: Parameters<typeof insertFavorite>[1]): Promise<boolean> {
  try {
    return await insertFavorite(ctx.tx, favorite)
  } catch (error) {
    if (violates(error, 'sticky_notes_favorites_note_id_fkey')) throw new CompetingChange()
    throw error
  }
}

export type Surfacing = { reason: string | undefined; context: Record<string, unknown> }

/** Keeps that a note surfaced to the actor. */
export async function surface(ctx: Ctx, noteId: string, { reason, context }: Surfacing) {
  await getRow(ctx, notes, noteId)
  const at = ctx.clock.now()
  const values = { note_id: noteId, surfaced_at: at.toISOString(), reason: reason ?? null, context }
  const { id } = await createRow(ctx, noteSurfaces, { values, privacy: undefined })
  return { id, noteId, surfacedAt: at }
}

export type Reaction = { action: string; isHelpful: boolean | undefined }

/** Keeps what the actor did with a note that surfaced to them. Throws NOTE_SURFACE_OWNER. */
export async function react(ctx: Ctx, id: string, { action, isHelpful }: Reaction) {
  const standing = await getRow(ctx, noteSurfaces, id)
  if (standing.created_by !== ctx.actor.userId) throw memoryErrors.NOTE_SURFACE_OWNER()
  const surfacedAt = standing['surfaced_at'] as Date
  const seconds = Math.floor((ctx.clock.now().getTime() - surfacedAt.getTime()) / 1_000)
  const values = {
    action,
    // The first answer tells how long the person took; a second one corrects it.
    seconds_to_action: standing['seconds_to_action'] ?? Math.max(0, seconds),
    ...(isHelpful === undefined ? {} : { is_helpful: isHelpful }),
  }
  const row = await changeRow(ctx, noteSurfaces, { id, version: undefined, values, privacy: undefined })
  return {
    id,
    noteId: row['note_id'] as string,
    action,
    isHelpful: row['is_helpful'] as boolean | null,
    secondsToAction: row['seconds_to_action'] as number,
  }
}
