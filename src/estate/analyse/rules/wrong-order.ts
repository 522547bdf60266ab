import type { Root } from '../scratch/roots.ts'
import type { Place } from '../simulate/state.ts'
import { foundOfRoots, rootsAbout } from './failures.ts'
import { at, count, type Rule } from './rule.ts'

/** Made later in the same source than it is needed. */
export const wrongOrder: Rule = {
  id: 'wrong-order',
  severity: 'warning',
  confidence: 'proven',
  summary: 'Something is used before the same source defines it.',
  why: 'The files work only where an earlier run left it behind.',
  fix: 'Move what is needed before what needs it.',
  phase: 'order',
  action: (what) => `Put the definition of ${what('object')} before the first use`,
  check: (estate) => {
    const ofRoots = rootsAbout(estate, ['order']).flatMap((all) => {
      const roots = all.filter((root) => isOrdered(estate, root))
      if (roots.length === 0) return []
      const failed = roots.reduce((sum, root) => sum + root.direct.length + root.consequences.length, 0)
      const { kind, name } = roots[0]!.object
      const found = foundOfRoots(
        roots,
        `${kind} ${name} is made after ${count(failed, 'statement')} of ${roots[0]!.source} already needed it.`,
      )
      return { ...found, places: [...found.places, ...madeAt(estate, roots[0]!)] }
    })
    return [...ofRoots, ...lateExtensions(estate)]
  },
}

/** Files of a folder have no order unless their names give them one: only what a file itself says too early counts. */
function isOrdered(estate: Parameters<Rule['check']>[0], root: Root): boolean {
  const source = estate.sources.find(({ name }) => name === root.source)
  if (source?.kind !== 'folder') return true
  const files = new Set(root.direct.map(({ place }) => place.file))
  return madeAt(estate, root).some(({ file }) => files.has(file))
}

/** Where the source makes what was missing. */
function madeAt({ simulated }: Parameters<Rule['check']>[0], { source, object }: Root): Place[] {
  const own = simulated.find((one) => one.source === source)
  if (!own) return []
  const { tables, views, functions } = own
  return [...tables.values(), ...views.values(), ...functions.values()]
    .filter((item) => (typeof item.name === 'string' ? item.name : item.name.name) === object.name)
    .map(({ place }) => place)
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
      if (!later || (sources[index]!.kind === 'folder' && later.file !== place.file)) return []
      return {
        object: { kind: 'extension' as const, schema: '', name },
        places: [place, later],
        message: `extension ${name} is created in ${at(later)}, after ${at(place)} already needs it.`,
      }
    })
  })
}
