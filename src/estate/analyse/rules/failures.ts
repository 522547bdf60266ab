import type { Estate } from '../estate.ts'
import type { Failed } from '../scratch/execute.ts'
import type { Root, RootKind } from '../scratch/roots.ts'
import type { Place } from '../simulate/state.ts'
import { consequencesOf, type Found } from './rule.ts'

/** The roots of some kinds over all sources, those of one object together. */
export function rootsAbout(estate: Estate, kinds: RootKind[]): Root[][] {
  const roots = estate.roots.filter(({ kind }) => kinds.includes(kind))
  return [...Map.groupBy(roots, ({ object }) => `${object.kind} ${object.schema}.${object.name}`).values()]
}

/** What a rule says of the roots of one object: where it begins, and all that follows. */
export function foundOfRoots(roots: Root[], message: string): Found {
  const direct = roots.flatMap((root) => root.direct)
  const followers = roots.flatMap((root) => root.consequences)
  return {
    object: roots[0]!.object,
    places: firstOfEachFile(direct),
    message,
    details: [...new Set(direct.flatMap(({ failure }) => (failure.detail ? [failure.detail] : [])))],
    consequences: consequencesOf([...direct.slice(1), ...followers]),
  }
}

function firstOfEachFile(failed: Failed[]): Place[] {
  return [...Map.groupBy(failed, ({ place }) => place.file).values()].map(([first]) => first!.place)
}
