import type { Skip } from '../simulate/state.ts'
import { at, consequencesOf, count, tableRef, type Rule } from './rule.ts'

/** `if not exists` that hides a difference. */
export const silentSkip: Rule = {
  id: 'silent-skip',
  severity: 'warning',
  confidence: 'read',
  summary: 'A statement with `if not exists` does nothing, because something else has the name.',
  why: 'It succeeds without a word, and what it was to make is not there.',
  fix: 'Say what should change with "alter table", or take the statement away: the server skips it and reports success.',
  phase: 'object',
  action: (what) => `Say what ${what('object')} is to become where a statement is skipped`,
  check: ({ simulated, roots }) => {
    const skips = simulated.flatMap(({ skips: all }) =>
      all.filter((skip) => skip.isSilent && skip.differences.length > 0),
    )
    return [...Map.groupBy(skips, ({ schema, table }) => `${schema}.${table}`).values()].map((same) => {
      const [first] = same as [Skip]
      return {
        object: tableRef({ schema: first.schema, name: first.table }),
        places: same.flatMap(({ place, standing }) => [place, standing]),
        message: `${count(same.length, 'statement does', 'statements do')} nothing, since ${at(first.standing)} made something different first.`,
        consequences: consequencesOf(
          roots
            .filter(
              ({ kind, object }) =>
                kind === 'shape' && object.name === first.table && object.schema === first.schema,
            )
            .flatMap(({ direct, consequences }) => [...direct, ...consequences]),
        ),
        details: same.flatMap((skip) => [
          `${at(skip.place)} would make ${skip.kind} ${skip.name}, which ${at(skip.standing)} made:`,
          ...skip.differences.map((line) => `  ${line}`),
        ]),
      }
    })
  },
}
