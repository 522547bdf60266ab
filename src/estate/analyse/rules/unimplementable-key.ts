import { at, count, tableRef, type Rule } from './rule.ts'
import { foundOfRoots, rootsAbout } from './failures.ts'

/** A foreign key that the server refuses: its types do not fit, or its target is not unique. */
export const unimplementableKey: Rule = {
  id: 'unimplementable-key',
  severity: 'critical',
  confidence: 'proven',
  summary: 'A foreign key cannot be made: types do not fit, or its target has no unique key.',
  why: 'PostgreSQL refuses the statement, and everything that needs its table fails too.',
  fix: 'Give the key columns the type of the column they refer to, and that column a primary or unique key.',
  phase: 'object',
  action: (what) => `Make the keys that refer to ${what('object')} fit it`,
  check: (estate) =>
    rootsAbout(estate, ['key']).map((roots) => {
      const { object } = roots[0]!
      const keys = roots.reduce((sum, root) => sum + root.direct.length, 0)
      const failed = roots.reduce((sum, root) => sum + root.consequences.length, 0)
      const after =
        failed === 0
          ? ''
          : `, and ${count(failed, 'statement fails', 'statements fail')} after ${keys === 1 ? 'it' : 'them'}`
      const made = estate.simulated
        .filter(({ source }) => roots.some((root) => root.source === source))
        .flatMap(({ tables }) => tables.get(`${object.schema}.${object.name}`)?.place ?? [])
      const found = foundOfRoots(
        roots,
        `${count(keys, 'foreign key')} to ${object.name} cannot be made${after}.`,
      )
      return {
        ...found,
        object: tableRef(object),
        places: [...made, ...found.places],
        details: [...made.map((place) => `${object.name} is made in ${at(place)}`), ...(found.details ?? [])],
      }
    }),
}
