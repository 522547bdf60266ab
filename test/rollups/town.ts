import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { operationsAs } from '../support/operation-context.ts'
import { at, privacyOf, type Call, type Part, type World } from './world.ts'

/** Tables that a capital town counts, as its answer names them. */
const COUNTED: Record<string, string> = {
  companies: 'crm',
  contacts: 'crm',
  deals: 'crm',
  tasks: 'agenda',
  conversations: 'conversation',
  messages: 'conversation',
  ai_memories: 'memory',
  knowledge_base: 'knowledge',
  documents: 'knowledge',
  personalities: 'persona',
  testpilot_simulations: 'simulation',
}

/** A town that governs the one in which it all happens. */
let capital: Call

/** What is counted of a town as a whole: its journal, who is connected, and what the capital town sees of it. */
export const town: Part = {
  refusals: ['INTERFACE_NOT_FOUND'],
  async prepare(world) {
    await world.owner('town.create', { slug: 'capital', name: 'Capital' })
    const { key } = await world.owner('identity.keys.create', { name: 'capital', town: 'capital' })
    capital = operationsAs(world.test, { ...world.town.owner, key }, world.clock)
    await capital('sharing.govern', { town: world.town.slug })
    const personalities = await world.test.query<Value>(
      `select id from persona.personalities where town_id = '${world.town.id}' order by slug`,
    )
    world.know('personalities', ...personalities.map((each) => each.id))
  },
  steps: {
    async connect(die, call, world) {
      const { id } = await call('presence.interfaces.create', {
        personalityId: world.some('personalities', die.a),
        interface: at(['chat', 'cursor', 'web'], die.b),
        interfaceId: `one ${die.c}`,
        status: at(['active', 'idle', 'disconnected'], die.b),
        privacy: privacyOf(die),
      })
      world.know('interfaces', id)
    },
    beat: ({ a, b }, call, world) =>
      call('presence.interfaces.heartbeat', {
        id: world.some('interfaces', a),
        status: at(['active', 'idle', 'disconnected'], b),
      }),
    leave: ({ a }, call, world) => call('presence.interfaces.delete', { id: world.some('interfaces', a) }),
    remember: (die, call) => call('memory.remember', { content: `Fact ${die.a}.`, privacy: privacyOf(die) }),
  },
  async compare(world, viewer) {
    const connected = await viewer.rows('presence.ai_personality_instances')
    const shown = await viewer.view('select id, active_interface_count from ai_personalities_current_state')
    expect(shown.length).toBeGreaterThan(0)
    for (const { id, active_interface_count: count } of shown) {
      const own = connected.filter((each) => each.personality_id === id && each.status === 'active')
      expect(count, viewer.name).toBe(own.length)
    }
    if (viewer.name !== 'owner') return
    await compareJournal(world)
    await compareCounts(world)
  },
}

/** The numbers of events have no gaps and no doubles, and each has its row in the audit log. */
async function compareJournal(world: World): Promise<void> {
  const [events] = await world.test.query<Value>(
    `select count(*)::integer as count, count(distinct seq)::integer as seqs, min(seq)::integer as first, max(seq)::integer as last
     from journal.events where town_id = '${world.town.id}'`,
  )
  expect(events).toEqual({ count: events.count, seqs: events.count, first: 1, last: events.count })
  const chain = await world.owner('journal.audit.verify')
  expect(chain).toMatchObject({ checkedCount: events.count })
}

async function compareCounts(world: World): Promise<void> {
  const { items } = await capital('sharing.analytics')
  expect(items.map((item: Value) => item.town)).toEqual([world.town.slug])
  const counted: [string, number][] = []
  for (const [table, schema] of Object.entries(COUNTED)) {
    const [row] = await world.test.query<{ count: number }>(
      `select count(*)::integer as count from ${schema}.${table}
       where town_id = '${world.town.id}' and privacy in ('public', 'team')`,
    )
    counted.push([table, row!.count])
  }
  expect(items[0].counts).toEqual(Object.fromEntries(counted))
}
