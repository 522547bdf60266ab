import type { Session } from '../../../db/database.ts'
import { quoteIdentifier } from '../../../db/quote.ts'
import { keyOf } from '../simulate/state.ts'
import { attempt } from './attempt.ts'
import { kindOfLedger, type LedgerKind } from './ledger-kinds.ts'
import type { Claim, LiveLedger, LiveTable } from './live-database.ts'

/** So many claims are more than any tool has made; a table with more of them is something else. */
const MOST_CLAIMS = 20_000

/** What migration tools noted in this database. */
export async function readLedgers(
  session: Session,
  tables: Iterable<LiveTable>,
): Promise<{ ledgers: LiveLedger[]; incomplete: string[] }> {
  const ledgers: LiveLedger[] = []
  const incomplete: string[] = []
  for (const table of tables) {
    const kind = kindOfLedger(
      table,
      table.columns.map(({ name }) => name),
    )
    if (!kind) continue
    const read = await attempt(session, () => session.query<Claim>(claimsOf(kind, table)))
    if (read.error)
      incomplete.push(`database: ${keyOf(table)} of ${kind.tool} cannot be read: ${read.error.message}`)
    else {
      const { schema, name } = table
      // One number alone is how far a database is, whatever the tool.
      const isHead = read.value.length === 1 && /^\d+$/.test(read.value[0]!.version)
      const claims = isHead ? [{ ...read.value[0]!, isUpTo: true }] : read.value
      ledgers.push({ tool: kind.tool, schema, name, match: kind.match, claims })
    }
  }
  return { ledgers, incomplete }
}

/** One row a version; where a tool notes several tries of one, it failed only if none worked. */
function claimsOf({ version, failed, upTo, where }: LedgerKind, { schema, name }: LiveTable): string {
  return `
    select version, case when bool_and(failed) then 'failed' else 'applied' end as state, bool_or(up_to) as "isUpTo"
    from (
      select ${version} as version, coalesce(${failed ?? 'false'}, false) as failed, ${upTo ?? 'false'} as up_to
      from ${quoteIdentifier(schema)}.${quoteIdentifier(name)}
      where ${where ?? 'true'}
    ) claimed
    where version is not null
    group by version
    order by version collate "C"
    limit ${MOST_CLAIMS}`
}
