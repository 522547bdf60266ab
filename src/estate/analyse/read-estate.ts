import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { analyseErrors } from './analyse.errors.ts'
import type { EstateFile } from './inventory/estate-file.ts'
import { Parser } from './inventory/parser.ts'
import { readFile } from './inventory/read-file.ts'
import { commonRoot, walkFiles, type WalkProblem } from './inventory/walk.ts'
import type { Tell } from './progress.ts'
import { readServices, walkServices } from './services/read-services.ts'
import type { Read } from './try-sources.ts'

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
    const files: EstateFile[] = []
    const sql = walk.files.filter(({ kind }) => kind === 'sql')
    for (const [at, { path, absolute }] of sql.entries()) {
      signal.throwIfAborted()
      tell('reading', at, sql.length)
      files.push(await readFile(parser, { path, bytes: readFileSync(absolute) }))
    }
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

/** A live database can be looked at without a file. */
function refuse(problems: WalkProblem[], { isLive }: { isLive: boolean }): void {
  for (const { kind, message } of problems) {
    if (kind === 'no-such-path') throw analyseErrors.PATH_NOT_FOUND({ message })
    if (kind === 'no-sql' && !isLive) throw analyseErrors.NO_SQL_FOUND({ message })
  }
}
