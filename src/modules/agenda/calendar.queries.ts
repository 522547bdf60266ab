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

type Asked = { people: string[]; from: Date; to: Date; limit: number }

/**
 * Events of each person's calendar, and those they are asked to, that take them up within a range: neither cancelled nor
 * free, of those the actor sees, by beginning; `limit` at most of each.
 */
export async function listBusyEvents(
  tx: Tx,
  town: string,
  { people, from, to, limit }: Asked,
): Promise<(Engagement & { personId: string })[]> {
  const result = await sql<Engagement & { personId: string }>`
    select p.id as "personId", e.* from unnest(${people}::uuid[]) with ordinality p (id, place)
    cross join lateral (
      select c.id, 'calendar_event' as kind, c.title, c.starts_at as "startsAt", c.ends_at as "endsAt"
      from calendar_events c
      where c.town_id = ${town} and c.starts_at < ${to} and c.ends_at > ${from} and c.is_busy
        and c.status <> 'cancelled'
        and (coalesce(c.owner_id, c.created_by) = p.id or c.attendee_ids @> array[p.id])
      order by c.starts_at, c.ends_at, c.id limit ${limit}
    ) e
    order by p.place, e."startsAt", e."endsAt", e.id`.execute(tx)
  return result.rows
}

/** Each person's focus blocks within a range that no event stands for, of those the actor sees; `limit` at most of each. */
export async function listFocus(
  tx: Tx,
  town: string,
  { people, from, to, limit }: Asked,
): Promise<(Engagement & { personId: string })[]> {
  const result = await sql<Engagement & { personId: string }>`
    select p.id as "personId", f.* from unnest(${people}::uuid[]) with ordinality p (id, place)
    cross join lateral (
      select b.id, 'focus_block' as kind, b.kind as title, b.starts_at as "startsAt", b.ends_at as "endsAt"
      from focus_blocks b
      where b.town_id = ${town} and b.person_id = p.id and b.calendar_event_id is null
        and b.starts_at < ${to} and b.ends_at > ${from}
      order by b.starts_at, b.ends_at, b.id limit ${limit}
    ) f
    order by p.place, f."startsAt", f."endsAt", f.id`.execute(tx)
  return result.rows
}
