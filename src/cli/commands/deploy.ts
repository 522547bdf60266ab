import type { Database } from '../../db/database.ts'
import { applyDeploy } from '../../deploy/apply.ts'
import { planReadOnly, type Plan } from '../../deploy/plan.ts'
import { cliErrors } from '../cli.errors.ts'
import { isOn, JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import { usage } from '../flags.ts'
import { claimHome } from '../home-door.ts'
import { EXIT } from '../report-error.ts'
import { safeJson, safeLine } from '../safe-text.ts'
import { writeLine } from '../terminal.ts'

export const deployCommand: Command = {
  name: 'deploy',
  usage: '[--plan] [--accept-drift] [--json]',
  summary: 'Brings the database to the structure of this version; start does it by itself.',
  flags: [
    { name: 'plan', kind: 'switch', summary: 'Show what would be done, with locks and hazards; nothing is written.' },
    { name: 'acceptDrift', kind: 'switch', summary: 'Deploy although the live structure was changed by hand.' },
    JSON_FLAG,
  ],
  run: async (flags, surroundings) => {
    const [surplus] = flags.positionals
    if (surplus !== undefined) throw usage(`deploy takes no argument, and got ${JSON.stringify(surplus)}.`)
    const { terminal, host } = surroundings
    const isJson = isOn(flags, 'json')
    const isPlan = isOn(flags, 'plan')
    const { database, release } = await openForDeploy(surroundings, 'deploy')
    try {
      const done = isPlan
        ? { plan: await database.session((session) => planReadOnly(session, host.modules)), durationMs: null }
        : await deploy(database, surroundings, { acceptDrift: isOn(flags, 'acceptDrift') })
      const text = isJson ? asJson(done) : isPlan ? describePlan(done.plan) : describeDone(done.plan, done.durationMs)
      await writeLine(terminal.stdout, text)
    } finally {
      await release()
    }
    return EXIT.ok
  },
}

/**
 * The database without deploying to it. Waits for a command that ends; a running server holds its embedded database
 * for good and is an error, HOME_IN_USE.
 */
export async function openForDeploy(
  { host, config }: Surroundings,
  command: string,
): Promise<{ database: Database; release(): Promise<void> }> {
  const open = () => host.openDatabase(config, { command })
  if (config.databaseUrl !== null) return open()
  return claimHome(config.home, {
    here: open,
    throughServer: async ({ pid, address }) => {
      throw cliErrors.HOME_IN_USE({
        message: `The server at ${address} (process ${pid}) has this database open, and deploys when it starts. Stop it first.`,
        data: { pid, address },
      })
    },
  })
}

async function deploy(database: Database, { host, terminal }: Surroundings, options: { acceptDrift: boolean }) {
  return database.session((session) =>
    applyDeploy(session, host.modules, { clock: terminal.clock, acceptDrift: options.acceptDrift }),
  )
}

/** The plan without its sources: every statement stands in it already. */
function asJson({ plan, durationMs }: { plan: Plan; durationMs: number | null }): string {
  const steps = plan.steps.map(({ source: _, ...step }) => step)
  return safeJson({ isApplied: durationMs !== null, durationMs, ...plan, steps })
}

function describeDone(plan: Plan, durationMs: number | null): string {
  if (plan.steps.length === 0) return 'Nothing to do: the database has the structure of this version.'
  const seconds = ((durationMs ?? 0) / 1000).toFixed(1)
  return [...plan.steps.map((step) => `  ${step.id}`), `Deployed ${counted(plan)} in ${seconds} s.`].join('\n')
}

function describePlan(plan: Plan): string {
  if (plan.steps.length === 0) return 'Nothing to do: the database has the structure of this version.'
  return [
    ...plan.steps.flatMap((step) => [`  ${step.id} (${step.kind})`, ...step.statements.flatMap(describeEffects)]),
    `Deploy would run ${counted(plan)}. Nothing was written.`,
  ].join('\n')
}

/** Only what touches relations that are there already: new ones block nobody. */
function describeEffects(statement: Plan['steps'][number]['statements'][number]): string[] {
  const { sql, line, locks, rewrites, hazards } = statement
  if (locks.length === 0 && rewrites.length === 0 && hazards.length === 0) return []
  const parts = [
    ...locks.map(({ relation, mode }) => `locks ${relation} (${mode})`),
    ...rewrites.map(({ relation, rows, bytes }) => `rewrites ${relation} (about ${rows} rows, ${bytes} bytes)`),
    ...hazards,
  ]
  return [`    line ${line}: ${safeLine(sql).slice(0, 80)}`, `      ${safeLine(parts.join('; '))}`]
}

function counted(plan: Plan): string {
  const statements = plan.steps.reduce((sum, step) => sum + step.statements.length, 0)
  return `${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'} (${statements} statements)`
}
