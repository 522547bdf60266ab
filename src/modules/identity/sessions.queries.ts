import { sql } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type SessionRow = {
  id: string
  ip_address: string | null
  user_agent: string | null
  created_at: Date
  created_at_key: string
  last_activity: Date
  expires_at: Date
}

/** The sessions of the acting person after a keyset, newest first. */
export async function listSessions(
  tx: Tx,
  page: { after: Keyset | undefined; limit: number },
): Promise<SessionRow[]> {
  const result = await sql<SessionRow>`
    select s.*, s.created_at::text as created_at_key from user_sessions s
    where ${beyond(['s.created_at', 's.id'], 'desc', page.after)}
    order by s.created_at desc, s.id desc limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** Ends a session of the acting person; false when they have no such one. */
export async function endSession(tx: Tx, id: string): Promise<boolean> {
  const result = await sql<{ ended: boolean }>`select identity.end_session(${id}) as ended`.execute(tx)
  return result.rows[0]!.ended
}

/** The ways in which the acting person has signed in, each once; they are few. */
export async function listAccounts(
  tx: Tx,
): Promise<{ id: string; provider: string; created_at: Date; last_used_at: Date }[]> {
  const result = await sql<{ id: string; provider: string; created_at: Date; last_used_at: Date }>`
    select * from identity.list_accounts() a order by a.last_used_at desc, a.id limit 100`.execute(tx)
  return result.rows
}
