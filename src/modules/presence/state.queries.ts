import type { Selectable } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { AiPersonalityState, AiStateHistory } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'

export type StateRow = Selectable<AiPersonalityState>
export type FormerStateRow = Selectable<AiStateHistory>

/** The shared state of a personality, or undefined while nobody has ever changed it. */
export function findState(tx: Tx, town: string, personalityId: string): Promise<StateRow | undefined> {
  return tx
    .selectFrom('ai_personality_state')
    .selectAll()
    .where('town_id', '=', town)
    .where('personality_id', '=', personalityId)
    .executeTakeFirst()
}

/** The shared state with its row locked, made from `initial` when there is none yet. */
export async function lockState(tx: Tx, initial: StateRow): Promise<StateRow> {
  const locked = await selectForUpdate(tx, initial)
  if (locked) return locked
  await tx
    .insertInto('ai_personality_state')
    .values(initial)
    .onConflict((conflict) => conflict.columns(['town_id', 'personality_id']).doNothing())
    .execute()
  return (await selectForUpdate(tx, initial))!
}

function selectForUpdate(
  tx: Tx,
  key: { town_id: string; personality_id: string },
): Promise<StateRow | undefined> {
  return tx
    .selectFrom('ai_personality_state')
    .selectAll()
    .where('town_id', '=', key.town_id)
    .where('personality_id', '=', key.personality_id)
    .forUpdate()
    .executeTakeFirst()
}

/** Writes a locked state and keeps it in the history. */
export async function saveState(tx: Tx, row: StateRow): Promise<void> {
  const { town_id, id, personality_id, privacy, created_by, ...values } = row
  await tx
    .updateTable('ai_personality_state')
    .set(values)
    .where('town_id', '=', town_id)
    .where('id', '=', id)
    .execute()
  await tx
    .insertInto('ai_state_history')
    .values({
      town_id,
      id: newId(),
      personality_id,
      at: row.updated_at,
      version: row.version,
      mood: row.mood,
      mode: row.mode,
      energy: row.energy,
      focus: row.focus,
      privacy,
      created_by,
    })
    .execute()
}

/** The states that a personality was in, newest first, after a keyset of versions. */
export function listStates(
  tx: Tx,
  key: { town: string; personalityId: string },
  page: { after: Keyset | undefined; limit: number },
): Promise<FormerStateRow[]> {
  return tx
    .selectFrom('ai_state_history as h')
    .selectAll('h')
    .where('h.town_id', '=', key.town)
    .where('h.personality_id', '=', key.personalityId)
    .where(beyond(['h.version', 'h.id'], 'desc', page.after, { type: 'integer' }))
    .orderBy('h.version', 'desc')
    .orderBy('h.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
