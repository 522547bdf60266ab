import { posix } from 'node:path'

import type { EstateFile } from './inventory/estate-file.ts'

/** Folders that hold one sort of object, one a file. */
const SORTS =
  /^(?:tables?|views?|functions?|procedures?|routines|triggers?|trigger_functions|types?|enums?|domains?|index(?:es)?|indices|policies|rls|sequences?|extensions?|constraints?|fixtures|grants?|materialized_views|matviews|foreign_keys?|aggregates?|operators?|columns)$/i

/** The folders that hold a whole schema in files for single objects, sorted into folders. */
export function treesOf(files: EstateFile[], all: EstateFile[]): string[] {
  const roots = new Map<string, Set<string>>()
  for (const { path } of files) {
    const root = deployRootOf(path, all) ?? sortedRootOf(path)
    if (root) roots.set(root.folder, new Set([...(roots.get(root.folder) ?? []), root.sort]))
  }
  return [...roots].filter(([, sorts]) => sorts.size > 1 || sorts.has('deploy')).map(([folder]) => folder)
}

/** The tree in which a file stands; the outermost of several. */
export const treeOf = (path: string, trees: string[]): string | undefined =>
  trees.filter((tree) => path.startsWith(`${tree}/`)).toSorted((a, b) => a.length - b.length)[0]

/** sqitch deploys what stands below `deploy`, and keeps beside it what reverts and verifies that. */
function deployRootOf(path: string, all: EstateFile[]) {
  const above = /^(.*?)(?:^|\/)deploy\/.+/.exec(path)
  if (!above) return null
  const folder = posix.join(above[1]!, 'deploy')
  const beside = ['revert', 'verify'].map((name) => posix.join(above[1]!, `${name}/`))
  const isSqitch = all.some((file) => beside.some((name) => file.path.startsWith(name)))
  return isSqitch ? { folder, sort: 'deploy' } : null
}

function sortedRootOf(path: string) {
  const parts = path.split('/').slice(0, -1)
  const at = parts.findIndex((part) => SORTS.test(part))
  if (at < 1) return null
  const isSchema = /^schemas?$/i.test(parts[at - 2] ?? '')
  return { folder: parts.slice(0, isSchema ? at - 1 : at).join('/'), sort: parts[at]!.toLowerCase() }
}

/** Without older versions of an extension, and without files that only take things away. */
export function withoutOutdated(files: EstateFile[]): EstateFile[] {
  const newest = new Map<string, EstateFile>()
  for (const file of files) {
    const release = releaseOf(file)
    const standing = release && newest.get(release.name)
    if (release && (!standing || isNewer(release.version, releaseOf(standing)!.version)))
      newest.set(release.name, file)
  }
  return files.filter((file) => {
    const release = releaseOf(file)
    return release ? newest.get(release.name) === file : !isTeardown(file)
  })
}

/** A version of an extension as it is given out: `name--1.2.sql`. */
export const isRelease = (path: string): boolean => RELEASE.test(path)

const RELEASE = /^(.*?)--(\d[\w.-]*)\.sql(?:\.in)?$/i

function releaseOf({ path }: EstateFile) {
  const [, name, version] = RELEASE.exec(path) ?? []
  return name && version ? { name, version } : null
}

function isNewer(one: string, other: string): boolean {
  const [mine, theirs] = [one, other].map((version) =>
    version.split(/[.-]/).map((part) => Number.parseInt(part, 10)),
  )
  for (let at = 0; at < Math.max(mine!.length, theirs!.length); at++) {
    const difference = (mine![at] ?? 0) - (theirs![at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** Nothing but drops: what sets a database up again runs it first, and what gives it up runs it alone. */
function isTeardown({ path, statements }: EstateFile): boolean {
  if (/(?:^|\/)[Vv]?\d[^/]*$/.test(path)) return false
  const facts = statements.flatMap((statement) => statement.facts)
  const drops = facts.filter(({ fact }) => fact === 'drop').length
  return (
    drops > 0 &&
    facts.every(({ fact }) => fact === 'drop' || fact === 'transaction' || fact === 'search-path')
  )
}

/** A file that makes tables in several databases, one after another, as one part for each of them. */
export function partsByDatabase(file: EstateFile): { database: string; file: EstateFile }[] {
  const databaseAt = (line: number) =>
    file.connects.findLast((connect) => connect.line < line)?.database ?? ''
  const parts = Map.groupBy(file.statements, ({ line }) => databaseAt(line))
  const withTables = [...parts].filter(([, statements]) =>
    statements.some(({ facts }) => facts.some(({ fact }) => fact === 'table')),
  )
  if (withTables.length < 2) return []
  return withTables.map(([database, statements]) => ({ database, file: { ...file, statements } }))
}
