import type { TableState } from '../simulate/state.ts'
import { listed } from './rule.ts'

/** Two tables that seem to hold the same, and what tells so. */
export type Likeness = { one: TableState; other: TableState; why: string }

/** Columns that every table may have: they tell nothing of what it is for. */
const GENERIC =
  /^(id|uuid|name|title|description|type|status|metadata|data|created_at|updated_at|deleted_at|created_by|updated_by|created|updated|timestamp|is_active|active|version|notes|tags|user_id|org_id|organization_id|tenant_id|company_id|town_id|owner_id|embedding|date|at)$/
/** Copies that are meant: past states, parts, drafts. */
const DERIVED =
  /(^|_)(history|archive|archived|audit|log|logs|staging|stage|tmp|temp|backup|bak|old|new|copy|partition|default|\d+|y\d+|p\d+|v\d+)(_|$)/
/** Words that name whose a table is, not what is in it. */
const OWNERS = /^(ai|crm|app|tbl|core|main|base)_/
/** What more tables have than this, and than this part of them, is a habit of the estate and tells nothing. */
const COMMON = { tables: 12, part: 0.05 }

/** A table in one of its definitions, with what tells what it is for. */
type Told = { table: TableState; noun: string; columns: Set<string>; words: Set<string> }

/** The pairs of tables of different names that are alike; each table is given by all its definitions. */
export function likeTables(tables: TableState[][]): Likeness[] {
  const told = tables.filter(([first]) => !DERIVED.test(first!.name)).map((all) => all.map(tell))
  forgetCommon(told)
  const pairs: Likeness[] = []
  for (const [one, other] of candidates(told)) {
    const pairsOf = one.flatMap((mine) => other.map((theirs) => [mine, theirs] as const))
    // Whoever wrote both in one file knew of the other: copies of them elsewhere tell no more.
    if (pairsOf.some(([mine, theirs]) => mine.table.place.file === theirs.table.place.file)) continue
    const alike = pairsOf.flatMap(([mine, theirs]) => likenessOf(mine, theirs) ?? [])[0]
    if (alike) pairs.push(alike)
  }
  return pairs
}

function tell(table: TableState): Told {
  const noun = nounOf(table.name)
  // `activity_type` of activities says no more than `type`.
  const columns = [...table.columns.keys()].filter((name) => !GENERIC.test(name.replace(`${noun}_`, '')))
  return {
    table,
    noun,
    columns: new Set(columns),
    words: new Set(table.comment?.toLowerCase().match(/[a-z]{3,}/g)),
  }
}

/** Takes away what too many tables have in common. */
function forgetCommon(told: Told[][]): void {
  const most = Math.max(COMMON.tables, told.length * COMMON.part)
  for (const part of ['columns', 'words'] as const) {
    const holders = new Map<string, number>()
    for (const all of told) {
      for (const item of new Set(all.flatMap((one) => [...one[part]])))
        holders.set(item, (holders.get(item) ?? 0) + 1)
    }
    for (const one of told.flat())
      for (const item of one[part]) if (holders.get(item)! > most) one[part].delete(item)
  }
}

/** Pairs that may be alike: those that share a noun, a column or a word that few have. In the order of the tables. */
function candidates(told: Told[][]): [Told[], Told[]][] {
  const holders = new Map<string, Set<number>>()
  told.forEach((all, index) => {
    for (const { noun, columns, words } of all) {
      const marks = [
        `noun ${noun}`,
        ...[...columns].map((name) => `column ${name}`),
        ...[...words].map((word) => `word ${word}`),
      ]
      for (const mark of marks) {
        const holder = holders.get(mark) ?? new Set()
        holders.set(mark, holder.add(index))
      }
    }
  })
  const pairs = new Set<string>()
  for (const [mark, indexes] of holders) {
    // A noun that very many tables share is a habit of the estate, too.
    if (mark.startsWith('noun ') && indexes.size > 60) continue
    const all = [...indexes]
    all.forEach((one, at) =>
      all.slice(at + 1).forEach((other) => pairs.add(`${Math.min(one, other)} ${Math.max(one, other)}`)),
    )
  }
  return [...pairs]
    .map((pair) => pair.split(' ').map(Number) as [number, number])
    .toSorted(([a, b], [c, d]) => a - c || b - d)
    .map(([one, other]) => [told[one]!, told[other]!])
}

function likenessOf(one: Told, other: Told): Likeness | undefined {
  const [mine, theirs] = [one.table, other.table]
  if (mine.name === theirs.name || areOfDifferentThings(mine, theirs)) return undefined
  const why = whyAlike(one, other)
  return why === undefined ? undefined : { one: mine, other: theirs, why }
}

function whyAlike(one: Told, other: Told): string | undefined {
  if (isTogether(one.table, other.table) && !isOverlooked(one, other)) return undefined
  const shared = [...one.columns].filter((name) => other.columns.has(name))
  const [smaller, larger] = [one.columns.size, other.columns.size].toSorted((a, b) => a - b) as [
    number,
    number,
  ]
  const isMuch =
    one.noun === other.noun
      ? shared.length >= 3 && shared.length >= smaller * 0.6
      : shared.length >= 6 && shared.length >= larger * 0.75
  if (isMuch) return `both have ${listed(shared)}`
  if (one.table.name.replace(OWNERS, '') === other.table.name.replace(OWNERS, '')) {
    return 'their names differ by whose they are alone'
  }
  const said = [...one.words].filter((word) => other.words.has(word)).length
  const isSaidAlike =
    one.words.size >= 5 && other.words.size >= 5 && said >= Math.max(one.words.size, other.words.size) * 0.75
  return isSaidAlike ? `both are said to be "${one.table.comment}"` : undefined
}

const isTogether = (one: TableState, other: TableState) => one.place.source === other.place.source

/** Whoever wrote a source knew of both tables, unless one stands in another file, under a name that differs by a word, with the same in it. */
function isOverlooked(one: Told, other: Told): boolean {
  const [short, long] = [one.table.name, other.table.name].toSorted((a, b) => a.length - b.length) as [
    string,
    string,
  ]
  const shared = [...one.columns].filter((name) => other.columns.has(name)).length
  const most = Math.max(one.columns.size, other.columns.size)
  const isApart = one.table.place.file !== other.table.place.file
  return isApart && long.endsWith(`_${short}`) && shared >= 3 && shared >= most * 0.6
}

/** Each is told of something else that it names: `company_scores` of a company_id, `person_scores` of a person_id. */
function areOfDifferentThings(one: TableState, other: TableState): boolean {
  const owns = (table: TableState, rest: TableState) =>
    table.name
      .split('_')
      .some((word) => !rest.name.split('_').includes(word) && table.columns.has(`${word}_id`))
  return owns(one, other) && owns(other, one)
}

/** What a table is a list of, by the last word of its name: `crm_contacts` and `contacts` alike. */
function nounOf(name: string): string {
  const last = name.split('_').at(-1)!.toLowerCase()
  return last.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
}
