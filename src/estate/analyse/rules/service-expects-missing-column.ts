import { listed, tableRef, type Rule } from './rule.ts'
import { filesOf, linesOf, servicesByTable } from './service-places.ts'

/** A service names columns that its table has nowhere. */
export const serviceExpectsMissingColumn: Rule = {
  id: 'service-expects-missing-column',
  severity: 'critical',
  confidence: 'read',
  summary: 'A service names a column that no definition has.',
  why: 'Its statement fails when it runs.',
  fix: 'Add the column in a migration, or change the statement of the service.',
  phase: 'services',
  action: (what) => `Give ${what('table')} the columns that services expect, or change the services`,
  check: (estate) =>
    servicesByTable(estate).flatMap((uses) => {
      const said = uses.flatMap(({ statement: { file }, nowhere }) =>
        nowhere.columns.map(({ name, line }) => ({ what: name, file, line })),
      )
      if (said.length === 0) return []
      const { table } = uses[0]!
      const names = [...new Set(said.map(({ what }) => what))]
      return [
        {
          object: tableRef(table),
          places: said,
          message: `No definition of ${table.name} has ${names.length === 1 ? 'column' : 'columns'} ${listed(names)}, which services expect: ${filesOf(said)}.`,
          details: linesOf(said),
        },
      ]
    }),
}
