import { readFileSync } from 'node:fs'

import { analyseErrors } from '../analyse.errors.ts'
import { decode } from '../inventory/decode.ts'
import type { Fact, TableUse } from '../inventory/facts.ts'
import { LONGEST_PARSED, type Parser } from '../inventory/parser.ts'
import { walkFiles, type FoundFile, type WalkProblem } from '../inventory/walk.ts'
import { byCodePoint } from '../code-point-order.ts'
import { isOfTests, isOtherDatabase, ormWordsOf, type OrmWords } from './service-kinds.ts'
import { readServiceFile, type ServiceSql } from './service-files.ts'

/** A statement in the source of a service. */
export type ServiceStatement = {
  file: string
  /** 1-based line of its first word. */
  line: number
  /** As the program sends it, with `${code}` where only the program knows what stands there. */
  text: string
  /** What it does to which tables; empty where a table's name is known to the program alone. */
  uses: TableUse[]
  /** What else it says: tables that the service makes itself. */
  facts: Fact[]
}

export type Services = {
  statements: ServiceStatement[]
  /** Names in files that describe tables in code, file by file: a column may come from there. */
  orm: OrmWords[]
}

/** Sources of services: those that were found beside the SQL, and those in the paths given, each once. */
export function walkServices(
  beside: FoundFile[],
  paths: string[],
  root: string,
): { files: FoundFile[]; problems: WalkProblem[] } {
  const given = paths.length === 0 ? { files: [], problems: [] } : walkFiles(paths, { root })
  for (const { kind, message } of given.problems) {
    if (kind === 'no-such-path') throw analyseErrors.PATH_NOT_FOUND({ message })
  }
  const files = new Map(
    [...beside, ...given.files].flatMap((file) => (file.kind === 'service' ? [[file.path, file]] : [])),
  )
  return {
    files: [...files.values()].toSorted((a, b) => byCodePoint(a.path, b.path)),
    problems: given.problems.filter(({ kind }) => kind !== 'no-sql'),
  }
}

/** So many are parsed at a time. */
const TOGETHER = 512

/** Reads the statements of services. `watch` is called before each file, and may throw to end it. */
export async function readServices(
  parser: Parser,
  files: FoundFile[],
  watch: (done: number, total: number) => void,
): Promise<Services> {
  const services: Services = { statements: [], orm: [] }
  let waiting: ServiceSql[] = []
  const parse = async () => {
    services.statements.push(...(await parseAll(parser, waiting)))
    waiting = []
  }
  for (const [at, file] of files.entries()) {
    watch(at, files.length)
    const { text } = decode(readFileSync(file.absolute))
    const words = ormWordsOf(text)
    if (words) services.orm.push(words)
    if (isOfTests(file.path) || isOtherDatabase(text)) continue
    waiting.push(...readServiceFile(file.path, text))
    if (waiting.length >= TOGETHER) await parse()
  }
  await parse()
  return services
}

async function parseAll(parser: Parser, all: ServiceSql[]): Promise<ServiceStatement[]> {
  const short = all.filter(({ parsable }) => parsable.length <= LONGEST_PARSED)
  const parsed = await parser.parse(
    short.map(({ parsable, line, lines }) => ({ parsable, line, marks: lines })),
  )
  return short.flatMap(({ file, text, holes }, at) => {
    const isKnown = !holes.some(({ kind }) => kind === 'table')
    return parsed[at]!.statements.map(({ facts, line }) => ({
      file,
      line,
      text,
      uses: isKnown ? facts.flatMap((fact) => (fact.fact === 'query' ? fact.uses : [])) : [],
      facts: facts.filter(({ fact }) => fact !== 'query'),
    }))
  })
}
