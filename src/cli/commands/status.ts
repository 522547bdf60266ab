import { readStatus, type DeployStatus } from '../../deploy/verify.ts'
import { safeJson } from '../../kernel/safe-text.ts'
import type { SystemStatus } from '../../kernel/services.ts'
import { cliErrors } from '../cli.errors.ts'
import { isOn, JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import { callOnce, claimHome, requireHome } from '../home-door.ts'
import { render } from '../render.ts'
import { EXIT } from '../report-error.ts'
import { columnsOf, writeLine } from '../terminal.ts'

/** `platform.status`; what only a deployed database can say is null while migrations wait for deploy, or it runs. */
type Status = Omit<SystemStatus, 'queue' | 'sizes' | 'model'> & {
  model: SystemStatus['model'] | null
  queue: SystemStatus['queue'] | null
  sizes: SystemStatus['sizes'] | null
}

export const statusCommand: Command = {
  name: 'status',
  usage: '[--json]',
  summary: 'Shows version, database, migrations, drift and sizes; changes nothing.',
  flags: [JSON_FLAG],
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const status = await readSystemStatus(surroundings)
    await writeLine(
      terminal.stdout,
      isOn(flags, 'json') ? safeJson(status) : render(status, columnsOf(terminal)),
    )
    return EXIT.ok
  },
}

async function readSystemStatus(surroundings: Surroundings): Promise<Status> {
  const { config } = surroundings
  if (config.databaseUrl !== null) return statusHere(surroundings)
  return claimHome(config.home, {
    here: () => statusHere(surroundings),
    throughServer: () => ask(surroundings),
  })
}

/** Opening the application deploys, so that it is opened only when there is nothing to deploy and nobody does. */
async function statusHere(surroundings: Surroundings): Promise<Status> {
  const { host, config } = surroundings
  requireHome(config)
  const { database, release } = await host.openDatabase(config, { command: 'status' })
  let deployed: DeployStatus
  try {
    deployed = await database.session((session) => readStatus(session, host.modules, { withDrift: true }))
  } finally {
    await release()
  }
  if (!deployed.isDeployed) throw cliErrors.NOT_DEPLOYED()
  if (deployed.pending.length === 0 && !deployed.isDeploying) return ask(surroundings)
  return {
    version: host.version,
    backend: database.backend,
    serverVersion: deployed.serverVersion,
    vectorVersion: deployed.vectorVersion,
    model: null,
    migrations: { applied: deployed.applied.length, pending: deployed.pending },
    drift: deployed.drift.map(({ kind, path }) => ({ kind, path })),
    queue: null,
    sizes: null,
  }
}

async function ask(surroundings: Surroundings): Promise<SystemStatus> {
  return (await callOnce(surroundings, 'platform.status')) as SystemStatus
}
