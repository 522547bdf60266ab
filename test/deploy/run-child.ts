import { fileURLToPath } from 'node:url'

import type { Module } from '../../src/db/module.ts'
import { runProgram } from '../server/run-program.ts'
import type { ChildTask } from './deploy-child.ts'

const script = fileURLToPath(new URL('./deploy-child.ts', import.meta.url))

/** Deploys in a child process. The steps it applied, or null when it killed itself; throws when it failed. */
export async function deployInChild(
  where: { url: string } | { dataDir: string },
  modules: readonly Module[],
  options: { killAt?: number } = {},
): Promise<string[] | null> {
  const task: ChildTask = {
    url: 'url' in where ? where.url : null,
    dataDir: 'dataDir' in where ? where.dataDir : null,
    modules: modules.map(({ name, dependsOn, tables, sql }) => ({ name, dependsOn, tables, sql: sql.href })),
    ...options,
  }
  const result = await runProgram([process.execPath, script, JSON.stringify(task)])
  // 128 stands for a signal: its own SIGKILL.
  if (result.code === 128) return null
  if (result.code !== 0) throw new Error(`the deploy ended with ${result.code}: ${result.stderr}`)
  return (JSON.parse(result.stdout) as { steps: string[] }).steps
}
