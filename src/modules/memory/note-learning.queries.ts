import { sql, type RawBuilder } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** How a group of surfacings was taken. */
export type Taken = {
  /** What the group has in common: a category, an hour, a tag. */
  value: string
  surfaced: number
  dismissed: number
  /** Of how many the person said whether they helped, and how many did. */
  rated: number
  helpful: number
}

export type LearningRequest = { town: string; from: Date; timeZone: string; limit: number }

const counts = sql`
  count(*) as surfaced, count(*) filter (where s.action = 'dismissed') as dismissed,
  count(s.is_helpful) as rated, count(*) filter (where s.is_helpful) as helpful`

/** Surfacings since `from` of notes the actor sees, with what joins them to groups. */
function grouped(
  tx: Tx,
  request: LearningRequest,
  group: { join: RawBuilder<unknown>; by: RawBuilder<unknown> },
) {
  return sql<Taken>`
    select ${group.by} as value, ${counts}
    from sticky_note_surfaces s
    join sticky_notes n on n.town_id = s.town_id and n.id = s.note_id
    ${group.join}
    where s.town_id = ${request.town} and s.surfaced_at >= ${request.from}
    group by 1 order by count(*) desc, 1 limit ${request.limit}`
    .execute(tx)
    .then((result) => result.rows)
}

export function listTakenByCategory(tx: Tx, request: LearningRequest): Promise<Taken[]> {
  return grouped(tx, request, { join: sql``, by: sql`n.category` })
}

/** By hour of the day, 0-23, where the person is. */
export function listTakenByHour(tx: Tx, request: LearningRequest): Promise<Taken[]> {
  const by = sql`extract(hour from s.surfaced_at at time zone ${request.timeZone}::text)::integer::text`
  return grouped(tx, request, { join: sql``, by })
}

export function listTakenByTag(tx: Tx, request: LearningRequest): Promise<Taken[]> {
  // Two of the same on one note are one.
  const join = sql`cross join lateral (select distinct unnest(n.tags) as tag) t`
  return grouped(tx, request, { join, by: sql`t.tag` })
}

export type Dismissed = { noteId: string; title: string; dismissed: number; surfaced: number }

/** Notes that were dismissed more often than `above`, most often first. */
export async function listDismissed(
  tx: Tx,
  { town, from, limit }: LearningRequest,
  above: number,
): Promise<Dismissed[]> {
  const result = await sql<Dismissed>`
    select n.id as "noteId", n.title, count(*) filter (where s.action = 'dismissed') as dismissed,
      count(*) as surfaced
    from sticky_note_surfaces s
    join sticky_notes n on n.town_id = s.town_id and n.id = s.note_id
    where s.town_id = ${town} and s.surfaced_at >= ${from}
    group by n.id, n.title
    having count(*) filter (where s.action = 'dismissed') > ${above}
    order by 3 desc, n.id limit ${limit}`.execute(tx)
  return result.rows
}
