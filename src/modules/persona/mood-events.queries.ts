import type { Insertable, Selectable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { MoodEvents } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type MoodEventRow = Selectable<MoodEvents> & { personality: string; at_key: string }

export async function insertMoodEvent(tx: Tx, row: Insertable<MoodEvents>): Promise<void> {
  await tx.insertInto('mood_events').values(row).execute()
}

/** Mood events after a keyset, newest first. */
export function listMoodEvents(
  tx: Tx,
  town: string,
  page: { personality: string | undefined; slugs: string[] | null; after: Keyset | undefined; limit: number },
): Promise<MoodEventRow[]> {
  let query = tx
    .selectFrom('mood_events as e')
    .innerJoin('personalities as p', (join) =>
      join.onRef('p.town_id', '=', 'e.town_id').onRef('p.id', '=', 'e.personality_id'),
    )
    .selectAll('e')
    .select(['p.slug as personality', cursorTime('e.at').as('at_key')])
    .where('e.town_id', '=', town)
  if (page.personality) query = query.where('p.slug', '=', page.personality)
  if (page.slugs) query = query.where('p.slug', 'in', page.slugs)
  return query
    .where(beyond(['e.at', 'e.id'], 'desc', page.after))
    .orderBy('e.at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
