import type { Estate } from '../estate.ts'
import type { TableState } from '../simulate/state.ts'
import { likeTables, type Likeness } from './likeness.ts'
import { count, listed, tableRef, type Found, type Rule } from './rule.ts'

/** Two names for one job. */
export const overlappingTables: Rule = {
  id: 'overlapping-tables',
  severity: 'warning',
  confidence: 'guessed',
  summary: 'Two tables of different names seem to do the same job.',
  why: 'Rows that belong together are kept apart.',
  fix: 'Decide which one holds it, and move the rows of the others there.',
  phase: 'copies',
  action: (what) => `Look whether ${what('table')} can be joined with another`,
  check: ({ variants }: Estate) => {
    const tables = [...variants.values()]
      .map((all) => all.filter(({ nature }) => !nature.isSnapshot || all.length === 1))
      .map((all) => all.map(({ table }) => table).filter(({ isOpen }) => !isOpen))
    return groupsOf(likeTables(tables.filter((all) => all.length > 0))).map(foundOf)
  },
}

/** Pairs that have a table in common, together. */
function groupsOf(pairs: Likeness[]): Likeness[][] {
  const groupOf = new Map<string, Likeness[]>()
  for (const pair of pairs) {
    const [one, other] = [keyOf(pair.one), keyOf(pair.other)].map((key) => groupOf.get(key) ?? [])
    const group = one === other ? one! : [...one!, ...other!]
    group.push(pair)
    for (const { one: first, other: second } of group) {
      groupOf.set(keyOf(first), group)
      groupOf.set(keyOf(second), group)
    }
  }
  return [...new Set(groupOf.values())]
}

const keyOf = ({ schema, name }: TableState) => `${schema}.${name}`

function foundOf(pairs: Likeness[]): Found {
  const tables = [
    ...new Map(
      pairs.flatMap(({ one, other }) => [one, other]).map((table) => [keyOf(table), table]),
    ).values(),
  ]
  const names = tables.map(({ name }) => name)
  return {
    object: tableRef(tables[0]!),
    places: tables.map(({ place }) => place),
    message: `${listed(names)} seem to hold the same thing: ${pairs[0]!.why}.`,
    details:
      pairs.length === 1
        ? []
        : [
            `${count(tables.length, 'table')}, by these likenesses:`,
            ...pairs.map(({ one, other, why }) => `${one.name} and ${other.name}: ${why}`),
          ],
  }
}
