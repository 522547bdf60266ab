import type { Estate } from '../estate.ts'
import type { Root, RootKind } from '../scratch/roots.ts'
import { consequencesOf, type Found } from './rule.ts'

/** The roots of some kinds over all sources, those of one object together. */
export function rootsAbout(estate: Estate, kinds: RootKind[]): Root[][] {
  const roots = estate.roots.filter(({ kind }) => kinds.includes(kind))
  return [...Map.groupBy(roots, ({ object }) => `${object.kind} ${object.schema}.${object.name}`).values()]
}

/** What a rule says of the roots of one object: where it begins, and all that follows. */
export function foundOfRoots(roots: Root[], message: string): Found {
  const direct = roots.flatMap((root) => root.direct)
  const [first, ...rest] = direct
  const followers = roots.flatMap((root) => root.consequences)
  return {
    object: roots[0]!.object,
    places: first ? [first.place] : [],
    message,
    details: [...new Set(direct.flatMap(({ failure }) => (failure.detail ? [failure.detail] : [])))],
    consequences: consequencesOf([...rest, ...followers]),
  }
}
