import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { at, expectSame, groupsOf, privacyOf, sum, type Part } from './world.ts'

const LOOKED_AT = 30

const mean = (numbers: number[]) => (numbers.length === 0 ? null : sum(numbers) / numbers.length)
const secondsOf = (runs: Value[]) =>
  mean(
    runs
      .filter((run) => run.status === 'completed')
      .map((run) => (run.completed_at - run.started_at) / 1_000),
  )

/** How often simulations are played and templates followed, and with what success. */
export const simulation: Part = {
  refusals: ['EXECUTION_ENDED', 'EXECUTION_BACKWARDS'],
  steps: {
    async design(die, call, world) {
      if (world.known('templates').length > 8) return
      const { id } = await call('simulation.templates.create', {
        name: `Template ${die.a}`,
        category: 'sales',
        privacy: privacyOf(die),
      })
      world.know('templates', id)
    },
    async ask(die, call, world) {
      const { id } = await call('simulation.simulations.create', {
        name: `Question ${die.a}`,
        kind: at(['deal', 'pricing'], die.b),
        ...(die.c % 4 === 0 ? {} : { templateId: world.some('templates', die.c) }),
        privacy: privacyOf(die),
      })
      world.know('simulations', id)
    },
    async play({ a }, call, world) {
      const { id } = await call('simulation.executions.create', {
        simulationId: world.some('simulations', a),
      })
      world.know('executions', id)
    },
    report: ({ a, b, c }, call, world) =>
      call('simulation.executions.report', {
        id: world.some('executions', a),
        status: at(['running', 'completed', 'failed', 'cancelled', 'running'], b),
        progress: (c % 100) / 100,
        confidence: (b % 100) / 100,
      }),
    unask: ({ a }, call, world) =>
      call('simulation.simulations.delete', { id: world.some('simulations', a) }),
  },
  async compare(_, viewer) {
    const simulations = await viewer.rows('simulation.testpilot_simulations')
    const runs = await viewer.rows('simulation.simulation_executions')
    const runsOf = (some: Value[]) => runs.filter((run) => some.some((each) => each.id === run.simulation_id))
    for (const each of simulations.slice(-LOOKED_AT)) {
      const own = runsOf([each])
      const newest = own.at(-1)
      expect(
        await viewer.call('simulation.simulations.get', { id: each.id }),
        `simulation as ${viewer.name}`,
      ).toMatchObject({
        executionCount: own.length,
        status: newest?.status ?? null,
        progress: newest?.progress ?? null,
        confidence: newest?.confidence ?? null,
      })
    }
    for (const { id } of await viewer.rows('simulation.simulation_templates')) {
      const own = simulations.filter((each) => each.template_id === id)
      const ended = runsOf(own).filter((run) => ['completed', 'failed'].includes(run.status))
      const shown = await viewer.call('simulation.templates.get', { id })
      const { usageCount, successRate, averageSeconds } = shown
      const counted = {
        usageCount: own.length,
        successRate: mean(ended.map((run) => (run.status === 'completed' ? 1 : 0))),
        averageSeconds: secondsOf(ended),
      }
      expectSame([{ usageCount, successRate, averageSeconds }], [counted], `template as ${viewer.name}`)
    }
    const analytics = await viewer.view('select * from simulation_analytics')
    const counted = groupsOf(simulations, ({ town_id, kind }) => ({ town_id, kind })).map(
      ({ key, rows }) => ({
        ...key,
        simulation_count: rows.length,
        execution_count: runsOf(rows).length,
        completed_count: runsOf(rows).filter((run) => run.status === 'completed').length,
        failed_count: runsOf(rows).filter((run) => run.status === 'failed').length,
        average_confidence: mean(runsOf(rows).flatMap((run) => run.confidence ?? [])),
        average_seconds: secondsOf(runsOf(rows)),
      }),
    )
    expectSame(analytics, counted, `simulations as ${viewer.name}`)
  },
}
