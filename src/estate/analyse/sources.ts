import { byCodePoint } from './code-point-order.ts'
import type { EstateFile, Source } from './inventory/estate-file.ts'
import { partsByDatabase, treeOf, treesOf, withoutOutdated } from './grouping.ts'
import { definedIn, neededBy } from './inventory/file-needs.ts'

/** Groups the files that say what a database looks like into sources, and orders each as its names imply. */
export function groupIntoSources(files: EstateFile[]): Source[] {
  const schema = files
    .filter(({ role, dialect }) => role === 'schema' && dialect === 'postgresql')
    .toSorted((a, b) => byCodePoint(a.path, b.path))
  const included = new Set(schema.flatMap((file) => file.includes.map(({ path }) => path)))
  const ofSeveral = schema.filter((file) => partsByDatabase(file).length > 0)
  const plain = withoutOutdated(
    schema.filter(
      (file) => file.includes.length === 0 && !included.has(file.path) && !ofSeveral.includes(file),
    ),
  )
  const folders = foldersOf(plain, files)
  return [
    ...scriptsOf(schema, included),
    ...ofSeveral.flatMap(partsByDatabase).map(({ database, file }): Source => {
      return { name: `${file.path} (${database})`, kind: 'script', files: [file], numbers: new Map() }
    }),
    ...[...folders].flatMap(([folder, members]) => sourcesOfFolder(folder, members)),
  ].toSorted((a, b) => byCodePoint(a.name, b.name))
}

/** A source for each file that includes others and is included by none; where they include each other, by the first. */
function scriptsOf(schema: EstateFile[], included: Set<string>): Source[] {
  const including = schema.filter((file) => file.includes.length > 0)
  const sources = including.filter(({ path }) => !included.has(path)).map((file) => scriptOf(file, schema))
  const reached = new Set(sources.flatMap((source) => source.files))
  for (const file of including) {
    if (reached.has(file)) continue
    const source = scriptOf(file, schema)
    sources.push(source)
    for (const member of source.files) reached.add(member)
  }
  return sources
}

/** Files by the folder whose files are applied together. A tree of folders counts as one, if nothing is made twice in it. */
function foldersOf(plain: EstateFile[], all: EstateFile[]): Map<string, EstateFile[]> {
  const unnumbered = plain.filter(({ path }) => numberOf(path) === null)
  const trees = treesOf(unnumbered, all)
  const whole = Map.groupBy(unnumbered, ({ path }) => treeOf(path, trees) ?? '')
  const isWhole = (path: string) => {
    const tree = treeOf(path, trees)
    return tree !== undefined && isOneSchema(whole.get(tree) ?? []) ? tree : null
  }
  return Map.groupBy(plain, (file) =>
    numberOf(file.path) === null
      ? (isWhole(file.path) ?? migrationsFolderOf(file))
      : migrationsFolderOf(file),
  )
}

/** The number that a name begins with, as in `001_x.sql`, `V1.2__x.sql`, `20240131_x/migration.sql`; null for none. */
export function numberOf(path: string): string | null {
  const number = NUMBER.exec(numberedName(path))?.[1] ?? null
  // A year alone says what a file is about, not when it is applied.
  return number !== null && /^(19|20)\d\d$/.test(number) ? null : number
}

const NUMBER = /^[Vv]?(\d+(?:[._]\d+)*)([a-z]?)(?=[-_. ])/

function numberedName(path: string): string {
  const parts = path.split('/')
  const file = parts.at(-1)!
  return /^(migration|up|deploy|schema)\.sql$/i.test(file) ? (parts.at(-2) ?? '') : file
}

/** The number with the letter that tells it from others: `001a_x.sql` and `001b_x.sql` are two. */
const labelOf = (path: string) => `${numberOf(path)!}${NUMBER.exec(numberedName(path))?.[2] ?? ''}`

/** The folder whose files are applied together: of `20240131_x/migration.sql` the one above. */
function migrationsFolderOf({ path }: EstateFile): string {
  const parts = path.split('/')
  const isNested = /^(migration|up)\.sql$/i.test(parts.at(-1)!) && numberOf(path) !== null
  return parts.slice(0, isNested ? -2 : -1).join('/')
}

function sourcesOfFolder(folder: string, files: EstateFile[]): Source[] {
  const numbered = files.filter(({ path }) => numberOf(path) !== null)
  const isMigrations = numbered.length >= 2 || numbered.some(({ path }) => /(^|\/)V\d[^/]*__/.test(path))
  const repeatable = files.filter(({ path }) => /(^|\/)R__/.test(path))
  const members = isMigrations ? [...numbered.toSorted(byNumber), ...repeatable] : []
  const others = files.filter((file) => !members.includes(file))
  return [
    ...(isMigrations ? [migrationsOf(folder, members)] : []),
    ...(isOneSchema(others)
      ? [folderOf(folder, others, isMigrations)]
      : others.map((file) => scriptOf(file, []))),
  ]
}

function migrationsOf(folder: string, files: EstateFile[]): Source {
  const numbers = new Map(
    files.flatMap(({ path }) => (numberOf(path) === null ? [] : [[path, labelOf(path)]])),
  )
  return { name: folder === '' ? '.' : folder, kind: 'migrations', files, numbers }
}

/** Numbers part by part, those of equal numbers by name. */
function byNumber(a: EstateFile, b: EstateFile): number {
  return compareNumbers(numberOf(a.path)!, numberOf(b.path)!) || byCodePoint(a.path, b.path)
}

/** Numbers of migrations part by part: `1.2` before `1.10`, and `001` as `1`. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((number) => number.split(/[._]/).map(BigInt))
  for (let at = 0; at < Math.max(left!.length, right!.length); at++) {
    const [one, other] = [left![at] ?? -1n, right![at] ?? -1n]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** Whether unnumbered files of a folder are parts of one schema: more than one, and no table made by two of them. */
function isOneSchema(files: EstateFile[]): boolean {
  if (files.length < 2) return false
  const made = files.flatMap((file) => [...definedIn(file)].filter((name) => name.startsWith('table ')))
  return new Set(made).size === made.length
}

function folderOf(folder: string, files: EstateFile[], isBeside: boolean): Source {
  const name = `${folder === '' ? '.' : folder}${isBeside ? '/*' : ''}`
  return { name, kind: 'folder', files: inOrderOfNeed(files), numbers: new Map() }
}

/** Files such that what one needs is made before it, as far as that can be; otherwise by name. */
function inOrderOfNeed(files: EstateFile[]): EstateFile[] {
  const sorted = files.toSorted((a, b) => byCodePoint(a.path, b.path))
  const makers = new Map<string, EstateFile>()
  for (const file of sorted) for (const name of definedIn(file)) if (!makers.has(name)) makers.set(name, file)
  const waiting = new Map(
    sorted.map((file) => {
      const makersOf = [...neededBy(file)].flatMap((name) => makers.get(name) ?? [])
      return [file, new Set(makersOf.filter((maker) => maker !== file))]
    }),
  )
  const ordered: EstateFile[] = []
  while (waiting.size > 0) {
    const free = [...waiting].find(([, needs]) => needs.size === 0) ?? [...waiting][0]!
    waiting.delete(free[0])
    for (const needs of waiting.values()) needs.delete(free[0])
    ordered.push(free[0])
  }
  return ordered
}

/** A file with those it includes, in the order in which psql would come to them. */
function scriptOf(file: EstateFile, all: EstateFile[]): Source {
  const byPath = new Map(all.map((item) => [item.path, item]))
  const files: EstateFile[] = []
  const entered = new Set<EstateFile>()
  const visit = (item: EstateFile) => {
    if (entered.has(item)) return
    entered.add(item)
    for (const { path } of item.includes) if (byPath.has(path)) visit(byPath.get(path)!)
    files.push(item)
  }
  visit(file)
  return { name: file.path, kind: 'script', files, numbers: new Map() }
}
