import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A file of ours with what it imports: `ours` as paths from the root, `theirs` as the names of packages. */
export type SourceFile = { path: string; text: string; ours: string[]; theirs: string[] }

// Static imports and re-exports, type-only ones too, dynamic imports, and files that a worker or a URL names.
const SPECIFIER =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.ts)['"]/g

/** Every TypeScript file below a folder of the checkout: tests only if asked for, never what golden folders hold as input. */
export function sourceFiles(folder: string, options: { withTests?: boolean } = {}): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('test/golden/') && (options.withTests || !isTest(path)))
    .toSorted()
    .map(readSource)
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/fixtures/')
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const specifiers = [...text.matchAll(SPECIFIER)].map((match) => match[1] ?? match[2] ?? match[3]!)
  const isOurs = (specifier: string) => specifier.startsWith('.')
  return {
    path,
    text,
    ours: specifiers.filter(isOurs).map((specifier) => normalize(join(dirname(path), specifier))),
    theirs: specifiers.filter((specifier) => !isOurs(specifier)).map(packageOf),
  }
}

/** `pg/lib/client.js` is of `pg`, `@hono/node-server/serve` of `@hono/node-server`, `node:fs` of nobody. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The first circle of imports, as the files on it; undefined when there is none. */
export function findCircle(files: readonly Pick<SourceFile, 'path' | 'ours'>[]): string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const done = new Set<string>()
  const visit = (path: string, trail: string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const next of byPath.get(path)?.ours ?? []) {
      const circle = visit(next, [...trail, path])
      if (circle) return circle
    }
    done.add(path)
    return undefined
  }
  for (const { path } of files) {
    const circle = visit(path, [])
    if (circle) return circle
  }
  return undefined
}
