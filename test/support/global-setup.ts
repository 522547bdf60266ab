import { writeFileSync } from 'node:fs'

import type { TestProject } from 'vitest/node'

import { Broker } from './broker.ts'

/** Vitest's global set-up: the test files find the broker through `inject('broker')`. Returns the tear-down. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = new Broker()
  await broker.listen()
  project.provide('broker', broker.address)
  return async () => {
    const report = await broker.close()
    // scripts/test.ts prints the report after the runner's own closing lines.
    const file = process.env['ROBBIEVERSE_TEST_REPORT']
    if (file) writeFileSync(file, JSON.stringify(report))
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the broker's socket. */
    broker: string
  }
}
