import type { Config } from '../kernel/config.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Flag, ParsedFlags } from './flags.ts'
import type { Host } from './host.ts'
import { HomeDoor } from './home-door.ts'
import { interruptible } from './interrupt.ts'
import type { Terminal } from './terminal.ts'

/** What a command is handed. `requestId` names this run in the journal and the log. */
export type Surroundings = { host: Host; terminal: Terminal; config: Config; log: Logger; requestId: string }

/** A command that is not an operation. */
export type Command = {
  name: string
  /** What may follow the name, as in `FILE... [flags]`. */
  usage: string
  summary: string
  flags: readonly Flag[]
  /** Resolves with the exit code; errors that are thrown are shown and make it 1 or 2. */
  run(flags: ParsedFlags, surroundings: Surroundings): Promise<number>
}

export const JSON_FLAG: Flag = { name: 'json', kind: 'switch', summary: 'Print the result as JSON.' }
export const HELP_FLAG: Flag = { name: 'help', kind: 'switch', summary: 'Show this help.' }

/** Whether a switch was given and not negated. */
export function isOn(flags: ParsedFlags, name: string): boolean {
  return flags.values.get(name)?.[0] === 'true'
}

/** The value of a flag that may be given once. */
export function valueOf(flags: ParsedFlags, name: string): string | undefined {
  return flags.values.get(name)?.[0]
}

/** Runs `work` with a door to the configured home and a signal that Ctrl-C aborts; closes the door afterwards. */
export async function withHomeDoor<T>(
  { host, terminal, config, log }: Surroundings,
  command: string,
  work: (door: HomeDoor, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, release } = interruptible(terminal)
  const door = new HomeDoor({ config, host, terminal, log, command })
  try {
    return await work(door, signal)
  } finally {
    await door.close()
    release()
  }
}
