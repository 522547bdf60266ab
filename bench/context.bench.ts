import pg from 'pg'

import { openBenchApp, type BenchApp } from './support/bench-app.ts'
import { createHistory } from './support/history.ts'
import { inTurns, round, type BenchResult } from './support/measure.ts'

const MESSAGES = 100_000
const MEMORIES = 10_000
const CONVERSATIONS = 100
const ROUNDS = 300
/** Fewer, because ranking every match takes long. */
const MANUAL_ROUNDS = 40
const BUDGET = 8_000

// What a person who knows the tables would write to read the same data in one statement, as a superuser without row-level
// security: prompt and state, the newest messages, and the matches of the newest one. `search` stands for how matches
// are found: by the product's own function, or as the manual of full-text search has it.
const byHand = (search: string) => `
  select p.name, p.attraction, s.mood, a.system_prompt, a.tone, a.style,
    (select jsonb_agg(to_jsonb(m) order by m.at, m.id) from (
       select id, role, speaker, content, token_count, at from conversation.messages
       where town_id = $1 and conversation_id = $2 order by at desc, id desc limit 150) m),
    (select jsonb_agg(to_jsonb(f)) from (${search}) f)
  from conversation.conversations c
  join persona.personalities p on p.town_id = c.town_id and p.id = c.personality_id
  left join presence.ai_personality_state s on s.town_id = c.town_id and s.personality_id = p.id
  left join persona.prompts a on a.town_id = c.town_id and a.personality_id = p.id and a.status = 'published' and a.mood = 'friendly'
  where c.town_id = $1 and c.id = $2`
const BY_HAND = byHand(
  `select * from search.find($3, '{memory,message}', array[p.id], 'private', 2400, 24, now())`,
)
const BY_THE_MANUAL = byHand(`
  select i.kind, i.source_id, i.content, i.at, ts_rank_cd(i.terms, q.query, 1) as rank
  from search.search_index i, (
    select string_agg(quote_literal(w), ' | ')::tsquery as query
    from unnest(tsvector_to_array(to_tsvector('english', $3))) w) q
  where i.terms @@ q.query and i.town_id = $1 and i.kind in ('memory', 'message')
    and (i.personality_id is null or i.personality_id = p.id)
  order by rank desc limit 24`)

/**
 * Context assembly over a town with 100,000 messages and 10,000 memories, against one hand-written statement: with the
 * product's own search function in it, which is the harder bar, and with the search that the manual teaches.
 */
export async function contextBench(): Promise<BenchResult[]> {
  const bench = await openBenchApp('server')
  const history = createHistory(1)
  const conversations = await fill(bench, history)
  const client = await bench.connect()
  await client.query('vacuum analyze')
  const { userId } = await bench.call('identity.whoami')
  await client.query(
    `select set_config('app.town_id', $1, false), set_config('app.user_id', $2, false),
       set_config('app.clearance', 'boss', false)`,
    [bench.townId, userId],
  )
  const calls = await countCalls(bench, conversations[0]!)
  const questions = conversations.map(() => history.question())
  for (const [index, id] of conversations.entries()) await ask(bench, id, questions[index]!)
  const values = (turn: number) => [
    bench.townId,
    conversations[turn % CONVERSATIONS],
    questions[turn % CONVERSATIONS],
  ]
  const assemble = (turn: number) =>
    bench.call('conversation.context', { id: conversations[turn % CONVERSATIONS], budget: BUDGET })
  const { ours, bare } = await inTurns(ROUNDS, 30, {
    ours: assemble,
    bare: (turn) => client.query(BY_HAND, values(turn)),
  })
  const byTheManual = await inTurns(MANUAL_ROUNDS, 2, {
    ours: assemble,
    bare: (turn) => client.query(BY_THE_MANUAL, values(turn)),
  })
  await client.end()
  await bench.close()
  const ratio = round(ours.p50 / bare.p50)
  const manualRatio = round(byTheManual.ours.p50 / byTheManual.bare.p50)
  const spread = round(ours.p99 / ours.p50)
  return [
    {
      bench: 'context assembly, p50 against one hand-written statement with search.find in it',
      backend: 'server',
      measured: { messages: MESSAGES, memories: MEMORIES, ours, bare },
      figure: ratio,
      bar: '<= 1.5',
      holds: ratio <= 1.5,
    },
    {
      bench: 'context assembly, p50 against one hand-written statement that searches by the manual',
      backend: 'server',
      measured: byTheManual,
      figure: manualRatio,
      bar: '<= 1.5',
      holds: manualRatio <= 1.5,
    },
    {
      bench: 'context assembly, p99 against its own p50',
      backend: 'server',
      measured: { p50: ours.p50, p99: ours.p99 },
      figure: spread,
      bar: '<= 3',
      holds: spread <= 3,
    },
    {
      bench: 'context assembly, statements beside begin, settings and commit',
      backend: 'server',
      measured: { statements: calls },
      figure: calls.length,
      bar: '<= 2',
      holds: calls.length <= 2,
    },
  ]
}

async function fill(bench: BenchApp, history: ReturnType<typeof createHistory>): Promise<string[]> {
  const conversations: string[] = []
  const start = Date.UTC(2025, 0, 1)
  const per = MESSAGES / CONVERSATIONS
  for (let index = 0; index < CONVERSATIONS; index++) {
    const { id } = await bench.call('conversation.create', { personality: 'robbie-m' })
    conversations.push(id)
    for (let batch = 0; batch < per; batch += 1000) {
      await bench.call('conversation.append', {
        id,
        messages: Array.from({ length: Math.min(1000, per - batch) }, (_, line) => ({
          role: line % 2 === 0 ? 'user' : 'assistant',
          at: new Date(start + (index * per + batch + line) * 60_000).toISOString(),
          content: history.line(),
        })),
      })
    }
  }
  for (let index = 0; index < MEMORIES; index++) {
    await bench.call('memory.remember', { content: history.line(), subject: `subject ${index % 500}` })
  }
  return conversations
}

function ask(bench: BenchApp, id: string, content: string) {
  return bench.call('conversation.append', {
    id,
    messages: [{ role: 'user', at: new Date().toISOString(), content }],
  })
}

/** The statements of one call, as the driver sends them, without begin, settings (sign-in) and commit. */
async function countCalls(bench: BenchApp, id: string): Promise<string[]> {
  const seen: string[] = []
  const send = pg.Client.prototype.query as (...given: unknown[]) => unknown
  pg.Client.prototype.query = function (this: unknown, ...given: unknown[]) {
    const [first] = given as [string | { text: string }]
    seen.push((typeof first === 'string' ? first : first.text).trim().replaceAll(/\s+/g, ' ').slice(0, 60))
    return send.apply(this, given)
  } as never
  try {
    await bench.call('conversation.context', { id, budget: BUDGET })
  } finally {
    pg.Client.prototype.query = send as never
  }
  return seen.filter(
    (text) => !/^(\/\* unawaited \*\/ )?(begin|commit|select identity\.authenticate)/.test(text),
  )
}
