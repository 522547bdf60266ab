import type { Insertable, Selectable, Updateable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { Messages, MessagesHistory } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'
import type { MessageRow } from './conversation.queries.ts'

type Key = { town: string; id: string }

/** A message that the actor sees, or undefined. */
export function findMessage(tx: Tx, { town, id }: Key): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .selectAll()
    .where('town_id', '=', town)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Who said it here, or asked for it; undefined for what came from elsewhere. */
export async function findAuthor(tx: Tx, { town, id }: Key): Promise<string | undefined> {
  const row = await tx
    .selectFrom('events')
    .select('user_id')
    .where('town_id', '=', town)
    .where('entity_id', '=', id)
    .where('kind', '=', 'message.created')
    .executeTakeFirst()
  return row?.user_id
}

/** Changes columns of a locked message and answers it as it is then. */
export function updateMessage(tx: Tx, { town, id }: Key, change: Updateable<Messages>): Promise<MessageRow> {
  return tx
    .updateTable('messages')
    .set(change)
    .where('town_id', '=', town)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertFormer(tx: Tx, row: Insertable<MessagesHistory>): Promise<void> {
  await tx.insertInto('messages_history').values(row).execute()
}

/** What a message said before, newest first, after a keyset. */
export function listFormer(
  tx: Tx,
  { town, id }: Key,
  page: { after: Keyset | undefined; limit: number },
): Promise<(Selectable<MessagesHistory> & { changed_at_key: string })[]> {
  return tx
    .selectFrom('messages_history')
    .selectAll()
    .select(cursorTime('changed_at').as('changed_at_key'))
    .where('town_id', '=', town)
    .where('message_id', '=', id)
    .where(beyond(['changed_at', 'id'], 'desc', page.after))
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
