import { wholeTables } from '../protection.ts'
import { tableRef, type Rule } from './rule.ts'

/** Row security that is not forced: the owner of the table, whom services often connect as, is not subject to it. */
export const rlsBypassedByOwner: Rule = {
  id: 'rls-bypassed-by-owner',
  severity: 'info',
  confidence: 'read',
  summary: 'Row security is not forced on the owner.',
  why: 'A service that connects as the owner sees everything.',
  fix: 'Say "alter table ... force row level security", or connect as another role than the owner.',
  phase: 'policies',
  action: (what) => `Force row security on ${what('table')}, or connect as somebody else`,
  check: (estate) =>
    wholeTables(estate)
      .filter(({ isEnabled, isForced }) => isEnabled && !isForced)
      .map(({ table, enabledAt }) => ({
        object: tableRef(table),
        places: [enabledAt ?? table.place],
        message: `The row security of ${table.name} does not hold for its owner.`,
      })),
}
