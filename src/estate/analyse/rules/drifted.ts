import { explain } from '../live/explain.ts'
import { at, count, tableRef, type Rule } from './rule.ts'

/** A live table that no definition explains wholly. */
export const drifted: Rule = {
  id: 'drifted',
  severity: 'warning',
  confidence: 'read',
  summary: 'A live table is unlike the file that explains it best.',
  why: 'The next database that is made from the files will not be the one that runs.',
  fix: 'Write what the database has into the file, or change the database with a migration; then they stay together.',
  phase: 'object',
  action: (what) => `Bring ${what('object')} and its file together`,
  check: (estate) =>
    [...explain(estate).values()]
      .filter(({ live, differences }) => differences.length > 0 && !live.isPartition)
      .map(({ live, variant, fitting, columns, differences, remarks, places }) => ({
        object: tableRef(live),
        places: [variant.table.place, ...places],
        message: `${live.name} in the database is not as ${at(variant.table.place)} defines it, which comes nearest: ${fitting} of ${count(columns, 'column')} are the same.`,
        details: [...differences, ...remarks],
      })),
}
