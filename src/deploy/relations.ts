import type { Session } from '../db/database.ts'
import { LOCK_MODES, type LockMode } from './effects.ts'
import type { PlannedStatement } from './steps.ts'

type Relation = { named: string; table: string; rows: number; bytes: number }

/**
 * Drops locks on relations that the plan itself creates, fills in the sizes of those that exist, and names the table
 * where a statement names an index or a whole schema.
 */
export async function keepExistingRelations(session: Session, statements: PlannedStatement[]): Promise<void> {
  const named = statements.flatMap((item) => [...item.locks, ...item.rewrites].map((part) => part.relation))
  const existing = Map.groupBy(
    await findRelations(session, [...new Set(named)]),
    (relation) => relation.named,
  )
  for (const statement of statements) {
    const hadLocks = statement.locks.length > 0
    statement.locks = strongest(
      statement.locks.flatMap(({ relation, mode }) =>
        (existing.get(relation) ?? []).map(({ table }) => ({ relation: table, mode })),
      ),
    )
    statement.rewrites = statement.rewrites.flatMap(({ relation }) =>
      (existing.get(relation) ?? []).map(({ table, rows, bytes }) => ({ relation: table, rows, bytes })),
    )
    if (hadLocks && statement.locks.length === 0) statement.hazards = []
  }
}

/** One lock a relation: a statement that takes several holds the strongest. */
function strongest(locks: PlannedStatement['locks']): PlannedStatement['locks'] {
  const modes = new Map<string, LockMode>()
  for (const { relation, mode } of locks) {
    const held = modes.get(relation)
    if (held === undefined || LOCK_MODES.indexOf(mode) > LOCK_MODES.indexOf(held)) modes.set(relation, mode)
  }
  return [...modes].map(([relation, mode]) => ({ relation, mode }))
}

function findRelations(session: Session, names: string[]): Promise<Relation[]> {
  return session.query<Relation>(
    // Names become oids before they meet pg_class: looked up for each pair of both, they cost half of a fresh deploy.
    `select r.named, format('%I.%I', n.nspname, c.relname) as table, greatest(c.reltuples, 0)::float8 as rows,
            pg_relation_size(c.oid) as bytes
     from (
       select named, coalesce(
         (select i.indrelid from pg_index i where i.indexrelid = to_regclass(named)), to_regclass(named)
       ) as oid
       from unnest($1::text[]) named where named not like '%.*'
       union all
       select named, t.oid
       from unnest($1::text[]) named
       join pg_class t on t.relnamespace = to_regnamespace(left(named, -2)) and t.relkind in ('r', 'p')
       where named like '%.*'
     ) r
     join pg_class c on c.oid = r.oid
     join pg_namespace n on n.oid = c.relnamespace
     order by named, c.relname`,
    [names],
  )
}
