import type { Estate } from './estate.ts'
import type { IndexState, Place, PolicyState, TableState } from './simulate/state.ts'

/** A table with what any source says of it: policies, indexes and row security may stand in files of their own. */
export type WholeTable = {
  table: TableState
  policies: PolicyState[]
  indexes: IndexState[]
  isEnabled: boolean
  isForced: boolean
  /** Where row security was enabled. */
  enabledAt: Place | null
}

/** Each table of the estate once, by its first definition that takes effect. */
export function wholeTables({ variants, simulated }: Estate): WholeTable[] {
  const strays = Map.groupBy(
    simulated.flatMap((one) => one.strays),
    ({ key }) => key,
  )
  return [...variants].flatMap(([key, all]) => {
    const tables = all.filter(({ isSkipped }) => !isSkipped).map(({ table }) => table)
    const [table] = tables
    return table ? wholeOf(table, tables, strays.get(key) ?? []) : []
  })
}

function wholeOf(
  table: TableState,
  tables: TableState[],
  strays: Estate['simulated'][number]['strays'],
): WholeTable {
  const whole: WholeTable = {
    table,
    policies: tables.flatMap(({ policies }) => policies),
    indexes: tables.flatMap(({ indexes }) => indexes),
    isEnabled: tables.some(({ rowSecurity }) => rowSecurity.isEnabled),
    isForced: tables.some(({ rowSecurity }) => rowSecurity.isForced),
    enabledAt: tables.find(({ rowSecurity }) => rowSecurity.isEnabled)?.rowSecurity.place ?? null,
  }
  for (const { fact, place } of strays) {
    if (fact.fact === 'policy') whole.policies.push({ ...fact, place })
    else if (fact.fact === 'index') whole.indexes.push({ ...fact, place })
    else {
      for (const change of fact.changes) {
        if (change.do !== 'row-security') continue
        if (change.mode === 'enable') {
          whole.isEnabled = true
          whole.enabledAt ??= place
        }
        if (change.mode === 'force') whole.isForced = true
      }
    }
  }
  return whole
}
