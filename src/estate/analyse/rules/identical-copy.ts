import type { Variant } from '../estate.ts'
import { clustersOf } from '../kinship.ts'
import { lesserDifferences, relate } from '../simulate/compare.ts'
import { at, count, listed, tableRef, type Rule } from './rule.ts'

/** The same definition in several places. */
export const identicalCopy: Rule = {
  id: 'identical-copy',
  severity: 'info',
  confidence: 'read',
  summary: 'The same definition stands in several files.',
  why: 'A change made to one of them is forgotten in the others.',
  fix: 'Keep one of them: copies drift apart as soon as one is changed.',
  phase: 'copies',
  action: (what) => `Keep one copy of the definitions of ${what('table')}`,
  check: ({ variants }) =>
    [...variants.values()].flatMap(clustersOf).flatMap((cluster) => {
      const all = cluster.filter((one) => !isDerived(one, cluster))
      const [first, ...others] = all
      if (!first || others.length === 0 || first.table.isOpen) return []
      if (others.some(({ table }) => relate(first.table, table) !== 'same')) return []
      const lesser = [...new Set(others.flatMap(({ table }) => lesserDifferences(first.table, table)))]
      return {
        object: tableRef(first.table),
        places: all.map(({ table }) => table.place),
        message: `${first.table.name} is defined ${count(all.length, 'time')}, with the same columns and keys.`,
        details:
          lesser.length === 0
            ? []
            : [`other defaults or not-null in ${listed(lesser)}; the first is ${at(first.table.place)}`],
      }
    }),
}

/** Written down from what the others make, or made anew on top of it: no copy that somebody has to keep. */
const isDerived = ({ nature, source }: Variant, others: Variant[]): boolean =>
  others.some(
    (other) =>
      other.source !== source &&
      (nature.bases.has(other.source) || (nature.isSnapshot && !other.nature.isSnapshot)),
  )
