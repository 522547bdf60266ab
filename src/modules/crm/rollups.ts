import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'

import { timeOutput } from '../../kernel/input.ts'
import { lastActivityOutput } from './formats.ts'

const rollup = z
  .array(
    z.object({
      currency: z.string(),
      openCount: z.int(),
      openAmountCents: z.number(),
      wonCount: z.int(),
      wonAmountCents: z.number(),
      lostCount: z.int(),
      lostAmountCents: z.number(),
      lastBegunOn: z.string().nullable(),
      lastWonAt: timeOutput.nullable(),
    }),
  )
  .describe(
    'Deals for each currency, of those you see: how many are open, won and lost, their worth, and when the last was begun and won.',
  )

/** Open, won and lost deals among those of a condition on `d`, for each currency. */
function dealsWhere(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(jsonb_agg(jsonb_build_object(
      'currency', g.currency, 'openCount', g.open_count, 'openAmountCents', g.open_cents, 'wonCount', g.won_count,
      'wonAmountCents', g.won_cents, 'lostCount', g.lost_count, 'lostAmountCents', g.lost_cents,
      'lastBegunOn', g.last_begun_on, 'lastWonAt', g.last_won_at) order by g.currency), '[]')
    from (select d.currency, count(*) filter (where d.status = 'open') as open_count,
        coalesce(sum(d.amount_cents) filter (where d.status = 'open'), 0) as open_cents,
        count(*) filter (where d.status = 'won') as won_count,
        coalesce(sum(d.amount_cents) filter (where d.status = 'won'), 0) as won_cents,
        count(*) filter (where d.status = 'lost') as lost_count,
        coalesce(sum(d.amount_cents) filter (where d.status = 'lost'), 0) as lost_cents,
        max(d.begun_on) as last_begun_on, to_char(max(d.closed_at) filter (where d.status = 'won') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last_won_at
      from deals d where d.town_id = r.town_id and ${condition} group by d.currency) g)`
}

/** What is still to come has not happened last. */
const now = sql`(select town.acting_time())`

/** What a company shows of its deals and of what happened last; worked out on every read. */
export const companyRollups = {
  deals: { sql: dealsWhere(sql`d.company_id = r.id`), output: rollup },
  lastActivityAt: {
    sql: sql`(select greatest(
      (select max(i.occurred_at) from interactions i
        where i.town_id = r.town_id and i.company_id = r.id and i.occurred_at <= ${now}),
      (select max(i.occurred_at) from contacts c join interactions i on i.town_id = c.town_id and i.contact_id = c.id
        where c.town_id = r.town_id and c.company_id = r.id and i.occurred_at <= ${now}),
      (select max(w.visited_at) from website_activity w
        where w.town_id = r.town_id and w.company_id = r.id and w.visited_at <= ${now}),
      (select max(w.visited_at) from contacts c join website_activity w on w.town_id = c.town_id and w.contact_id = c.id
        where c.town_id = r.town_id and c.company_id = r.id and w.visited_at <= ${now})))`,
    output: lastActivityOutput,
  },
}

/** The same of a person: deals that they are in, in whatever role. */
export const contactRollups = {
  deals: {
    // A union, because an or would go through all deals of the town for each person.
    sql: dealsWhere(sql`d.id in (
      select p.id from deals p where p.town_id = r.town_id and p.primary_contact_id = r.id
      union select dc.deal_id from deal_contacts dc where dc.town_id = r.town_id and dc.contact_id = r.id)`),
    output: rollup,
  },
  lastActivityAt: {
    sql: sql`(select greatest(
      (select max(i.occurred_at) from interactions i
        where i.town_id = r.town_id and i.contact_id = r.id and i.occurred_at <= ${now}),
      (select max(w.visited_at) from website_activity w
        where w.town_id = r.town_id and w.contact_id = r.id and w.visited_at <= ${now})))`,
    output: lastActivityOutput,
  },
}
