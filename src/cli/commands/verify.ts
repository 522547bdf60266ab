import { readStatus } from '../../deploy/verify.ts'
import { safeJson, safeLine } from '../../kernel/safe-text.ts'
import { identityErrors } from '../../modules/identity/index.ts'
import type { SystemStatus } from '../../kernel/services.ts'
import { cliErrors } from '../cli.errors.ts'
import { isOn, JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import { callOnce, claimHome, requireHome } from '../home-door.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

/** `expected` and `found` are told when the database is opened here; a running server names the places only. */
type Finding = { kind: string; path: string; expected?: string | null; found?: string | null }
type Verified = { pending: string[]; drift: Finding[] }

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--json]',
  summary:
    'Compares the live structure with what deploy left; exit code 1 when it was changed or cannot be told.',
  flags: [JSON_FLAG],
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const verified = await verify(surroundings)
    await writeLine(terminal.stdout, isOn(flags, 'json') ? safeJson(verified) : describe(verified))
    return verified.drift.length === 0 ? EXIT.ok : EXIT.failure
  },
}

async function verify(surroundings: Surroundings): Promise<Verified> {
  const { config } = surroundings
  if (config.databaseUrl !== null) return verifyHere(surroundings)
  return claimHome(config.home, {
    here: () => verifyHere(surroundings),
    throughServer: () => askServer(surroundings),
  })
}

async function verifyHere({ host, config }: Surroundings): Promise<Verified> {
  requireHome(config)
  const { database, release } = await host.openDatabase(config, { command: 'verify' })
  try {
    const status = await database.session((session) => readStatus(session, host.modules, { withDrift: true }))
    if (!status.isDeployed) throw cliErrors.NOT_DEPLOYED()
    return { pending: status.pending, drift: status.drift }
  } finally {
    await release()
  }
}

async function askServer(surroundings: Surroundings): Promise<Verified> {
  const status = (await callOnce(surroundings, 'platform.status')) as SystemStatus
  if (status.drift === null)
    throw identityErrors.FORBIDDEN({ message: 'Only admins see drift. Use the key of one.' })
  return { pending: status.migrations.pending, drift: status.drift }
}

function describe({ pending, drift }: Verified): string {
  const waiting = pending.length === 0 ? [] : [`Waiting for deploy: ${pending.join(', ')}.`]
  if (drift.length === 0) return ['The live structure is what the last deploy left.', ...waiting].join('\n')
  if (drift.every(({ kind }) => kind === 'unknown')) {
    const why = drift.map(({ path }) => safeLine(path)).join('; ')
    return [`Whether the structure was changed is unknown: ${why}.`, ...waiting].join('\n')
  }
  const findings = drift.flatMap(({ kind, path, expected, found }) => [
    `  ${kind}: ${safeLine(path)}`,
    ...(expected ? [`    expected ${shortened(expected)}`] : []),
    ...(found ? [`    found    ${shortened(found)}`] : []),
  ])
  const count = drift.length === 1 ? '1 difference' : `${drift.length} differences`
  return [
    ...findings,
    `${count} from what the last deploy left. Undo them, or pass --accept-drift to the next deploy.`,
    ...waiting,
  ].join('\n')
}

function shortened(text: string): string {
  const line = safeLine(text)
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
