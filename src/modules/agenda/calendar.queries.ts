import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** Time that somebody is taken up, half open: it ends where the next may begin. */
export type Period = { startsAt: Date; endsAt: Date }

/** What takes somebody up: an event of their calendar, or time they keep for themselves. */
export type Engagement = Period & { id: string; kind: 'calendar_event' | 'focus_block'; title: string }

/** Those of these personalities that the actor sees. */
export async function listPersonalities(tx: Tx, town: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('personalities')
    .select('id')
    .where('town_id', '=', town)
    .where('id', 'in', ids)
    .execute()
  return rows.map((row) => row.id)
}

/** Those of these people that the actor shares a town with. */
export async function listPeople(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await tx.selectFrom('users').select('id').where('id', 'in', ids).execute()
  return rows.map((row) => row.id)
}

/**
 * Events of the person's calendar, and those they are asked to, that take them up within a range: neither cancelled nor
 * free, of those the actor sees, by beginning.
 */
export async function listBusyEvents(
  tx: Tx,
  town: string,
  { person, from, to, limit }: { person: string; from: Date; to: Date; limit: number },
): Promise<Engagement[]> {
  const result = await sql<Engagement>`
    select id, 'calendar_event' as kind, title, starts_at as "startsAt", ends_at as "endsAt"
    from calendar_events
    where town_id = ${town} and starts_at < ${to} and ends_at > ${from} and is_busy and status <> 'cancelled'
      and (coalesce(owner_id, created_by) = ${person} or attendee_ids @> array[${person}]::uuid[])
    order by starts_at, ends_at, id limit ${limit}`.execute(tx)
  return result.rows
}

/** The person's focus blocks within a range that no event stands for, of those the actor sees. */
export async function listFocus(
  tx: Tx,
  town: string,
  { person, from, to, limit }: { person: string; from: Date; to: Date; limit: number },
): Promise<Engagement[]> {
  const result = await sql<Engagement>`
    select id, 'focus_block' as kind, kind as title, starts_at as "startsAt", ends_at as "endsAt"
    from focus_blocks
    where town_id = ${town} and person_id = ${person} and calendar_event_id is null
      and starts_at < ${to} and ends_at > ${from}
    order by starts_at, ends_at, id limit ${limit}`.execute(tx)
  return result.rows
}
