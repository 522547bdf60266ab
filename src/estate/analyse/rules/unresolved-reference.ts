import { foundOfRoots, rootsAbout } from './failures.ts'
import { isForeign } from './invalid-statement.ts'
import { count, type Rule } from './rule.ts'

/** Something is used that nothing analysed makes. */
export const unresolvedReference: Rule = {
  id: 'unresolved-reference',
  severity: 'critical',
  confidence: 'proven',
  summary: 'Something is named that nothing defines.',
  why: 'The statements that name it fail.',
  fix: 'Add what is missing before it is used, or take the statements that use it away.',
  phase: 'object',
  action: (what) => `Define ${what('object')}, or take out what names it`,
  check: (estate) =>
    rootsAbout(estate, ['unresolved']).flatMap((all) => {
      const roots = all.filter((root) => !isForeign(root))
      if (roots.length === 0) return []
      const { kind, name } = roots[0]!.object
      const failed = roots.reduce((sum, root) => sum + root.direct.length + root.consequences.length, 0)
      const { failure } = roots[0]!.direct[0] ?? roots[0]!.consequences[0]!
      return foundOfRoots(
        roots,
        `${count(failed, 'statement fails', 'statements fail')} for ${kind} ${name}: ${failure.message}.`,
      )
    }),
}
