import type { TableState } from '../simulate/state.ts'
import { listed, tableRef, type Rule } from './rule.ts'

/** Columns that every table may have: they tell nothing of what it is for. */
const GENERIC =
  /^(id|uuid|name|title|description|type|status|metadata|data|created_at|updated_at|deleted_at|created_by|updated_by|created|updated|timestamp|is_active|active|version|notes|tags|user_id|org_id|organization_id|tenant_id|company_id|town_id|owner_id|embedding|date|at)$/
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
  check: ({ variants }) => {
    const tables = [...variants.values()]
      .map((all) => all.filter(({ nature }) => !nature.isSnapshot || all.length === 1))
      .map((all) => all.map(({ table }) => table).filter(({ isOpen }) => !isOpen))
      .filter(([first]) => first && !DERIVED.test(first.name))
    return tables.flatMap((all, index) =>
      tables.slice(index + 1).flatMap((others) => {
        const pairs = all.flatMap((one) => others.map((other) => [one, other] as const))
        // Whoever wrote both in one file knew of the other: copies of them elsewhere tell no more.
        const isKnown = pairs.some(([one, other]) => one.place.file === other.place.file)
        const pair = isKnown ? undefined : pairs.find(([one, other]) => whyAlike(one, other) !== null)
        if (!pair) return []
        const [one, other] = pair
        return {
          object: tableRef(one),
          places: [one.place, other.place],
          message: `${one.name} and ${other.name} seem to hold the same thing: ${whyAlike(one, other)}.`,
        }
      }),
    )
  },
}

/** Words that name whose a table is, not what is in it. */
const OWNERS = /^(ai|crm|app|tbl|core|main|base)_/

/** What tells that two tables of different names hold the same; null for nothing. */
function whyAlike(one: TableState, other: TableState): string | null {
  if (one.name === other.name || areOfDifferentThings(one, other)) return null
  const shared = sharedOf(one, other)
  const [mine, theirs] = [tellingOf(one).length, tellingOf(other).length]
  if (one.place.source === other.place.source && !isOverlooked(one, other)) return null
  const isNear = nounOf(one.name) === nounOf(other.name)
  const isMuch = isNear
    ? shared.length >= 3 && shared.length >= Math.min(mine, theirs) * 0.6
    : shared.length >= 6 && shared.length >= Math.max(mine, theirs) * 0.75
  if (isMuch) return `both have ${listed(shared)}`
  if (one.name.replace(OWNERS, '') === other.name.replace(OWNERS, ''))
    return 'their names differ by whose they are alone'
  return isSaidAlike(one.comment, other.comment) ? `both are said to be "${one.comment}"` : null
}

/** Whoever wrote both knew of the other, unless in another file, under a name that differs by a word, with the same in it. */
function isOverlooked(one: TableState, other: TableState): boolean {
  const [short, long] = [one.name, other.name].toSorted((a, b) => a.length - b.length) as [string, string]
  const most = Math.max(tellingOf(one).length, tellingOf(other).length)
  const shared = sharedOf(one, other).length
  return (
    one.place.file !== other.place.file && long.endsWith(`_${short}`) && shared >= 3 && shared >= most * 0.6
  )
}

/** Each is told of something else that it names: `company_scores` of a company_id, `person_scores` of a person_id. */
function areOfDifferentThings(one: TableState, other: TableState): boolean {
  const owns = (table: TableState, rest: TableState) =>
    table.name
      .split('_')
      .some((word) => !rest.name.split('_').includes(word) && table.columns.has(`${word}_id`))
  return owns(one, other) && owns(other, one)
}

/** Comments that share most of their words. */
function isSaidAlike(one: string | null, other: string | null): boolean {
  const [mine, theirs] = [one, other].map((text) => new Set(text?.toLowerCase().match(/[a-z]{3,}/g)))
  if (!mine || !theirs || mine.size < 5 || theirs.size < 5) return false
  const shared = [...mine].filter((word) => theirs.has(word)).length
  return shared >= Math.max(mine.size, theirs.size) * 0.75
}

/** Columns that say something of what a table is for; `activity_type` of activities says no more than `type`. */
function tellingOf({ name, columns }: TableState): string[] {
  const noun = nounOf(name)
  return [...columns.keys()].filter((column) => !GENERIC.test(column.replace(`${noun}_`, '')))
}

function sharedOf(one: TableState, other: TableState): string[] {
  const theirs = new Set(tellingOf(other))
  return tellingOf(one).filter((name) => theirs.has(name))
}

/** What a table is a list of, by the last word of its name: `crm_contacts` and `contacts` alike. */
function nounOf(name: string): string {
  const last = name.split('_').at(-1)!.toLowerCase()
  return last.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
}
