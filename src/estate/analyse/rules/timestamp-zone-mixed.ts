import { listed, tableRef, type Rule } from './rule.ts'

/** Times with and without a zone beside each other: those without are read in the zone of whoever asks. */
export const timestampZoneMixed: Rule = {
  id: 'timestamp-zone-mixed',
  severity: 'warning',
  confidence: 'read',
  summary: 'Timestamps with and without time zone are mixed.',
  why: 'The same instant is read as different times.',
  fix: 'Use "timestamptz" for all of them; say in which zone the old values were written.',
  phase: 'types',
  action: (what) => `Use timestamptz throughout in ${what('table')}`,
  check: ({ variants }) =>
    [...variants.values()].flatMap((all) => {
      const columns = all.flatMap(({ table }) => [...table.columns.values()])
      const zoned = columns.filter(({ type }) => /^timestamp.* with time zone$/.test(type))
      const naive = columns.filter(({ type }) => /^timestamp.* without time zone$/.test(type))
      if (zoned.length === 0 || naive.length === 0) return []
      const names = (some: typeof columns) => listed([...new Set(some.map(({ name }) => name))])
      const { table } = all[0]!
      return {
        object: tableRef(table),
        places: [naive[0]!.place, zoned[0]!.place],
        message: `${table.name} has ${names(naive)} without a zone and ${names(zoned)} with one.`,
      }
    }),
}
