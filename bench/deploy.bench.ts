import { openServer } from '../src/db/open.ts'
import { OWNER_ROLE } from '../src/db/tx.ts'
import { applyDeploy } from '../src/deploy/apply.ts'
import { planDeploy } from '../src/deploy/plan.ts'
import { systemClock } from '../src/kernel/clock.ts'
import { modules } from '../src/modules/index.ts'
import { benchServer, createDatabase } from './support/bench-app.ts'
import {
  FOR_INFORMATION,
  inTurns,
  round,
  summarise,
  type BenchResult,
  type Times,
} from './support/measure.ts'

const ROUNDS = 8
const WARM_UP = 1
const IDLE_ROUNDS = 20

const schemas = modules.map((module) => module.name)

/** Longest that a start may wait for a deploy that has nothing to do. */
const IDLE_BAR_MS = 300

/**
 * A fresh deploy, connecting included, against `psql -f` of the SQL in its plan: as it is, where each statement commits
 * by itself, and in one transaction, which spares psql the commits. And a deploy with nothing to do.
 * Ours runs in this process, psql in one that has to be started, in a container at that: what `psql -c 'select 1'`
 * takes in the same rounds is taken off psql's side. It connects too, so that ours alone pays for connecting.
 */
export async function deployBench(): Promise<BenchResult[]> {
  const sql = await planAsFile(await createDatabase())
  const statements = sql.match(/;$/gm)!.length
  const separately = await againstPsql(sql, [])
  const atOnce = await againstPsql(sql, ['--single-transaction'])
  const idle = await deployAgain()
  return [
    {
      bench: 'fresh deploy, connecting included, against psql -f of the same SQL without the start of psql',
      backend: 'server',
      measured: { statements, ...separately },
      figure: ratio(separately),
      bar: '<= 2',
      holds: ratio(separately) <= 2,
    },
    {
      bench:
        'fresh deploy, connecting included, against psql --single-transaction -f without the start of psql',
      backend: 'server',
      measured: { statements, ...atOnce },
      figure: ratio(atOnce),
      bar: FOR_INFORMATION,
      holds: true,
    },
    {
      bench: 'deploy with nothing to do, milliseconds after connecting',
      backend: 'server',
      measured: { ours: idle },
      figure: idle.p50,
      bar: `<= ${IDLE_BAR_MS}`,
      holds: idle.p50 <= IDLE_BAR_MS,
    },
  ]
}

type Measured = { ours: Times; bare: Times; startOfPsql: Times }

const ratio = ({ ours, bare, startOfPsql }: Measured) => round(ours.p50 / (bare.p50 - startOfPsql.p50))

async function againstPsql(sql: string, flags: string[]): Promise<Measured> {
  const server = await benchServer()
  const databases = { ours: [] as string[], bare: [] as string[] }
  for (let count = 0; count < ROUNDS + WARM_UP; count++) {
    databases.ours.push(await createDatabase())
    databases.bare.push(await createDatabase())
  }
  const psql = async (turn: number, args: string[], input: string) => {
    const name = new URL(databases.bare[turn]!).pathname.slice(1)
    const command = ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', name, ...args]
    const { code, stderr } = await server.exec(command, { input })
    if (code !== 0) throw new Error(`psql ended with ${code}: ${stderr}`)
  }
  return inTurns(ROUNDS, WARM_UP, {
    ours: (turn) => inSession(databases.ours[turn]!, deploy),
    bare: (turn) => psql(turn, [...flags, '-f', '-'], sql),
    startOfPsql: (turn) => psql(turn, ['-c', 'select 1'], ''),
  })
}

type Session = Parameters<typeof applyDeploy>[0]

function deploy(session: Session) {
  return applyDeploy(session, modules, { clock: systemClock })
}

async function inSession<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const database = openServer({ url, appUrl: null, schemas })
  try {
    return await database.session(work)
  } finally {
    await database.close()
  }
}

/** What a person would write into one file: deploy's statements, in its order and under its roles. */
async function planAsFile(url: string): Promise<string> {
  const plan = await inSession(url, (session) => planDeploy(session, modules))
  const lines = plan.steps.flatMap((step) => [
    step.kind === 'bootstrap' ? 'reset role' : `set role ${OWNER_ROLE}`,
    ...step.statements.map((statement) => statement.sql),
  ])
  return lines.map((line) => `${line};\n`).join('')
}

async function deployAgain(): Promise<Times> {
  return inSession(await createDatabase(), async (session) => {
    await deploy(session)
    const samples: number[] = []
    for (let count = -2; count < IDLE_ROUNDS; count++) {
      const start = performance.now()
      await deploy(session)
      if (count >= 0) samples.push(performance.now() - start)
    }
    return summarise(samples)
  })
}
