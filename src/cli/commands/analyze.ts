import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { analyseErrors } from '../../estate/analyse/analyse.errors.ts'
import type { Analysis } from '../../estate/analyse/finding.ts'
import type { AnalyseRequest } from '../../estate/analyse/index.ts'
import type { AnalyseOptions } from '../../estate/analyse/progress.ts'
import { applyBaseline, readBaseline, writeBaseline } from '../../estate/analyse/report/baseline.ts'
import { FORMATS, writeReport } from '../../estate/analyse/report/formats.ts'
import { counted } from '../../estate/analyse/report/object-groups.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import { safeLine } from '../../kernel/safe-text.ts'
import { FAIL_ON, readChoice, type AnalyzeChoice } from '../analyze-choice.ts'
import { JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import type { Flag } from '../flags.ts'
import { interruptible } from '../interrupt.ts'
import { bar, RedrawnLine } from '../progress-bar.ts'
import { EXIT, USAGE_CODES } from '../report-error.ts'
import { columnsOf, write, writeLine } from '../terminal.ts'

type Analyse = (request: AnalyseRequest, options: AnalyseOptions) => Promise<Analysis>

const FLAGS: readonly Flag[] = [
  {
    name: 'database',
    kind: 'value',
    placeholder: 'URL',
    summary: 'Compare with this live database too; it is only read.',
  },
  {
    name: 'services',
    kind: 'list',
    placeholder: 'PATH',
    summary: 'Look at the SQL in this source code too; may be given several times.',
  },
  {
    name: 'format',
    kind: 'value',
    placeholder: 'FORMAT',
    summary: `${FORMATS.join(', ')}; left out: what the name of --out says, else text.`,
  },
  { ...JSON_FLAG, summary: 'The same as --format json.' },
  { name: 'out', kind: 'value', placeholder: 'FILE', summary: 'Write the report to this file.' },
  {
    name: 'failOn',
    kind: 'value',
    placeholder: 'SEVERITY',
    summary: `Exit with 1 when there is a finding of this severity or a worse one: ${FAIL_ON.join(', ')}. Left out: critical.`,
  },
  { name: 'all', kind: 'switch', summary: 'Leave nothing out of the text, however long it gets.' },
  {
    name: 'baseline',
    kind: 'value',
    placeholder: 'FILE',
    summary: 'Hide the findings that this file accepts, and count them.',
  },
  {
    name: 'writeBaseline',
    kind: 'value',
    placeholder: 'FILE',
    summary: 'Accept all findings of today: write them to this file.',
  },
]

/** Needs no home and no database. The analyser is loaded when it is needed, for it brings a parser and a database. */
export const analyzeCommand: Command = {
  name: 'analyze',
  usage: 'PATH... [flags]',
  summary: 'Says what a folder of SQL files really is: conflicts, what fails and why, and what to do first.',
  flags: FLAGS,
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const choice = readChoice(flags)
    const isThere = (path: string) => existsSync(resolve(terminal.cwd, path))
    const there = { paths: choice.paths.filter(isThere), services: choice.services.filter(isThere) }
    const missing = [...choice.paths, ...choice.services].filter((path) => !isThere(path))
    if (there.paths.length === 0) throw notFound(missing)
    const baseline = choice.baseline === null ? null : readBaseline(readFile(choice.baseline, terminal.cwd))
    for (const path of [choice.out, choice.writeBaseline]) if (path !== null) checkFolder(path, terminal.cwd)
    const { analyse } = await import('../../estate/analyse/index.ts')
    const found = await analyseHere(analyse, { ...choice, ...there }, surroundings)
    if (found.summary.files === 0 && choice.database === null) throw analyseErrors.NO_SQL_FOUND()
    if (choice.writeBaseline !== null) {
      writeFile(choice.writeBaseline, terminal.cwd, writeBaseline(found))
      await writeLine(
        terminal.stderr,
        `Accepted ${counted(found.findings.length, 'finding')} in ${safeLine(choice.writeBaseline)}.`,
      )
    }
    const shown = baseline === null ? found : applyBaseline(found, baseline)
    await put(shown, choice, surroundings)
    if (missing.length > 0) throw notFound(missing)
    return exitCodeOf(shown, choice)
  },
}

async function analyseHere(
  analyse: Analyse,
  { paths, services, database }: AnalyzeChoice,
  { terminal }: Surroundings,
): Promise<Analysis> {
  const { signal, release } = interruptible(terminal)
  const line = new RedrawnLine({ output: terminal.stderr, clock: terminal.clock })
  try {
    return await analyse(
      { paths, services, database, signal },
      {
        onProgress: ({ doing, done, total }) =>
          line.draw(() => `${total === 0 ? '' : `${bar(done / total)} `}${safeLine(doing)}`),
      },
    )
  } catch (error) {
    throw signal.aborted
      ? kernelErrors.CANCELLED({ message: 'Stopped before the end.', cause: error })
      : error
  } finally {
    line.end()
    release()
  }
}

async function put(
  analysis: Analysis,
  choice: AnalyzeChoice,
  { host, terminal }: Surroundings,
): Promise<void> {
  const { format, out, isWhole } = choice
  const { NO_COLOR: noColour, TERM: kind } = terminal.env
  const isColoured = out === null && terminal.stdout.isTTY === true && !noColour && kind !== 'dumb'
  const width = columnsOf(terminal)
  const text = writeReport(analysis, format, { width, isColoured, isWhole, version: host.version })
  if (out === null) {
    await write(terminal.stdout, text)
    return
  }
  writeFile(out, terminal.cwd, text)
  const { critical, warning, info } = analysis.summary.findings
  await writeLine(
    terminal.stdout,
    `Wrote ${safeLine(out)}: ${critical} critical, ${counted(warning, 'warning')}, ${info} info.`,
  )
}

/** What is accepted by being written to a baseline does not fail. */
function exitCodeOf({ summary }: Analysis, { failOn, writeBaseline: accepted }: AnalyzeChoice): number {
  const failed = summary.failed ?? []
  if (failed.some((code) => USAGE_CODES.has(code))) return EXIT.usage
  if (failed.length > 0) return EXIT.failure
  const failing = FAIL_ON.slice(0, FAIL_ON.indexOf(failOn) + 1)
  const isFailing =
    failOn !== 'never' && failing.some((level) => level !== 'never' && summary.findings[level] > 0)
  return isFailing && accepted === null ? EXIT.failure : EXIT.ok
}

function notFound(paths: readonly string[]) {
  const names = paths.map((path) => JSON.stringify(path)).join(', ')
  return analyseErrors.PATH_NOT_FOUND({
    message: `There is no file or folder ${names}. Check the path.`,
    data: { paths: [...paths] },
  })
}

function readFile(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8')
  } catch (cause) {
    throw analyseErrors.BASELINE_NOT_FOUND({ data: { path }, cause })
  }
}

/** Told before the analysis, which may take minutes. */
function checkFolder(path: string, cwd: string): void {
  attempt(path, () => accessSync(dirname(resolve(cwd, path)), constants.W_OK))
}

function writeFile(path: string, cwd: string, text: string): void {
  attempt(path, () => writeFileSync(resolve(cwd, path), text))
}

function attempt(path: string, work: () => void): void {
  try {
    work()
  } catch (cause) {
    const why = cause instanceof Error ? ` (${cause.message})` : ''
    throw analyseErrors.REPORT_NOT_WRITTEN({
      message: `${JSON.stringify(path)} cannot be written${why}. Check folder and rights.`,
      data: { path },
      cause,
    })
  }
}
