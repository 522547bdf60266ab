import { wholeTables } from '../protection.ts'
import { at, tableRef, type Rule } from './rule.ts'

/** Row security without a policy: nobody but the owner sees a row. */
export const rlsWithoutPolicy: Rule = {
  id: 'rls-without-policy',
  severity: 'warning',
  confidence: 'read',
  summary: 'Row security is on, and there is no policy.',
  why: 'Nobody but the owner sees a row.',
  fix: 'Create the policies, or disable row security until they are there.',
  phase: 'policies',
  action: (what) => `Give ${what('table')} with row security a policy`,
  check: (estate) =>
    wholeTables(estate)
      .filter(({ isEnabled, policies }) => isEnabled && policies.length === 0)
      .map(({ table, enabledAt }) => ({
        object: tableRef(table),
        places: [enabledAt ?? table.place, table.place],
        message: `${table.name} has row security since ${at(enabledAt ?? table.place)}, and no policy: only its owner sees rows.`,
      })),
}
