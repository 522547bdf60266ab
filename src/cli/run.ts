import type { AnyOperation } from '../db/operation.ts'
import { toLoggable } from '../doors/problem.ts'
import { readConfig } from '../kernel/config.ts'
import type { RobbieError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { createLogger, type LogLevel } from '../kernel/logger.ts'
import { safeJson } from '../kernel/safe-text.ts'
import { HELP_FLAG, isOn, type Command, type Surroundings } from './command.ts'
import { analyzeCommand } from './commands/analyze.ts'
import { chatCommand } from './commands/chat.ts'
import { demoCommand } from './commands/demo.ts'
import { deployCommand } from './commands/deploy.ts'
import { importCommand } from './commands/import.ts'
import { mcpCommand } from './commands/mcp.ts'
import { signInCommand } from './commands/sign-in.ts'
import { startCommand } from './commands/start.ts'
import { statusCommand } from './commands/status.ts'
import { verifyCommand } from './commands/verify.ts'
import { parseFlags, usage } from './flags.ts'
import { commandHelp, moduleHelp, operationHelp, overview } from './help.ts'
import type { Host } from './host.ts'
import { nearest } from './nearest.ts'

import { EXIT, exitCodeOf, explain, problemJson, toShown } from './report-error.ts'
import { runOperation } from './run-operation.ts'
import { writeLine, type Terminal } from './terminal.ts'

const versionCommand: Command = {
  name: 'version',
  usage: '',
  summary: 'Shows the version.',
  flags: [{ name: 'json', kind: 'switch', summary: 'Print it as JSON.' }],
  run: async (flags, { host, terminal }) => {
    const text = isOn(flags, 'json') ? safeJson({ version: host.version }) : `robbieverse ${host.version}`
    await writeLine(terminal.stdout, text)
    return EXIT.ok
  },
}

const helpCommand: Command = {
  name: 'help',
  usage: '[COMMAND]',
  summary: 'Shows this list, or the flags of one command.',
  flags: [],
  run: async ({ positionals }, { host, terminal }) => {
    await writeLine(terminal.stdout, helpOn(positionals, host))
    return EXIT.ok
  },
}

export const COMMANDS: readonly Command[] = [
  startCommand,
  chatCommand,
  importCommand,
  demoCommand,
  mcpCommand,
  signInCommand,
  statusCommand,
  verifyCommand,
  deployCommand,
  analyzeCommand,
  versionCommand,
  helpCommand,
]

type Found = { command: Command; rest: string[] } | { operation: AnyOperation; rest: string[] }

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 findings or failure, 2 not understood. Errors go to
 * standard error, as a problem document when `--json` was asked for; standard output stays empty then.
 */
export async function runCli(argv: readonly string[], host: Host, terminal: Terminal): Promise<number> {
  let typed: string | null = null
  const requestId = newId()
  try {
    const found = findCommand(argv, host)
    typed = 'command' in found ? found.command.name : found.operation.id.replaceAll('.', ' ')
    return await run(found, requestId, { host, terminal })
  } catch (error) {
    // The reader of a pipe went away, as `head` does: nobody is left to be told.
    if ((error as { code?: unknown }).code === 'EPIPE') return EXIT.ok
    const shown = toShown(error)
    // The problem document says that the log has more; people are shown the cause itself.
    if (shown.code === 'INTERNAL' && wantsJson(argv)) logCause(shown, requestId, terminal)
    const text = wantsJson(argv)
      ? problemJson(shown, requestId)
      : explain(shown, { command: typed, requestId })
    await writeLine(terminal.stderr, text).catch(() => undefined)
    return exitCodeOf(shown)
  }
}

/** An error that a server answered has no cause here: the server's own log has it. */
function logCause(error: RobbieError, requestId: string, { env, cwd }: Terminal): void {
  if (error.cause === undefined) return
  let level: LogLevel = 'error'
  try {
    level = readConfig(env, cwd).logLevel
  } catch {
    // What cannot be read is told as the failure itself.
  }
  createLogger(level).error({ requestId, err: toLoggable(error.cause) }, 'a command failed')
}

async function run(
  found: Found,
  requestId: string,
  { host, terminal }: Pick<Surroundings, 'host' | 'terminal'>,
): Promise<number> {
  const surroundings = (): Surroundings => {
    const config = readConfig(terminal.env, terminal.cwd)
    return { host, terminal, config, requestId, log: createLogger(config.logLevel) }
  }
  if ('operation' in found) return runOperation(found.operation, found.rest, surroundings())
  const { command, rest } = found
  const flags = parseFlags(rest, [...command.flags, HELP_FLAG])
  if (isOn(flags, 'help')) {
    await writeLine(
      terminal.stdout,
      command === helpCommand ? overview(COMMANDS, host.operations) : commandHelp(command),
    )
    return EXIT.ok
  }
  return command.run(flags, surroundings())
}

/** The command or operation that the first words name, and what follows them. Throws USAGE. */
function findCommand(argv: readonly string[], host: Host): Found {
  const [first, ...rest] = argv
  if (first === undefined) return { command: helpCommand, rest: [] }
  if (first === '--version' || first === '-v') return { command: versionCommand, rest }
  if (first === '--help' || first === '-h') return { command: helpCommand, rest: [] }
  if (first.startsWith('-')) throw usage(`The command comes first, then its flags; ${first} is a flag.`)
  const command = COMMANDS.find((known) => known.name === first)
  if (command) return { command, rest }
  const operation = findOperation(argv, host)
  if (operation) return operation
  const words = wordsOf(argv)
  if (words.length === 1 && operationsOf(first, host).length > 0 && isHelpAsked(rest)) {
    return { command: helpCommand, rest: [first] }
  }
  throw unknownCommand(words, host)
}

function findOperation(argv: readonly string[], host: Host): Found | null {
  const words = wordsOf(argv)
  for (let count = words.length; count > 0; count -= 1) {
    const id = words.slice(0, count).map(toIdPart).join('.')
    const operation = host.operations.find((known) => known.id === id)
    if (operation) return { operation, rest: argv.slice(count) }
  }
  return null
}

/** Operation ids have at most three parts; a fourth word is an argument. */
function wordsOf(argv: readonly string[]): string[] {
  const end = argv.findIndex((token) => token.startsWith('-'))
  return argv.slice(0, Math.min(4, end === -1 ? argv.length : end))
}

function toIdPart(word: string): string {
  return word.toLowerCase().replaceAll('-', '_')
}

function operationsOf(module: string, host: Host): AnyOperation[] {
  return host.operations.filter((operation) => operation.id.startsWith(`${toIdPart(module)}.`))
}

function unknownCommand(words: string[], host: Host) {
  const [first = ''] = words
  const inModule = operationsOf(first, host)
  if (inModule.length > 0) {
    const verbs = inModule.map((operation) =>
      operation.id
        .slice(first.length + 1)
        .replaceAll('.', ' ')
        .replaceAll('_', '-'),
    )
    // What follows the verb may be an argument, so that ever fewer words are tried as the verb.
    const tries = words.slice(1).map((_, index) => words.slice(1, words.length - index).join(' '))
    const close = tries.map((verb) => nearest(verb, verbs)).find((found) => found !== null)
    const said = words.length > 1 ? `${first} has no operation ${words[1]}.` : `${first} what?`
    const hint = close === undefined ? `There are: ${verbs.join(', ')}.` : `Did you mean ${first} ${close}?`
    return usage(`${said} ${hint}`)
  }
  const modules = host.operations.map((operation) => operation.id.split('.')[0]!)
  const close = nearest(first, new Set([...COMMANDS.map((command) => command.name), ...modules]))
  return usage(
    `There is no command ${first}.${close === null ? ' See robbieverse help.' : ` Did you mean ${close}?`}`,
  )
}

function helpOn(words: readonly string[], host: Host): string {
  const [first] = words
  if (first === undefined) return overview(COMMANDS, host.operations)
  const command = COMMANDS.find((known) => known.name === first)
  if (command) return commandHelp(command)
  const found = findOperation(words, host)
  if (found && 'operation' in found) return operationHelp(found.operation)
  const inModule = operationsOf(first, host)
  if (words.length === 1 && inModule.length > 0) return moduleHelp(first, inModule)
  throw unknownCommand([...words], host)
}

function isHelpAsked(tokens: readonly string[]): boolean {
  return tokens.some((token) => token === '--help' || token === '-h')
}

/** Also where the flags themselves could not be read: a program that asked for JSON gets its errors as JSON. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  return flags.includes('--json') || flags.includes('--json=true')
}
