import type { Query } from './running-app.ts'

/** Answers a text that changes with any row of ours that is written: how many rows each table has, and how new they are. */
export async function makeFingerprint(query: Query): Promise<() => Promise<string>> {
  const tables = await query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  // xmin is the transaction that wrote a row version: what was rolled back is not seen, what was updated is.
  const counts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) as rows, sum(xmin::text::bigint) as newest from ${name}`,
  )
  const statement = `select string_agg(concat_ws(' ', name, rows, newest), e'\\n' order by name) as text from (${counts.join(' union all ')}) t`
  let last = { snapshot: '', text: '' }
  return async () => {
    // While no transaction that could write began or ended, nothing was written: most of what is refused needs no count.
    const [now] = await query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot')
    if (now!.snapshot !== last.snapshot) {
      const [counted] = await query<{ text: string }>(statement)
      last = { snapshot: now!.snapshot, text: counted!.text }
    }
    return last.text
  }
}
