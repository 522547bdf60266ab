import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** What of an account an access rule opens. */
export const ACCESS_KINDS = ['gmail', 'calendar', 'drive', 'tasks', 'contacts'] as const
export type AccessKind = (typeof ACCESS_KINDS)[number]

/** The kinds of things of an account that the person may see at that time. */
export async function listOpenKinds(
  tx: Tx,
  { viewerId, accountId, at }: { viewerId: string; accountId: string; at: Date },
): Promise<AccessKind[]> {
  const result = await sql<{ kind: AccessKind }>`
    select kind from unnest(${[...ACCESS_KINDS]}::text[]) kind
    where can_access_google_data(${viewerId}, ${accountId}, kind, ${at})`.execute(tx)
  return result.rows.map((row) => row.kind)
}

/** Lets the transaction see as the account's person does, if a rule opens the kind to the actor; says whether it did. */
export async function openAccount(
  tx: Tx,
  { accountId, kind, at }: { accountId: string; kind: AccessKind; at: Date },
): Promise<boolean> {
  const result = await sql<{ isOpen: boolean }>`
    select open_account(${accountId}, ${kind}, ${at}) as "isOpen"`.execute(tx)
  return result.rows[0]!.isOpen
}

/** Whether any of these accounts belongs to somebody else than the person. */
export async function anyForeignAccount(
  tx: Tx,
  { town, accountIds, userId }: { town: string; accountIds: string[]; userId: string },
): Promise<boolean> {
  if (accountIds.length === 0) return false
  const found = await tx
    .selectFrom('google_workspace_users')
    .select('id')
    .where('town_id', '=', town)
    .where('id', 'in', accountIds)
    .where('user_id', '<>', userId)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
