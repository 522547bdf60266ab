import { sql, type Selectable } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { Users } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { TownRole } from '../../kernel/context.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type MemberRow = {
  user_id: string
  name: string
  email: string
  role: TownRole
  attraction_ceiling: number
  created_at: Date
}

/** The members of the current town after a keyset, oldest first. */
export async function listMembers(
  tx: Tx,
  page: { after: Keyset | undefined; limit: number },
): Promise<(MemberRow & { created_at_key: string })[]> {
  const result = await sql<MemberRow & { created_at_key: string }>`
    select m.*, m.created_at::text as created_at_key from identity.list_members() m
    where ${beyond(['m.created_at', 'm.user_id'], 'asc', page.after)}
    order by m.created_at, m.user_id limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** Who left the current town after a keyset, the last first; for its bosses. */
export async function listFormerMembers(
  tx: Tx,
  page: { after: Keyset | undefined; limit: number },
): Promise<{ user_id: string; name: string; left_at: Date; left_at_key: string }[]> {
  const result = await sql<{ user_id: string; name: string; left_at: Date; left_at_key: string }>`
    select f.*, f.left_at::text as left_at_key from identity.list_former_members() f
    where ${beyond(['f.left_at', 'f.user_id'], 'desc', page.after)}
    order by f.left_at desc, f.user_id desc limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** A member of the current town by id or by address, or undefined. */
export async function findMember(
  tx: Tx,
  by: { id: string } | { email: string },
): Promise<MemberRow | undefined> {
  const match = 'id' in by ? sql`m.user_id = ${by.id}` : sql`lower(m.email) = lower(${by.email})`
  const result = await sql<MemberRow>`select * from identity.list_members() m where ${match}`.execute(tx)
  return result.rows[0]
}

/** Makes somebody new, or who left all towns, a member of the current town; answers their id. Violates users_email_idx. */
export async function insertMember(
  tx: Tx,
  member: {
    userId: string
    name: string
    email: string
    role: TownRole
    attractionCeiling: number
    createdAt: Date
  },
): Promise<string> {
  const result = await sql<{ id: string }>`
    select identity.add_member(${JSON.stringify(member)}) as id`.execute(tx)
  return result.rows[0]!.id
}

/** Gives a member role and ceiling, or with null takes them out of the town; null where they are no member. */
export async function changeMember(
  tx: Tx,
  userId: string,
  { standing, now }: { standing: { role: TownRole; attractionCeiling: number } | null; now: Date },
): Promise<'done' | 'above' | 'last' | null> {
  const result = await sql<{ outcome: 'done' | 'above' | 'last' | null }>`
    select identity.change_member(
      ${userId}, ${standing?.role ?? null}, ${standing?.attractionCeiling ?? null}::integer, ${now}
    ) as outcome`.execute(tx)
  return result.rows[0]!.outcome
}

/** Whether the actor may make a sign-in link for the person. */
export async function maySignInAs(tx: Tx, userId: string): Promise<boolean> {
  const result = await sql<{ may: boolean }>`select identity.may_sign_in_as(${userId}) as may`.execute(tx)
  return result.rows[0]!.may
}

/** Name and address of a person whom the actor may see. */
export function getPerson(tx: Tx, userId: string): Promise<{ name: string; email: string }> {
  return tx.selectFrom('users').select(['name', 'email']).where('id', '=', userId).executeTakeFirstOrThrow()
}

export type ProfileRow = Selectable<Users>

/** The profile of a person whom the actor may see. */
export function getProfile(tx: Tx, userId: string): Promise<ProfileRow> {
  return tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow()
}

type OwnProfile = Omit<ProfileRow, 'id' | 'email_verified' | 'metadata' | 'created_at' | 'updated_at'>

/** Changes what is given of the actor's profile; the rest stays. Violates users_email_idx, users_username_idx
 * and users_quiet_check. */
export async function updateMe(
  tx: Tx,
  me: { [K in keyof OwnProfile]?: OwnProfile[K] | undefined },
  now: Date,
): Promise<void> {
  await sql`select identity.update_me(${JSON.stringify(me)}, ${now})`.execute(tx)
}
