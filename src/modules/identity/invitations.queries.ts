import { sql } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { TownRole } from '../../kernel/context.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type InvitationRow = {
  id: string
  email: string
  role: TownRole
  attraction_ceiling: number
  invited_by: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  accepted_at: Date | null
  accepted_by: string | null
}

export type NewInvitation = Pick<
  InvitationRow,
  'id' | 'email' | 'role' | 'attraction_ceiling' | 'created_at' | 'expires_at'
>

export async function insertInvitation(tx: Tx, row: NewInvitation, tokenHash: Buffer): Promise<void> {
  await sql`select identity.create_invitation(${JSON.stringify(row)}, ${tokenHash})`.execute(tx)
}

/** The invitations into the current town after a keyset, newest first; for bosses. */
export async function listInvitations(
  tx: Tx,
  page: { after: Keyset | undefined; limit: number },
): Promise<(InvitationRow & { created_at_key: string })[]> {
  const result = await sql<InvitationRow & { created_at_key: string }>`
    select i.*, i.created_at::text as created_at_key from identity.list_invitations() i
    where ${beyond(['i.created_at', 'i.id'], 'desc', page.after)}
    order by i.created_at desc, i.id desc limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** Takes an invitation back; undefined when there is none that the actor may take back. */
export async function revokeInvitation(tx: Tx, id: string, now: Date): Promise<Date | undefined> {
  const result = await sql<{ revoked_at: Date | null }>`
    select identity.revoke_invitation(${id}, ${now}) as revoked_at`.execute(tx)
  return result.rows[0]!.revoked_at ?? undefined
}

export type Acceptance =
  | { refused: 'unknown' | 'accepted' | 'revoked' | 'expired' | 'member' }
  | { id: string; townId: string; role: TownRole; attractionCeiling: number }

/** Makes the actor a member of the town that an invitation of theirs is for, or says why not. */
export async function acceptInvitation(tx: Tx, tokenHash: Buffer, now: Date): Promise<Acceptance> {
  const result = await sql<{ outcome: Acceptance }>`
    select identity.accept_invitation(${tokenHash}, ${now}) as outcome`.execute(tx)
  return result.rows[0]!.outcome
}
