import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Town } from '../../../test/support/found-town.ts'
import { actIn, operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { seedTemplates } from './index.ts'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { withPersonas: false })
    await actIn(test, town.owner, (ctx) =>
      seedTemplates(ctx.tx, { town: town.id, userId: town.owner.userId, now: ctx.clock.now() }),
    )
  })
  afterAll(() => test.drop())
  const clock = stoppedClock('2026-03-01T10:00:00Z')
  const call = (operation: string, input: Value = {}) =>
    operationsAs(test, town.member, clock)(operation, input)
  const refused = (code: string) => expect.objectContaining({ code })
  const create = (more: Value = {}) =>
    call('simulation.simulations.create', { name: 'Will it close?', kind: 'deal_probability', ...more })
  const start = (simulation: string, more: Value = {}) =>
    call('simulation.executions.create', { simulationId: simulation, ...more })

  it('ships four templates to every town, and what they require is asked of a simulation', async () => {
    const { items } = await call('simulation.templates.list', { sort: 'name' })
    expect(items.map((item: Value) => item.category)).toEqual([
      'deal_probability',
      'market_opportunity',
      'pricing',
      'velocity',
    ])
    const templateId = items[2].id
    const wrong = create({ templateId, parameters: { lowestPrice: -1, highestPrice: 'high', runs: 1.5 } })
    await expect(wrong).rejects.toMatchObject({
      code: 'SIMULATION_PARAMETERS',
      fields: [
        { path: 'parameters.elasticity', message: expect.stringContaining('must be given') },
        { path: 'parameters.lowestPrice', message: 'must be at least 0' },
        { path: 'parameters.highestPrice', message: 'must be of the type number' },
        { path: 'parameters.runs', message: 'must be of the type integer' },
      ],
    })
    const parameters = { lowestPrice: 1, highestPrice: 9, elasticity: -1.2, mine: 'kept' }
    expect(await create({ templateId, parameters })).toMatchObject({ parameters, status: null })
    expect(await call('simulation.templates.get', { id: templateId })).toMatchObject({ usageCount: 1 })
  })

  it('stands as its newest execution does, which is reported on until it ends', async () => {
    const [template] = (await call('simulation.templates.list', { category: 'velocity' })).items
    const { id } = await create({ templateId: template.id })
    const first = await start(id, { seed: 4_294_967_295 })
    const report = (execution: string, given: Value) =>
      call('simulation.executions.report', { id: execution, ...given })
    clock.set('2026-03-01T10:00:05Z')
    await report(first.id, { progress: 0.25 })
    expect(await call('simulation.simulations.get', { id })).toMatchObject({
      status: 'running',
      progress: 0.25,
    })
    await expect(report(first.id, { progress: 0.1 })).rejects.toEqual(refused('EXECUTION_BACKWARDS'))
    await expect(report(first.id, { costMicros: 5 })).rejects.toEqual(refused('COST_WITHOUT_CURRENCY'))
    clock.set('2026-03-01T10:00:35Z')
    const told = {
      results: { won: 0.6 },
      recommendations: [{ do: 'call' }],
      confidence: 0.8,
      costMicros: 12_300,
      currency: 'USD',
      logs: 'played',
    }
    const done = await report(first.id, { status: 'completed', ...told })
    expect(done).toMatchObject({ ...told, seed: 4_294_967_295, progress: 1 })
    await expect(report(first.id, { logs: 'more' })).rejects.toEqual(refused('EXECUTION_ENDED'))
    clock.set('2026-03-01T10:01:00Z')
    const second = await start(id)
    await report(second.id, { status: 'failed', error: 'no history' })
    expect(await call('simulation.simulations.get', { id })).toMatchObject({
      status: 'failed',
      executionCount: 2,
      confidence: null,
    })
    expect(await call('simulation.templates.get', { id: template.id })).toMatchObject({
      successRate: 0.5,
      averageSeconds: 30,
    })
  })

  it('plays scenarios of its own, and goes with all its parts', async () => {
    const [mine, other] = [await create(), await create()]
    const scenario = await call('simulation.scenarios.create', {
      simulationId: mine.id,
      name: 'All goes well',
      kind: 'optimistic',
    })
    await expect(start(other.id, { scenarioId: scenario.id })).rejects.toEqual(refused('SCENARIO_OF_ANOTHER'))
    const run = await start(mine.id, { scenarioId: scenario.id })
    const dealId = await makeDeal()
    const deal = { dealId, simulationId: mine.id }
    await call('simulation.deals.create', deal)
    await expect(call('simulation.deals.create', deal)).rejects.toEqual(refused('DEAL_SIMULATION_TAKEN'))
    await expect(call('simulation.scenarios.delete', { id: scenario.id })).rejects.toEqual(
      refused('RESOURCE_IN_USE'),
    )
    const move = () => call('simulation.scenarios.update', { id: scenario.id, simulationId: other.id })
    await expect(move()).rejects.toEqual(refused('SCENARIO_PLAYED'))
    expect(await call('simulation.executions.get', { id: run.id })).toMatchObject({ scenarioId: scenario.id })
    await call('simulation.executions.update', { id: run.id, scenarioId: null })
    expect(await move()).toMatchObject({ simulationId: other.id })
    await call('simulation.scenarios.update', { id: scenario.id, simulationId: mine.id })
    await call('simulation.executions.update', { id: run.id, scenarioId: scenario.id })
    await call('simulation.simulations.delete', { id: mine.id })
    await expect(call('simulation.executions.get', { id: run.id })).rejects.toEqual(
      refused('RESOURCE_NOT_FOUND'),
    )
    expect((await call('simulation.deals.list', { dealId: deal.dealId })).items).toEqual([])
  })

  it('is about a deal that is there, and keeps it there', async () => {
    const dealId = await makeDeal()
    const { id: simulationId } = await create()
    const link = await call('simulation.deals.create', { dealId, simulationId })
    const { id } = await create({ dealId })
    const remove = () => call('crm.deals.delete', { id: dealId })
    await expect(remove()).rejects.toEqual(refused('RESOURCE_IN_USE'))
    await call('simulation.simulations.update', { id, dealId: null })
    await expect(remove()).rejects.toEqual(refused('RESOURCE_IN_USE'))
    await call('simulation.deals.delete', { id: link.id })
    await remove()
    await expect(create({ dealId })).rejects.toEqual(refused('REFERENCE_NOT_FOUND'))
  })

  async function makeDeal(): Promise<string> {
    const { id: pipelineId } = await call('crm.pipelines.create', { name: 'Sales', displayOrder: 1 })
    const { id: stageId } = await call('crm.pipeline_stages.create', {
      pipelineId,
      name: 'Lead',
      displayOrder: 1,
      probability: 10,
      outcome: 'open',
    })
    return (await call('crm.deals.create', { name: 'Some deal', stageId })).id
  }

  it('shows what waits or runs, and how each kind went', async () => {
    const { id } = await create({ kind: 'views' })
    const run = await start(id)
    const read = (view: string) =>
      actIn(test, town.member, async ({ tx }) => {
        const { rows } = await tx.executeQuery<Value>(
          CompiledQuery.raw(`select * from ${view} where kind = 'views'`),
        )
        return rows
      })
    expect(await read('active_simulations')).toMatchObject([{ id, execution_id: run.id, status: 'queued' }])
    await call('simulation.executions.report', { id: run.id, status: 'completed', confidence: 0.5 })
    expect(await read('active_simulations')).toEqual([])
    expect(await read('simulation_analytics')).toMatchObject([
      {
        simulation_count: 1,
        execution_count: 1,
        completed_count: 1,
        average_confidence: 0.5,
        average_seconds: 0,
      },
    ])
  })
})
