import { stat } from 'node:fs/promises'

import type { Door } from '../../doors/door.ts'
import { toRobbieError } from '../../db/sql-error.ts'
import { safeJson } from '../../kernel/safe-text.ts'
import { isOn, JSON_FLAG, valueOf, withHomeDoor, type Command, type Surroundings } from '../command.ts'
import { usage } from '../flags.ts'
import { Importer } from '../import/importer.ts'
import { Progress } from '../import/progress.ts'
import { describeReport, emptyReport, type FileReport, type ImportReport } from '../import/report.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

/** One request: small enough that others get their turn on the embedded database, large enough to be quick. */
const BATCH = { messages: 500, bytes: 1024 * 1024 }
const DEFAULT_BODY_BYTES = 2 * 1024 * 1024
/** Room for the rest of a request beside its messages. */
const SPARE_BYTES = 16 * 1024

export const importCommand: Command = {
  name: 'import',
  usage: 'FILE... [--personality SLUG] [--json]',
  summary: 'Takes over history: ChatGPT, Claude, SillyTavern chats, character cards. Twice is fine.',
  flags: [
    { name: 'personality', kind: 'value', placeholder: 'SLUG', summary: 'Whom all conversations belong to.' },
    { ...JSON_FLAG, summary: 'Print the report as JSON, with everything that was left out.' },
  ],
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const paths = flags.positionals
    if (paths.length === 0) throw usage('import needs at least one file.')
    const isJson = isOn(flags, 'json')
    const report = await withHomeDoor(surroundings, 'import', (door, signal) =>
      importAll(surroundings, {
        paths,
        personality: valueOf(flags, 'personality') ?? null,
        isJson,
        door,
        signal,
      }),
    )
    await writeLine(terminal.stdout, isJson ? safeJson(report) : describeReport(report))
    return report.isComplete && report.files.every((file) => file.error === null) ? EXIT.ok : EXIT.failure
  },
}

type Task = { paths: string[]; personality: string | null; isJson: boolean; door: Door; signal: AbortSignal }

async function importAll(surroundings: Surroundings, task: Task): Promise<ImportReport> {
  const { host, terminal, requestId } = surroundings
  const { paths, personality, isJson, door, signal } = task
  if (personality !== null) {
    const input = { slug: personality }
    await door.call({
      operation: 'persona.get',
      input,
      credential: null,
      requestId,
      signal,
      interface: 'cli',
    })
  }
  const append = host.operations.find((operation) => operation.id === 'conversation.append')
  const isQuiet = isJson && !terminal.stderr.isTTY
  const progress = new Progress({
    output: isQuiet ? silent : terminal.stderr,
    clock: terminal.clock,
    totalBytes: await totalBytes(paths),
  })
  const importer = new Importer({
    door,
    signal,
    clock: terminal.clock,
    limits: { ...BATCH, messageBytes: (append?.maxBodyBytes ?? DEFAULT_BODY_BYTES) - SPARE_BYTES },
    personality,
    progress,
  })
  const files: FileReport[] = []
  for (const path of paths) {
    if (signal.aborted) break
    const report = emptyReport(path)
    files.push(report)
    const isOver = await importOne(importer, path, report)
    if (isOver) break
  }
  progress.end()
  return { isComplete: !signal.aborted && files.length === paths.length, files }
}

const silent = { isTTY: false, write: () => true } as unknown as Surroundings['terminal']['stderr']

/** Whether the error it met, if any, would befall the next file too. */
async function importOne(importer: Importer, path: string, report: FileReport): Promise<boolean> {
  try {
    await importer.importFile(path, report)
    return false
  } catch (error) {
    // Errors of reading carry a code of their own; everything else is the home's.
    const code = (error as { code?: unknown }).code
    const isOfFile = typeof code === 'string' && code.startsWith('IMPORT_')
    const shown = toRobbieError(error)
    // Stopped by hand: the report says so as a whole, and the file is not at fault.
    if (shown.code === 'CANCELLED') return true
    report.error = isOfFile
      ? { code, message: (error as Error).message }
      : { code: shown.code, message: shown.message }
    return !isOfFile
  }
}

async function totalBytes(paths: string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
