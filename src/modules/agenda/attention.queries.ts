import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'

/** What the very important gain in importance. */
const VIP_GAIN = 15
const MOST_IMPORTANT = 7
const MOST_URGENT = 3

/** One of the ten: scores as they stand now, with what raised them. */
export type Ranked = {
  id: string
  chosen_for: 'importance' | 'urgency'
  importance: number
  urgency: number
  is_vip: boolean
}

/**
 * The seven most important of what is open and not snoozed, and the three most urgent of the rest, in that order, for one
 * person. A deadline raises urgency: to 100 once it is over, 90 on its last day, 70 on its last three, 50 in its last week.
 */
export async function rankAttention(
  tx: Tx,
  town: string,
  { person, now }: { person: string; now: Date },
): Promise<Ranked[]> {
  const at = sql`${now}::timestamptz`
  const result = await sql<Ranked>`
    with standing as (
      select a.id, c.is_vip is true or o.is_vip is true as is_vip,
        least(100, a.importance_score + case when c.is_vip or o.is_vip then ${VIP_GAIN}::integer else 0 end) as importance,
        greatest(a.urgency_score, case when a.deadline_at <= ${at} then 100
          when a.deadline_at <= ${at} + interval '1 day' then 90
          when a.deadline_at <= ${at} + interval '3 days' then 70
          when a.deadline_at <= ${at} + interval '7 days' then 50 else 0 end) as urgency
      from attention_items a
      left join contacts c on c.town_id = a.town_id and c.id = a.contact_id
      left join companies o on o.town_id = a.town_id and o.id = a.company_id
      where a.town_id = ${town} and a.is_open and (a.person_id is null or a.person_id = ${person})
        and (a.snoozed_until is null or a.snoozed_until <= ${at})
    ), important as (
      select *, 'importance' as chosen_for from standing
      order by importance desc, urgency desc, id limit ${MOST_IMPORTANT}
    ), urgent as (
      select *, 'urgency' as chosen_for from standing where id not in (select id from important)
      order by urgency desc, importance desc, id limit ${MOST_URGENT}
    )
    select id, chosen_for, importance, urgency, is_vip
    from (select * from important union all select * from urgent) as ten
    order by chosen_for, case chosen_for when 'importance' then importance else urgency end desc,
      case chosen_for when 'importance' then urgency else importance end desc, id`.execute(tx)
  return result.rows
}
