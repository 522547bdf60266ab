import { variantsOf, type Estate } from './estate.ts'
import { SEVERITIES, type Analysis, type Finding } from './finding.ts'
import type { EstateFile, Source } from './inventory/estate-file.ts'
import { Parser } from './inventory/parser.ts'
import { readFile } from './inventory/read-file.ts'
import { walkFiles } from './inventory/walk.ts'
import { judge } from './rules/index.ts'
import { elsewhereOf } from './scratch/elsewhere.ts'
import { execute } from './scratch/execute.ts'
import { rootsOf } from './scratch/roots.ts'
import { Scratch } from './scratch/scratch.ts'
import { simulate } from './simulate/simulate.ts'
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
export async function analyse(request: AnalyseRequest): Promise<Analysis> {
  const walk = walkFiles(request.paths)
  const parser = new Parser()
  const files: EstateFile[] = []
  try {
    for (const file of walk.files) if (file.kind === 'sql') files.push(await readFile(parser, file))
  } finally {
    await parser.close()
  }
  const estate = await look(files)
  return report(
    estate,
    walk.problems.map(({ message }) => message),
  )
}

/** What files say, and what becomes of it when it is run. */
async function look(files: EstateFile[]): Promise<Estate> {
  const sources = groupIntoSources(files)
  const simulated = sources.map(simulate)
  const elsewhere = elsewhereOf(simulated)
  const scratch = new Scratch()
  try {
    const executions = []
    for (const source of sources) executions.push(await execute(scratch, source, elsewhere))
    const roots = executions.flatMap((execution, at) => rootsOf(execution, simulated[at]!))
    return { files, sources, simulated, executions, roots, variants: variantsOf(simulated) }
  } finally {
    await scratch.close()
  }
}

function report(estate: Estate, incomplete: string[]): Analysis {
  const findings = judge(estate)
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
      first: [],
      incomplete,
    },
    sources: estate.sources.map((source, at) => summaryOf(source, estate, at)),
    findings,
    matrix: { sources: [], rows: [] },
    plan: [],
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
