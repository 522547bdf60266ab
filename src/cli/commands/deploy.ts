import type { Database, Session } from '../../db/database.ts'
import { applyDeploy, type DeployResult } from '../../deploy/apply.ts'
import { baselineDeploy } from '../../deploy/baseline.ts'
import { planReadOnly, type Plan } from '../../deploy/plan.ts'
import { safeJson, safeLine } from '../../kernel/safe-text.ts'
import { cliErrors } from '../cli.errors.ts'
import { isOn, JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import { usage, type ParsedFlags } from '../flags.ts'
import { claimHome } from '../home-door.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

export const deployCommand: Command = {
  name: 'deploy',
  usage: '[--plan] [--baseline] [--accept-drift] [--json]',
  summary: 'Brings the database to the structure of this version; start does it by itself.',
  flags: [
    {
      name: 'plan',
      kind: 'switch',
      summary: 'Show what would be done, with locks and hazards; nothing is written.',
    },
    {
      name: 'baseline',
      kind: 'switch',
      summary: 'Take the structure that is here, as of a restored copy, for deployed.',
    },
    {
      name: 'acceptDrift',
      kind: 'switch',
      summary: 'Deploy although the live structure was changed by hand.',
    },
    JSON_FLAG,
  ],
  run: async (flags, surroundings) => {
    const [surplus] = flags.positionals
    if (surplus !== undefined) throw usage(`deploy takes no argument, and got ${JSON.stringify(surplus)}.`)
    const work = readWork(flags)
    const { database, release } = await openForDeploy(surroundings, isOn(flags, 'plan'))
    try {
      const text = await database.session((session) => work(session, surroundings, isOn(flags, 'json')))
      await writeLine(surroundings.terminal.stdout, text)
    } finally {
      await release()
    }
    return EXIT.ok
  },
}

/** What the flags ask for; resolves with what is to be printed. */
type Work = (session: Session, surroundings: Surroundings, isJson: boolean) => Promise<string>

function readWork(flags: ParsedFlags): Work {
  const isPlan = isOn(flags, 'plan')
  const isBaseline = isOn(flags, 'baseline')
  if (isPlan && isBaseline) throw usage('--plan and --baseline exclude each other.')
  if (isPlan) return plan
  return isBaseline ? baseline : (...given) => deploy(isOn(flags, 'acceptDrift'), ...given)
}

const plan: Work = async (session, { host }, isJson) => {
  const planned = await planReadOnly(session, host.modules)
  return isJson ? asJson({ plan: planned, durationMs: null }) : describePlan(planned)
}

const baseline: Work = async (session, { host, terminal }, isJson) => {
  const { migrations } = await baselineDeploy(session, host.modules, { clock: terminal.clock })
  if (isJson) return safeJson({ isApplied: true, isBaseline: true, migrations })
  return `Taken as deployed: the structure is what ${migrations} migrations of this version would make.`
}

async function deploy(acceptDrift: boolean, ...given: Parameters<Work>): Promise<string> {
  const [session, { host, terminal }, isJson] = given
  const done = await applyDeploy(session, host.modules, { clock: terminal.clock, acceptDrift })
  return isJson ? asJson(done) : describeDone(done)
}

/**
 * The database without deploying to it. Waits for a command that ends; a running server holds its embedded database
 * for good and is an error, HOME_IN_USE.
 */
async function openForDeploy(
  { host, config }: Surroundings,
  isDry: boolean,
): Promise<{ database: Database; release: () => Promise<void> }> {
  const open = () => host.openDatabase(config, { command: 'deploy', isDry })
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

/** The plan without its sources: every statement stands in it already. */
function asJson(done: { plan: Plan; durationMs: number | null }): string {
  const steps = done.plan.steps.map(({ source: _, ...step }) => step)
  return safeJson({ isApplied: done.durationMs !== null, durationMs: done.durationMs, ...done.plan, steps })
}

function describeDone({ plan, durationMs }: DeployResult): string {
  if (plan.steps.length === 0) return 'Nothing to do: the database has the structure of this version.'
  const seconds = (durationMs / 1000).toFixed(1)
  return [...plan.steps.map((step) => `  ${step.id}`), `Deployed ${counted(plan)} in ${seconds} s.`].join(
    '\n',
  )
}

function describePlan(plan: Plan): string {
  if (plan.steps.length === 0)
    return ['Nothing to do: the database has the structure of this version.', ...describeDrift(plan)].join(
      '\n',
    )
  return [
    ...plan.steps.flatMap((step) => [
      `  ${step.id} (${step.kind})`,
      ...step.statements.flatMap(describeEffects),
    ]),
    ...describeDrift(plan),
    `Deploy would run ${counted(plan)}. Nothing was written.`,
  ].join('\n')
}

/** What `verify` would list, and that a deploy of steps is refused for it. */
function describeDrift({ drift, steps }: Plan): string[] {
  if (drift.length === 0) return []
  const refused =
    steps.length === 0
      ? 'The structure is not what the last deploy left:'
      : 'Deploy would be refused (DEPLOY_DRIFT) without --accept-drift: the structure is not what the last deploy left:'
  return [refused, ...drift.map(({ kind, path }) => `  ${kind}: ${safeLine(path)}`)]
}

/** Only what touches relations that are there already: new ones block nobody. */
function describeEffects(statement: Plan['steps'][number]['statements'][number]): string[] {
  const { sql, line, locks, rewrites, hazards } = statement
  if (locks.length === 0 && rewrites.length === 0 && hazards.length === 0) return []
  const parts = [
    ...locks.map(({ relation, mode }) => `locks ${relation} (${mode})`),
    ...rewrites.map(
      ({ relation, rows, bytes }) => `rewrites ${relation} (about ${rows} rows, ${bytes} bytes)`,
    ),
    ...hazards,
  ]
  return [`    line ${line}: ${safeLine(sql).slice(0, 80)}`, `      ${safeLine(parts.join('; '))}`]
}

function counted(plan: Plan): string {
  const statements = plan.steps.reduce((sum, step) => sum + step.statements.length, 0)
  return `${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'} (${statements} statements)`
}
