import { sql, type RawBuilder, type Selectable } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { AuditLog, Events } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

export type AuditRow = Selectable<AuditLog> & { seq_key: string }
export type EventRow = Selectable<Events> & { seq_key: string }

/** What a list of the journal is narrowed by: columns that must have a value, and a time from and before which. */
export type JournalFilter = {
  columns: Partial<Record<'kind' | 'operation' | 'entity_kind' | 'entity_id' | 'user_id', string | undefined>>
  from: string | undefined
  to: string | undefined
}

type Page = { after: Keyset | undefined; limit: number }

function conditionsOf(
  alias: string,
  town: string,
  { columns, from, to }: JournalFilter,
): RawBuilder<unknown> {
  const at = sql.ref(`${alias}.at`)
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  return sql.join(
    [
      sql`${sql.ref(`${alias}.town_id`)} = ${town}`,
      ...given.map(([name, value]) => sql`${sql.ref(`${alias}.${name}`)} = ${value}`),
      ...(from === undefined ? [] : [sql`${at} >= ${from}`]),
      ...(to === undefined ? [] : [sql`${at} < ${to}`]),
    ],
    sql` and `,
  )
}

/** Audit rows that the actor sees, newest first, after a keyset. */
export async function listAudit(
  tx: Tx,
  town: string,
  filter: JournalFilter,
  { after, limit }: Page,
): Promise<AuditRow[]> {
  const result = await sql<AuditRow>`
    select a.*, a.seq::text as seq_key from audit_log a
    where ${conditionsOf('a', town, filter)} and ${beyond(['a.seq', 'a.id'], 'desc', after, { type: 'integer' })}
    order by a.seq desc, a.id desc limit ${limit + 1}`.execute(tx)
  return result.rows
}

/**
 * Events that the actor sees, newest first, after a keyset. `slugs` are the personalities that a key is limited to: it
 * sees no events of others.
 */
export async function listEvents(
  tx: Tx,
  town: string,
  filter: JournalFilter & { slugs: string[] | null },
  { after, limit }: Page,
): Promise<EventRow[]> {
  const { slugs } = filter
  const isAllowed =
    slugs === null
      ? sql`true`
      : sql`(e.personality_id is null or exists (
          select from personalities p
          where p.town_id = e.town_id and p.id = e.personality_id and p.slug = any(${slugs}::text[])))`
  const result = await sql<EventRow>`
    select e.*, e.seq::text as seq_key from events e
    where ${conditionsOf('e', town, filter)} and ${isAllowed}
      and ${beyond(['e.seq', 'e.id'], 'desc', after, { type: 'integer' })}
    order by e.seq desc, e.id desc limit ${limit + 1}`.execute(tx)
  return result.rows
}

/** What verifying a range of the audit chain found; `broken` is the first row that does not hold. */
export type AuditVerification = {
  checkedCount: number
  headSeq: number
  broken: { seq: number; because: 'missing' | 'values' | 'hash' | 'head' } | null
}

/** Computes the audit chain of the current town anew from `from` to `to`. Only for bosses. */
export async function verifyAudit(tx: Tx, range: { from: number; to: number }): Promise<AuditVerification> {
  const result = await sql<{
    checked_count: number
    head_seq: number
    broken_seq: number | null
    broken_because: 'missing' | 'values' | 'hash' | 'head' | null
  }>`select * from journal.verify_audit(${range.from}, ${range.to})`.execute(tx)
  const row = result.rows[0]!
  return {
    checkedCount: row.checked_count,
    headSeq: row.head_seq,
    broken: row.broken_seq === null ? null : { seq: row.broken_seq, because: row.broken_because! },
  }
}
