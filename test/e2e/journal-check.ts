import { expect } from 'vitest'

import type { Query } from './running-app.ts'

/** What is wrong with the numbers of events and audit rows: each town's must run from 1 to its head without a gap. */
export async function findGaps(query: Query): Promise<unknown[]> {
  return query(
    `select h.town_id, h.event_seq, h.audit_seq, e.*, a.*
     from journal.heads h
     cross join lateral (
       select count(*) as events, count(distinct seq) as event_numbers, min(seq) as first_event, max(seq) as last_event
       from journal.events where town_id = h.town_id
     ) e
     cross join lateral (
       select count(*) as audits, count(distinct seq) as audit_numbers, min(seq) as first_audit, max(seq) as last_audit
       from journal.audit_log where town_id = h.town_id
     ) a
     where (events, event_numbers, first_event, last_event) is distinct from (event_seq, event_seq, 1::bigint, event_seq)
        or (audits, audit_numbers, first_audit, last_audit) is distinct from (audit_seq, audit_seq, 1::bigint, audit_seq)`,
  )
}

/**
 * The audit rows whose digest or hash is not what their columns say, and the heads that do not end the chain. Written
 * from the description of the columns, without the functions that made them.
 */
export async function findBrokenAudit(query: Query): Promise<unknown[]> {
  return query(
    `with chained as (
       select a.*, coalesce(lag(a.hash) over (partition by a.town_id order by a.seq), '\\x') as previous
       from journal.audit_log a
     ),
     broken as (
       select town_id, seq, 'digest' as what from chained
       where salt is not null and digest <>
         sha256(salt || convert_to(coalesce(before::text, '') || chr(31) || coalesce(after::text, ''), 'UTF8'))
       union all
       select town_id, seq, 'values without salt' from chained
       where salt is null and (before is not null or after is not null)
       union all
       select town_id, seq, 'hash' from chained
       where hash <> sha256(previous || digest || convert_to(concat_ws(chr(31), seq,
         (extract(epoch from at) * 1000000)::bigint, user_id, operation, entity_id), 'UTF8'))
     )
     select * from broken
     union all
     select h.town_id, h.audit_seq, 'head' from journal.heads h
     where h.audit_hash is distinct from
       (select c.hash from chained c where c.town_id = h.town_id and c.seq = h.audit_seq)`,
  )
}

/** Fails unless events and audit rows of all towns are complete and chained. */
export async function expectWholeJournal(query: Query): Promise<void> {
  expect(await findGaps(query)).toEqual([])
  expect(await findBrokenAudit(query)).toEqual([])
}
