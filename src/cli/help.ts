import type { AnyOperation } from '../db/operation.ts'
import { safeLine } from '../kernel/safe-text.ts'
import type { Command } from './command.ts'
import { kebab, type Flag } from './flags.ts'
import { COMMON_FLAGS, fieldFlags, requiredFields, synopsis } from './operation-input.ts'

const COLUMN = 34

/** The overview: every command, then every operation, one line each. */
export function overview(commands: readonly Command[], operations: readonly AnyOperation[]): string {
  return [
    'robbieverse: the home of an AI personality.',
    '',
    'Usage: robbieverse COMMAND [flags]',
    '',
    'Commands',
    ...commands.map((command) => row(`${command.name} ${command.usage}`, command.summary)),
    '',
    'Operations, the same over HTTP and MCP',
    ...operations.map((operation) => row(synopsis(operation), operation.summary)),
    '',
    'Every command takes --help, and --json where it prints a result. Values may be @file or @- (standard input).',
    'A list is one value with commas between its items, or the flag once for each item, which may then hold commas.',
    'Exit codes: 0 done, 1 findings or failure, 2 the command was not understood.',
  ].join('\n')
}

/** The operations of one module, for `robbieverse persona`. */
export function moduleHelp(module: string, operations: readonly AnyOperation[]): string {
  return [`Operations of ${module}`, ...operations.map((item) => row(synopsis(item), item.summary))].join(
    '\n',
  )
}

export function commandHelp(command: Command): string {
  return [
    `Usage: robbieverse ${command.name} ${command.usage}`.trimEnd(),
    command.summary,
    ...flagLines(command.flags, []),
  ].join('\n')
}

export function operationHelp(operation: AnyOperation): string {
  const [method, path] = operation.http.split(' ')
  return [
    `Usage: robbieverse ${synopsis(operation)} [flags]`,
    safeLine(operation.summary),
    ...flagLines([...fieldFlags(operation), ...COMMON_FLAGS], requiredFields(operation)),
    '',
    `Over HTTP: ${method} ${path}`,
  ].join('\n')
}

function flagLines(flags: readonly Flag[], required: readonly string[]): string[] {
  if (flags.length === 0) return []
  return [
    '',
    ...flags.map((flag) => {
      const value = flag.kind === 'switch' ? '' : ` ${flag.placeholder ?? 'TEXT'}`
      const must = required.includes(flag.name) ? 'Required. ' : ''
      return row(`--${kebab(flag.name)}${value}`, must + flag.summary)
    }),
  ]
}

function row(left: string, right: string): string {
  const text = safeLine(right)
  if (left.length < COLUMN - 2) return `  ${left.padEnd(COLUMN - 2)}${text}`.trimEnd()
  return `  ${left}\n${' '.repeat(COLUMN)}${text}`.trimEnd()
}
