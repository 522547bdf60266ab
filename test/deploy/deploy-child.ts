// One deploy in a process of its own, to be killed or to race others. The task comes as JSON in the first argument.
import type { Database } from '../../src/db/database.ts'
import type { Module } from '../../src/db/module.ts'
import { openEmbedded, openServer } from '../../src/db/open.ts'
import { applyDeploy } from '../../src/deploy/apply.ts'
import { systemClock } from '../../src/kernel/clock.ts'

/** `killAt`: the process kills itself before the statement of this number, counted from 0 over all steps. */
export type ChildTask = {
  url: string | null
  dataDir: string | null
  modules: { name: string; dependsOn: readonly string[]; tables: Module['tables']; sql: string }[]
  killAt?: number
}

const task = JSON.parse(process.argv[2]!) as ChildTask
const modules = task.modules.map((module) => ({ ...module, operations: [], sql: new URL(module.sql) }))
const schemas = modules.map((module) => module.name)
const database: Database = task.url
  ? openServer({ url: task.url, appUrl: null, schemas })
  : openEmbedded({ dataDir: task.dataDir, schemas })

let statement = 0
const { plan } = await database.session((session) =>
  applyDeploy(session, modules, {
    clock: systemClock,
    onStatement: () => {
      if (statement === task.killAt) process.kill(process.pid, 'SIGKILL')
      statement += 1
    },
  }),
)
await database.close()
console.log(JSON.stringify({ steps: plan.steps.map((step) => step.id) }))
