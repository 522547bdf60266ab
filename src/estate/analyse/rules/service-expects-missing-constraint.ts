import { targetText } from '../services/unique-keys.ts'
import { listed, tableRef, type Rule } from './rule.ts'
import { filesOf, linesOf, servicesByTable } from './service-places.ts'

/** A service relies on a unique key that its table has nowhere: the server refuses the statement each time. */
export const serviceExpectsMissingConstraint: Rule = {
  id: 'service-expects-missing-constraint',
  severity: 'critical',
  confidence: 'read',
  summary: 'A service relies on a unique key that no definition has.',
  why: 'Its `on conflict` fails when it runs.',
  fix: 'Add a unique constraint on exactly these columns, or change the conflict target of the statement.',
  phase: 'services',
  action: (what) => `Give ${what('table')} the unique keys that services rely on`,
  check: (estate) =>
    servicesByTable(estate).flatMap((uses) => {
      const said = uses.flatMap(({ statement: { file }, nowhere }) =>
        nowhere.targets.map((target) => ({ what: targetText(target), file, line: target.line })),
      )
      if (said.length === 0) return []
      const { table } = uses[0]!
      const targets = [...new Set(said.map(({ what }) => what))]
      return [
        {
          object: tableRef(table),
          places: said,
          message: `No definition of ${table.name} has a unique key for ${listed(targets)}, so the server refuses what services send: ${filesOf(said)}.`,
          details: linesOf(said),
        },
      ]
    }),
}
