import type { Variant } from './estate.ts'
import type { Nature } from './nature.ts'
import type { Source } from './inventory/estate-file.ts'
import { isPartOf, relate, type Relation } from './simulate/compare.ts'
import type { Simulated } from './simulate/state.ts'

/** How two definitions of a table stand to each other, their places and names considered; `unrelated` never meet. */
export function relateVariants(one: Variant, other: Variant): Relation | 'unrelated' {
  if (isApart(one.nature.project, other.nature.project)) return 'unrelated'
  const relation = relate(one.table, other.table)
  if (relation !== 'competing') return relation
  if (one.source === other.source) return relateInSource(one, other)
  const age = ageByName(one.table.place.file, other.table.place.file)
  if (age !== null) return age
  // Of what a program wrote down and what it was made by, neither is wrong: one is of another day.
  if (one.nature.isSnapshot !== other.nature.isSnapshot) return one.nature.isSnapshot ? 'older' : 'newer'
  if (one.nature.bases.has(other.source)) return 'older'
  return other.nature.bases.has(one.source) ? 'newer' : relation
}

/** What does nothing contradicts nothing either, if it says no more or no less of what the table has become. */
function relateInSource(one: Variant, other: Variant): Relation {
  if (one.isRepeated || other.isRepeated) return 'same'
  if (!one.isSkipped && !other.isSkipped) return 'competing'
  if (isPartOf(one.table, other.table)) return 'older'
  return isPartOf(other.table, one.table) ? 'newer' : 'competing'
}

/** The definitions of a table, parted into those that may meet in one database. */
export function clustersOf(variants: Variant[]): Variant[][] {
  const clusters: Variant[][] = []
  for (const variant of variants) {
    const near = clusters.find(([head]) => !isApart(head!.nature.project, variant.nature.project))
    if (near) near.push(variant)
    else clusters.push([variant])
  }
  return clusters
}

/** What each source is, by its name. */
export function naturesOf(sources: Source[], simulated: Simulated[]): Map<string, Nature> {
  const makers = new Map<string, string[]>()
  // Of two rows of migrations neither is the ground on which the other stands.
  const grounds = simulated.filter((_, at) => sources[at]!.kind !== 'migrations')
  for (const { source, tables } of grounds)
    for (const key of tables.keys()) makers.set(key, [...(makers.get(key) ?? []), source])
  return new Map(
    sources.map((source, at) => [
      source.name,
      {
        source: source.name,
        project: isPart(source) ? source.name : projectOf(source.files[0]?.path ?? source.name),
        isSnapshot: source.files.every(({ isSnapshot }) => isSnapshot),
        bases: basesOf(source, simulated[at]!, makers),
      },
    ]),
  )
}

/** Whether it is what one file says of one of several databases: it is named after both. */
const isPart = ({ kind, name, files }: Source): boolean => kind === 'script' && files.at(-1)?.path !== name

/** Words in a path that say that its files change a database which something else has set up. */
export const isUpgrade = (path: string): boolean =>
  /(?:^|\/)(?:upgrades?|updates?|patch(?:es)?|hotfix(?:es)?|deltas?|versions)(?:\/|$)/i.test(path) ||
  /(?:^|[/_.-])(?:upgrade|update|patch)[_.-][^/]*$|\d_to_\d[^/]*$/i.test(path)

/** Files that change more than they make, or make only what a whole schema beside them has too. */
function basesOf(source: Source, own: Simulated, makers: Map<string, string[]>): Set<string> {
  const changed = new Set(own.strays.filter(({ fact }) => fact.fact === 'alter-table').map(({ key }) => key))
  const bases = new Set(
    [...changed].flatMap((key) => makers.get(key) ?? []).filter((name) => name !== source.name),
  )
  if (source.files.every(({ path }) => isUpgrade(path))) return bases
  if (source.kind !== 'migrations') return new Set()
  if (changed.size > own.tables.size + own.dropped.length) return bases
  const isIn = (base: string) => [...own.tables.keys()].every((key) => makers.get(key)?.includes(base))
  return new Set([...bases].filter(isIn))
}

/** Folders in which each project shows something of its own. */
const SHOWN =
  /(?:^|\/)(?:examples?|samples?|demos?|tutorials?|starters?|playgrounds?|quickstarts?|cookbook)\//i
/** Folders of a project that hold its database. */
const INNER =
  /\/(?:supabase|prisma|hasura|db|databases?|sql|schemas?|migrations?|migrate|seeds?|init|ddl|src|resources|main|postgres(?:ql)?|pg|deploy|\d[^/]*)$/i

function projectOf(path: string): string | null {
  const folder = path.split('/').slice(0, -1).join('/')
  if (SHOWN.test(`${folder}/`)) {
    let root = folder
    while (INNER.test(root)) root = root.replace(INNER, '')
    return /(?:^|\/)(?:examples?|samples?|demos?)$/i.test(root) ? path : root
  }
  // These tools keep one database a project, in a folder of their own.
  const tool = /^(.*?)(?:^|\/)(?:supabase|prisma)\//.exec(path)
  return tool ? tool[1]! : null
}

/** Both belong to a project, and not to the same. What belongs to none may be of any, but for an example's. */
function isApart(one: string | null, other: string | null): boolean {
  if (one === other) return false
  if (one !== null && other !== null) return true
  return SHOWN.test(`${one ?? other}/`)
}

const VERSION =
  /(?:^|[/._-])(?:v(\d+(?:\.\d+)*)|(\d+(?:\.\d+)*)|(bak|backup|legacy|deprecated|archived?)|(old|orig|previous|new|next)(?!\/))(?=[._/-]|$)/gi
const OLD = /^(?:old|bak|backup|orig|legacy|deprecated|archived?|previous)$/i

/** Which of two files is the older version of one thing, if their names say that they are versions of it. */
function ageByName(one: string, other: string): 'older' | 'newer' | null {
  if (one === other || plainOf(one) !== plainOf(other)) return null
  const [mine, theirs] = [rankOf(one), rankOf(other)]
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    const difference = (mine[at] ?? 0) - (theirs[at] ?? 0)
    if (difference !== 0) return difference < 0 ? 'older' : 'newer'
  }
  return null
}

const plainOf = (path: string) =>
  path
    .toLowerCase()
    .replace(/\.(?:sql|psql|pgsql|ddl|dump)(?=\.|$)/g, '')
    .replace(VERSION, '')

/** One number a mark of a version: none is between `old` and `new`. */
function rankOf(path: string): number[] {
  return [
    ...path
      .toLowerCase()
      .replace(/\.(?:sql|psql|pgsql|ddl|dump)(?=\.|$)/g, '')
      .matchAll(VERSION),
  ].flatMap(([, version, number, folder, file]) => {
    const word = folder ?? file
    if (word !== undefined) return OLD.test(word) ? -1 : 1
    return (version ?? number)!.split('.').map(Number)
  })
}
