import { foundOfRoots, rootsAbout } from './failures.ts'
import { at, count, type Rule } from './rule.ts'

/** Made later in the same source than it is needed. */
export const wrongOrder: Rule = {
  id: 'wrong-order',
  severity: 'warning',
  confidence: 'proven',
  summary: 'A statement needs something that the same source makes later.',
  fix: 'Move what is needed before what needs it.',
  check: (estate) => {
    const ofRoots = rootsAbout(estate, ['order']).map((roots) => {
      const failed = roots.reduce((sum, root) => sum + root.direct.length + root.consequences.length, 0)
      const { kind, name } = roots[0]!.object
      return foundOfRoots(
        roots,
        `${kind} ${name} is made after ${count(failed, 'statement')} of ${roots[0]!.source} already needed it.`,
      )
    })
    return [...ofRoots, ...lateExtensions(estate)]
  },
}

/** An extension that a source makes itself, after something of it was used. */
function lateExtensions({ executions, sources }: Parameters<Rule['check']>[0]) {
  return executions.flatMap((execution, index) => {
    const made = new Map(
      sources[index]!.files.flatMap((file) =>
        file.statements.flatMap((statement) =>
          statement.facts.flatMap((fact) =>
            fact.fact === 'extension'
              ? [[fact.name, { file: file.path, line: statement.line }] as const]
              : [],
          ),
        ),
      ),
    )
    return execution.healed.flatMap(({ made: kind, name, place }) => {
      const later = kind === 'extension' ? made.get(name) : undefined
      if (!later) return []
      return {
        object: { kind: 'extension' as const, schema: '', name },
        places: [place, later],
        message: `extension ${name} is created in ${at(later)}, after ${at(place)} already needs it.`,
      }
    })
  })
}
