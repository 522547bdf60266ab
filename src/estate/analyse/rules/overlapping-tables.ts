import type { TableState } from '../simulate/state.ts'
import { wholeTables } from '../protection.ts'
import { listed, tableRef, type Rule } from './rule.ts'

/** Columns that every table may have: they tell nothing of what it is for. */
const GENERIC =
  /^(id|uuid|name|title|description|type|status|metadata|data|created_at|updated_at|deleted_at|created_by|updated_by|created|updated|timestamp|is_active|active|version|notes|tags|user_id|org_id|organization_id|tenant_id|company_id|town_id|owner_id|embedding)$/
/** Copies that are meant: past states, parts, drafts. */
const DERIVED =
  /(^|_)(history|archive|archived|audit|log|logs|staging|stage|tmp|temp|backup|bak|old|new|copy|partition|default|\d+|y\d+|p\d+|v\d+)(_|$)/

/** Two names for one job. */
export const overlappingTables: Rule = {
  id: 'overlapping-tables',
  severity: 'warning',
  confidence: 'guessed',
  summary: 'Tables of different names seem to hold the same thing.',
  fix: 'Decide which one holds it, and move the rows of the other there.',
  check: (estate) => {
    const tables = wholeTables(estate)
      .map(({ table }) => table)
      .filter(({ name, isOpen }) => !isOpen && !DERIVED.test(name))
    const pairs = tables.flatMap((one, index) =>
      tables.slice(index + 1).flatMap((other) => (isSameJob(one, other) ? [[one, other] as const] : [])),
    )
    return pairs.map(([one, other]) => ({
      object: tableRef(one),
      places: [one.place, other.place],
      message: `${one.name} and ${other.name} seem to hold the same thing: both have ${listed(sharedOf(one, other))}.`,
    }))
  },
}

function isSameJob(one: TableState, other: TableState): boolean {
  if (one.name === other.name) return false
  const [mine, theirs] = [tellingOf(one), tellingOf(other)]
  const shared = sharedOf(one, other).length
  const smaller = Math.min(mine.length, theirs.length)
  const isNear = nounOf(one.name) === nounOf(other.name)
  return isNear
    ? shared >= 3 && shared >= smaller * 0.6
    : shared >= 6 && shared >= Math.max(mine.length, theirs.length) * 0.75
}

const tellingOf = ({ columns }: TableState) => [...columns.keys()].filter((name) => !GENERIC.test(name))

function sharedOf(one: TableState, other: TableState): string[] {
  return tellingOf(one).filter((name) => other.columns.has(name))
}

/** What a table is a list of, by the last word of its name: `crm_contacts` and `contacts` alike. */
function nounOf(name: string): string {
  const last = name.split('_').at(-1)!.toLowerCase()
  return last.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
}
