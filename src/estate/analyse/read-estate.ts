import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { analyseErrors } from './analyse.errors.ts'
import type { EstateFile } from './inventory/estate-file.ts'
import { hasOwnNeighbour, otherDatabases, overshadowed } from './inventory/named-database.ts'
import { Parser } from './inventory/parser.ts'
import { readFiles } from './inventory/read-file.ts'
import { commonRoot, walkFiles, type WalkProblem } from './inventory/walk.ts'
import type { Tell } from './progress.ts'
import { readServices, walkServices } from './services/read-services.ts'
import type { Read } from './try-sources.ts'

/** Bytes of files that are read together. */
const TOGETHER = 1_000_000

/** What an analysis is of. */
export type AnalyseRequest = {
  /** Files and folders with SQL. */
  paths: string[]
  /** Files and folders with the source of services. */
  services: string[]
  /** Address of a live database; null for none. */
  database: string | null
  signal: AbortSignal
}

/** Reads the files of an estate; `problems` says what could not be read, a line each. Throws where nothing is left. */
export async function readEstate(
  { paths, services, database, signal }: AnalyseRequest,
  tell: Tell,
): Promise<Omit<Read, 'live'> & { problems: string[] }> {
  const root = commonRoot([...paths, ...services].map((path) => resolve(path)))
  const walk = walkFiles(paths, { root })
  refuse(walk.problems, { isLive: database !== null })
  const sources = walkServices(walk.files, services, root)
  const parser = new Parser()
  try {
    const sql = walk.files.filter(({ kind }) => kind === 'sql')
    const files: EstateFile[] = []
    for (const group of groupsOf(sql)) {
      signal.throwIfAborted()
      tell('reading', files.length, sql.length)
      const read = group.map(({ path, absolute }) => ({ path, bytes: readFileSync(absolute) }))
      files.push(...(await readFiles(parser, read)))
    }
    markVariants(files)
    const said = await readServices(parser, sources.files, (done, total) => {
      signal.throwIfAborted()
      tell('reading services', done, total)
    })
    const tools = walk.files.flatMap((file) =>
      file.kind === 'tool' ? { path: file.path, tool: file.tool } : [],
    )
    const problems = [...walk.problems, ...sources.problems].map(({ message }) => message)
    return { files, tools, services: said, problems: [...new Set(problems)] }
  } finally {
    await parser.close()
  }
}

/** Tells the files that say the same schema for another database. */
function markVariants(files: EstateFile[]): void {
  const paths = files.map(({ path }) => path)
  const named = otherDatabases(paths)
  const shadows = overshadowed(paths)
  const isOneOfSeveral =
    named.size > 0 || files.some(({ path, dialect }) => shadows.has(path) && dialect !== 'postgresql')
  for (const file of files) {
    const isForeign = file.dialect !== 'postgresql' && hasOwnNeighbour(file.path, paths)
    const isVariant = named.has(file.path) || isForeign || (isOneOfSeveral && shadows.has(file.path))
    if (file.role === 'schema' && isVariant) file.role = 'variant'
  }
}

/** Files that are read together: a few of them, or a large one alone. */
function groupsOf<File extends { size: number }>(files: File[]): File[][] {
  const groups: File[][] = []
  let room = 0
  for (const file of files) {
    if (groups.length === 0 || file.size > room) {
      groups.push([])
      room = TOGETHER
    }
    groups.at(-1)!.push(file)
    room -= file.size
  }
  return groups
}

/** A live database can be looked at without a file. */
function refuse(problems: WalkProblem[], { isLive }: { isLive: boolean }): void {
  for (const { kind, message } of problems) {
    if (kind === 'no-such-path') throw analyseErrors.PATH_NOT_FOUND({ message })
    if (kind === 'no-sql' && !isLive) throw analyseErrors.NO_SQL_FOUND({ message })
  }
}
