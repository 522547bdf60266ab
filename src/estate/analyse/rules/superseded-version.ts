import type { Variant } from '../estate.ts'
import { clustersOf, relateVariants } from '../kinship.ts'
import { differences } from '../simulate/compare.ts'
import { competingOf } from './competing-definition.ts'
import { at, listed, tableRef, type Rule } from './rule.ts'

/** A definition that is an earlier state of another. */
export const supersededVersion: Rule = {
  id: 'superseded-version',
  severity: 'info',
  confidence: 'read',
  summary: 'A definition is an older state of another one.',
  why: 'Run by mistake, it makes the old shape.',
  fix: 'Delete the earlier one, or mark it as history: run first, it keeps the later one from taking effect.',
  phase: 'copies',
  action: (what) => `Archive the older definitions of ${what('table')}`,
  check: ({ variants }) =>
    [...variants.values()].flatMap(clustersOf).flatMap((all) => {
      if (competingOf(all).length > 0) return []
      const newest = all.find((variant) => all.every((other) => isNotOlder(variant, other)))
      const older = all.filter((variant) => newest && isEarlier(variant, newest))
      if (!newest || older.length === 0) return []
      const lacking = differences(newest.table, older[0]!.table, ['the later', 'the earlier'])
      return {
        object: tableRef(newest.table),
        places: [...older, newest].map(({ table }) => table.place),
        message: `${listed(older.map(({ table }) => at(table.place)))} ${older.length === 1 ? 'is an earlier state' : 'are earlier states'} of ${newest.table.name} in ${at(newest.table.place)}.`,
        details: lacking,
      }
    }),
}

const isNotOlder = (one: Variant, other: Variant) => ['same', 'newer'].includes(relateVariants(one, other))

/** What does nothing in one source, since something more is there already, is for `silent-skip` to say. */
const isEarlier = (one: Variant, newest: Variant) =>
  relateVariants(one, newest) === 'older' && !(one.isSkipped && one.source === newest.source)
