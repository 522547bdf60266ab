import { resolve } from 'node:path'

import { analyseErrors } from './analyse.errors.ts'
import { variantsOf, type Estate } from './estate.ts'
import { SEVERITIES, type Analysis, type Finding } from './finding.ts'
import type { EstateFile, Source } from './inventory/estate-file.ts'
import { hasOwnNeighbour, otherDatabases, overshadowed } from './inventory/named-database.ts'
import { Parser } from './inventory/parser.ts'
import { readFile } from './inventory/read-file.ts'
import { commonRoot, walkFiles, type WalkProblem } from './inventory/walk.ts'
import { shortType } from './inventory/type-text.ts'
import { naturesOf } from './kinship.ts'
import type { AnalyseOptions } from './progress.ts'
import { matrixOf, type SourceTables } from './report/matrix.ts'
import { planOf, type Need } from './report/plan.ts'
import { judge } from './rules/index.ts'
import { tableRef } from './rules/rule.ts'
import { elsewhereOf } from './scratch/elsewhere.ts'
import { execute, type Execution } from './scratch/execute.ts'
import { rootsOf } from './scratch/roots.ts'
import { Scratch } from './scratch/scratch.ts'
import { readServices, walkServices, type Services } from './services/read-services.ts'
import { simulate } from './simulate/simulate.ts'
import type { Simulated, TableState } from './simulate/state.ts'
import { groupIntoSources } from './sources.ts'

export type AnalyseRequest = {
  /** Files and folders with SQL. */
  paths: string[]
  /** Files and folders with the source of services. */
  services: string[]
  /** Address of a live database; null for none. */
  database: string | null
  signal: AbortSignal
}

/** Reads an estate and judges it. Changes nothing but what is in memory. */
export async function analyse(request: AnalyseRequest, options: AnalyseOptions = {}): Promise<Analysis> {
  const root = commonRoot([...request.paths, ...request.services].map((path) => resolve(path)))
  const walk = walkFiles(request.paths, { root })
  refuse(walk.problems)
  const services = walkServices(walk.files, request.services, root)
  const tell = (doing: string, done: number, total: number) => options.onProgress?.({ doing, done, total })
  const parser = new Parser()
  const files: EstateFile[] = []
  let said: Services = { statements: [], orm: [] }
  try {
    const sql = walk.files.filter(({ kind }) => kind === 'sql')
    for (const [at, file] of sql.entries()) {
      request.signal.throwIfAborted()
      tell('reading', at, sql.length)
      files.push(await readFile(parser, file))
    }
    markVariants(files)
    said = await readServices(parser, services.files, (done, total) => {
      request.signal.throwIfAborted()
      tell('reading services', done, total)
    })
  } finally {
    await parser.close()
  }
  const scratch = options.scratch ?? new Scratch()
  const tools = walk.files.flatMap((file) =>
    file.kind === 'tool' ? { path: file.path, tool: file.tool } : [],
  )
  const scratchOfOwn = options.scratch ? null : scratch
  try {
    const known = { files, tools, services: said }
    const estate = await look(known, { scratch, signal: request.signal, tell })
    const problems = [...walk.problems, ...services.problems].map(({ message }) => message)
    return report(estate, [...new Set(problems)])
  } finally {
    await scratchOfOwn?.close()
  }
}

type Tell = (doing: string, done: number, total: number) => void
type Looking = { scratch: Scratch; signal: AbortSignal; tell: Tell }

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

/** Throws for what leaves nothing to look at. */
function refuse(problems: WalkProblem[]): void {
  for (const { kind, message } of problems) {
    if (kind === 'no-such-path') throw analyseErrors.PATH_NOT_FOUND({ message })
    if (kind === 'no-sql') throw analyseErrors.NO_SQL_FOUND({ message })
  }
}

/** What files say, and what becomes of it when it is run. */
async function look(
  known: Pick<Estate, 'files' | 'tools' | 'services'>,
  { scratch, signal, tell }: Looking,
): Promise<Estate> {
  const sources = groupIntoSources(known.files)
  const simulated = sources.map(simulate)
  const natures = naturesOf(sources, simulated)
  const elsewhere = elsewhereOf(simulated, sources, natures)
  const executions: Execution[] = []
  for (const [at, source] of sources.entries()) {
    signal.throwIfAborted()
    tell('trying', at, sources.length)
    executions.push(await execute(scratch, source, elsewhere))
  }
  const roots = executions.flatMap((execution, at) => rootsOf(execution, simulated[at]!))
  return { ...known, sources, simulated, executions, roots, variants: variantsOf(simulated, natures) }
}

function report(estate: Estate, incomplete: string[]): Analysis {
  const findings = judge(estate)
  const { plan, first } = planOf(findings, needsOf(estate))
  const countOf = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length
  return {
    version: 1,
    summary: {
      files: estate.files.length,
      statements: estate.files.reduce((sum, { statements }) => sum + statements.length, 0),
      tables: estate.variants.size,
      findings: Object.fromEntries(
        SEVERITIES.map((severity) => [severity, countOf(severity)]),
      ) as Analysis['summary']['findings'],
      first,
      incomplete,
    },
    sources: estate.sources.map((source, at) => summaryOf(source, estate, at)),
    findings,
    matrix: matrixOf(estate.simulated.map(tablesOf)),
    plan,
  }
}

/** Which table has to be there before which: by their foreign keys. */
function needsOf({ variants }: Estate): Need[] {
  return [...variants.values()].flat().flatMap(({ table }) =>
    table.keys.flatMap(({ target }) => {
      const referred = target === null ? undefined : variants.get(target)?.[0]?.table
      return referred && referred.name !== table.name
        ? { object: tableRef(table), needs: tableRef(referred) }
        : []
    }),
  )
}

function tablesOf({ source, tables }: Simulated): SourceTables {
  const columnsOf = ({ columns }: TableState) =>
    [...columns.values()].map(({ name, type }) => ({ name, type: shortType(type) }))
  return {
    source,
    tables: [...tables.values()].map((table) => ({
      schema: table.schema,
      name: table.name,
      columns: columnsOf(table),
    })),
  }
}

function summaryOf(
  source: Source,
  { executions, simulated }: Estate,
  at: number,
): Analysis['sources'][number] {
  return {
    name: source.name,
    kind: source.kind,
    files: source.files.map(({ path }) => path),
    statements: source.files.reduce((sum, { statements }) => sum + statements.length, 0),
    failed: executions[at]?.failed.length ?? null,
    tables: simulated[at]!.tables.size,
  }
}
