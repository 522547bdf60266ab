import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'

import { byCodePoint } from '../code-point-order.ts'
import { looksBinary } from './decode.ts'
import { isOthers, kindOf, type FileKind } from './file-kinds.ts'
import { around, type Ignores, isIgnored, within } from './ignored.ts'

/** A file to read. `path` is what reports name: relative to the walk's root, with forward slashes. */
export type FoundFile = { path: string; absolute: string; size: number } & FileKind

export type WalkProblem = {
  kind: 'no-such-path' | 'no-sql' | 'unreadable' | 'binary' | 'too-large'
  path: string
  /** One line that says what is wrong. */
  message: string
}

export type WalkOptions = {
  /** Paths are reported relative to it; the deepest folder that holds all given paths when left out. */
  root?: string
  /** Larger files are reported and left out; 256 MiB when left out. */
  maxBytes?: number
}

export type Walk = { root: string; files: FoundFile[]; problems: WalkProblem[] }

/**
 * Lists the SQL files, the services' source and the configuration of migration tools below the given files and folders,
 * sorted by path. What git ignores is left out, as are dependencies and binary files; a file that is given itself is
 * read whatever its name. Never throws for what it finds on the disk.
 */
export function walkFiles(paths: readonly string[], options: WalkOptions = {}): Walk {
  const given = paths.map((path) => resolve(path))
  const walker = new Walker(
    options.root ? resolve(options.root) : commonRoot(given),
    options.maxBytes ?? 2 ** 28,
  )
  given.forEach((path, index) => walker.walk(path, paths[index]!))
  return walker.finish()
}

/** The deepest folder that holds all of the paths that exist; the folder of a single file. */
export function commonRoot(paths: readonly string[]): string {
  const parts = paths.flatMap((path) => {
    const found = isFolder(path)
    return found === null ? [] : [(found ? resolve(path) : dirname(resolve(path))).split(sep)]
  })
  const [first = [resolve('.')], ...others] = parts
  let length = first.length
  for (const other of others) while (first.slice(0, length).some((part, at) => other[at] !== part)) length--
  return first.slice(0, length).join(sep) || sep
}

class Walker {
  readonly #root: string
  readonly #maxBytes: number
  readonly #files = new Map<string, FoundFile>()
  readonly #problems: WalkProblem[] = []
  readonly #folders = new Set<string>()
  /** Real paths of the files found, so that a link does not make a second one of them. */
  readonly #real = new Set<string>()
  #links: { path: string; ignores: Ignores }[] = []

  constructor(root: string, maxBytes: number) {
    this.#root = root
    this.#maxBytes = maxBytes
  }

  walk(path: string, asGiven: string): void {
    let isFolder: boolean
    try {
      isFolder = statSync(path).isDirectory()
    } catch (error) {
      const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error))
      this.#problem(
        isMissing ? 'no-such-path' : 'unreadable',
        asGiven,
        isMissing ? 'no such file or folder' : codeOf(error),
      )
      return
    }
    if (!isFolder) return this.#file(path, kindOf(basename(path)) ?? { kind: 'sql' })
    const before = this.#countSql(path)
    this.#folder(path, around(path))
    // Links come after all real files and folders: what they lead to keeps its own path.
    while (this.#links.length > 0) {
      const links = this.#links
      this.#links = []
      for (const { path, ignores } of links) this.#link(path, ignores)
    }
    if (before === this.#countSql(path) && before === 0) this.#problem('no-sql', asGiven, 'holds no SQL file')
  }

  finish(): Walk {
    const files = [...this.#files.values()].toSorted((a, b) => byCodePoint(a.path, b.path))
    const problems = this.#problems.toSorted(
      (a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.message, b.message),
    )
    return { root: this.#root, files, problems }
  }

  #countSql(folder: string): number {
    const prefix = folder.endsWith(sep) ? folder : folder + sep
    let count = 0
    for (const file of this.#files.values())
      if (file.kind === 'sql' && file.absolute.startsWith(prefix)) count++
    return count
  }

  #folder(path: string, outer: Ignores): void {
    let entries: Dirent[]
    try {
      const real = realpathSync(path)
      if (this.#folders.has(real)) return
      this.#folders.add(real)
      entries = readdirSync(path, { withFileTypes: true })
    } catch (error) {
      return this.#problem('unreadable', this.#name(path), codeOf(error))
    }
    const ignores = within(outer, path)
    for (const entry of entries.toSorted((a, b) => byCodePoint(a.name, b.name))) {
      const child = join(path, entry.name)
      if (entry.isSymbolicLink()) this.#links.push({ path: child, ignores })
      else if (entry.isDirectory()) this.#subfolder(child, ignores)
      else if (entry.isFile()) this.#listed(child, ignores)
    }
  }

  #subfolder(path: string, ignores: Ignores): void {
    if (isOthers(basename(path), namesIn(path)) || isIgnored(ignores, path, true)) return
    this.#folder(path, ignores)
  }

  #listed(path: string, ignores: Ignores): void {
    const kind = kindOf(basename(path))
    if (kind && !isIgnored(ignores, path, false)) this.#file(path, kind)
  }

  #link(path: string, ignores: Ignores): void {
    const target = statSync(path, { throwIfNoEntry: false })
    if (target?.isDirectory()) this.#subfolder(path, ignores)
    else if (target?.isFile()) this.#listed(path, ignores)
    else if (kindOf(basename(path)))
      this.#problem('unreadable', this.#name(path), 'a link that leads nowhere')
  }

  #file(path: string, kind: FileKind): void {
    const name = this.#name(path)
    try {
      const real = realpathSync(path)
      if (this.#real.has(real)) return
      this.#real.add(real)
      const { size } = statSync(path)
      if (size > this.#maxBytes)
        return this.#problem('too-large', name, `${size} bytes are too many to be read`)
      if (looksBinary(headOf(path))) return this.#problem('binary', name, 'a binary file, not text')
      this.#files.set(path, { path: name, absolute: path, size, ...kind })
    } catch (error) {
      this.#problem('unreadable', name, codeOf(error))
    }
  }

  #name(path: string): string {
    return relative(this.#root, path).split(sep).join('/') || '.'
  }

  #problem(kind: WalkProblem['kind'], path: string, why: string): void {
    const reason = why === 'EACCES' || why === 'EPERM' ? 'no permission to read it' : why
    this.#problems.push({ kind, path, message: `${path}: ${reason}` })
  }
}

function isFolder(path: string): boolean | null {
  try {
    return statSync(path).isDirectory()
  } catch {
    return null
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function headOf(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const head = new Uint8Array(4096)
    return head.subarray(0, readSync(file, head, 0, head.length, 0))
  } finally {
    closeSync(file)
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message
