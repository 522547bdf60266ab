import type { Variant } from '../estate.ts'
import { clustersOf, relateVariants } from '../kinship.ts'
import { differences } from '../simulate/compare.ts'
import { at, count, tableRef, type Found, type Rule } from './rule.ts'

/** Definitions that contradict each other: whichever runs first decides, and nobody is told. */
export const competingDefinition: Rule = {
  id: 'competing-definition',
  severity: 'critical',
  confidence: 'read',
  summary: 'Two places define the same table in ways that contradict each other.',
  why: 'Which of them a database has depends on what ran first, and nothing says so.',
  fix: 'Choose one definition, move what the others have and it lacks into it, and delete the others.',
  phase: 'object',
  action: (what) => `Decide on one definition of ${what('object')}`,
  check: ({ variants }) =>
    [...variants.values()].flatMap(clustersOf).flatMap((all) => {
      const competing = competingOf(all)
      return competing.length < 2 ? [] : foundOf(competing)
    }),
}

/** The definitions of a table, if any two of them contradict each other. */
export function competingOf(all: Variant[]): Variant[] {
  // What was the same when its turn came differs only from what became of the table later.
  const variants = all.filter(({ isRepeated }) => !isRepeated)
  const isCompeting = variants.some((one, index) =>
    variants.slice(index + 1).some((other) => relateVariants(one, other) === 'competing'),
  )
  return isCompeting ? variants : []
}

function foundOf(variants: Variant[]): Found {
  const [first, ...others] = variants as [Variant, ...Variant[]]
  const { name } = first.table
  return {
    object: tableRef(first.table),
    places: variants.map(({ table }) => table.place),
    message: `${count(variants.length, 'definition')} of ${name} contradict each other; which one a database has depends on which ran first.`,
    details: [
      ...others.flatMap(({ table }) => {
        const lines = differences(first.table, table, [
          label(first),
          `${table.place.file}:${table.place.line}`,
        ])
        return lines.length === 0 ? [`${at(table.place)} says the same as ${label(first)}`] : lines
      }),
      ...variants.map((winner) => winnerLine(winner, variants)),
    ],
  }
}

const label = ({ table }: Variant) => at(table.place)

/** What a database lacks when this definition runs first and the others say `if not exists`. */
function winnerLine(winner: Variant, variants: Variant[]): string {
  const others = variants.filter((variant) => variant !== winner)
  const missing = new Set(
    others.flatMap(({ table }) =>
      [...table.columns.keys()].filter((name) => !winner.table.columns.has(name)),
    ),
  )
  const otherTypes = new Set(
    others.flatMap(({ table }) =>
      [...table.columns.values()]
        .filter(
          ({ name, type }) => winner.table.columns.get(name) && winner.table.columns.get(name)!.type !== type,
        )
        .map(({ name }) => name),
    ),
  )
  const lacks = missing.size === 0 ? '' : `, ${count(missing.size, 'column')} of the others never come to be`
  const differs =
    otherTypes.size === 0 ? '' : `, ${count(otherTypes.size, 'column has', 'columns have')} another type`
  return `if ${label(winner)} runs first, its ${count(winner.table.columns.size, 'column')} stay${lacks}${differs}`
}
