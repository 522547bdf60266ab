import { dialectName, foreignIn } from '../inventory/dialect.ts'
import { objectOf } from '../inventory/statement-object.ts'
import type { Estate } from '../estate.ts'
import type { Root } from '../scratch/roots.ts'
import { foundOfRoots } from './failures.ts'
import { count, type Found, type Rule } from './rule.ts'

/** Statements that no PostgreSQL takes. */
export const invalidStatement: Rule = {
  id: 'invalid-statement',
  severity: 'critical',
  confidence: 'proven',
  summary: 'PostgreSQL refuses a statement for what it says itself.',
  why: 'The statement has never had an effect, whatever its file was meant to do.',
  fix: 'Write it as PostgreSQL has it; until then neither it nor what follows from it is there.',
  phase: 'object',
  action: (what) => `Mend what PostgreSQL refuses of ${what('object')}`,
  check: (estate) => {
    const invalid = estate.roots.filter((root) => root.kind === 'invalid' || isForeign(root))
    const ofOne = Map.groupBy(invalid, (root) => {
      const { object, direct } = root
      return `${object.kind} ${object.schema}.${object.name} ${direct[0]!.place.file}`
    })
    return [...[...ofOne.values()].map(foundOf), ...ofOtherDatabases(estate)]
  },
}

/** Whether something is missing only since the statement is written for another database. */
export function isForeign({ kind, direct }: Root): boolean {
  const { statement, failure, wanted } = direct[0] ?? {}
  if (kind !== 'unresolved' || !statement || !failure) return false
  const foreign = foreignIn(statement.text)
  if (wanted?.kind === 'type') return foreign.length > 0
  return foreign.some(({ token }) => failure.message.toLowerCase().includes(wordOf(token)))
}

/** The word of a token that the server would name. */
const wordOf = (token: string) => /[a-z_]\w*/i.exec(token)?.[0].toLowerCase() ?? token

function foundOf(roots: Root[]): Found {
  const direct = roots.flatMap((root) => root.direct)
  const { statement, failure } = direct[0]!
  const foreign = foreignIn(statement.text)
  const names = [...new Set(foreign.map(({ dialect }) => dialectName(dialect)))]
  const isWritten = names.length === 0 ? '' : ` It is written in ${names.join(' and ')}.`
  const object =
    isForeign(roots[0]!) || roots[0]!.object.name === '' ? ownObject(roots[0]!) : roots[0]!.object
  const found = foundOfRoots(
    roots,
    `${count(direct.length, 'statement')} about ${object.name} ${direct.length === 1 ? 'is' : 'are'} refused: ${failure.message}.${isWritten}`,
  )
  const instead = foreign.map(
    ({ token, dialect, instead: other }) => `"${token}" is ${dialectName(dialect)}: ${other}`,
  )
  return { ...found, object, details: [...new Set([...(found.details ?? []), ...instead])] }
}

function ownObject({ direct, object }: Root) {
  return direct[0] ? objectOf(direct[0].statement) : object
}

/** Files for another database altogether: one finding each, since nothing of them is looked at. */
function ofOtherDatabases({ files }: Estate): Found[] {
  return files
    .filter(({ dialect, role }) => dialect !== 'postgresql' && role !== 'test' && role !== 'variant')
    .map(({ path, dialect, statements }) => ({
      object: { kind: 'file' as const, schema: '', name: path },
      places: [{ file: path, line: statements[0]?.line ?? 1 }],
      message: `${path} is written for ${dialectName(dialect)}, ${count(statements.length, 'statement')} of it; it is left out of everything else.`,
      severity: 'warning' as const,
    }))
}
