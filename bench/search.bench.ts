import type pg from 'pg'

import { newId } from '../src/kernel/ids.ts'
import { openBenchApp } from './support/bench-app.ts'
import { createHistory } from './support/history.ts'
import { inTurns, round, type BenchResult } from './support/measure.ts'

const TOWNS = 50
const ROWS = 20_000
const ROUNDS = 200
const LIMIT = 10

// What the manual of full-text search has, with the town filter by hand, as a superuser without row-level security.
const BY_HAND = `
  select i.kind, i.source_id, i.content, i.at, ts_rank_cd(i.terms, q.query) as rank
  from search.search_index i, (
    select string_agg(quote_literal(w), ' | ')::tsquery as query
    from unnest(tsvector_to_array(to_tsvector('english', $2))) w) q
  where i.town_id = $1 and i.terms @@ q.query and i.kind in ('memory', 'message')
  order by rank desc limit ${LIMIT}`

/** `memory.recall` over a million index rows in 50 towns, against the search of the manual with the town filter by hand. */
export async function searchBench(): Promise<BenchResult[]> {
  const bench = await openBenchApp('server')
  const client = await bench.connect()
  const { userId } = await bench.call('identity.whoami')
  const history = createHistory(5)
  const towns = [bench.townId, ...Array.from({ length: TOWNS - 1 }, () => newId())]
  await client.query('drop index search.search_index_terms_idx')
  for (const town of towns) await fill(client, { town, userId, history })
  await client.query('create index search_index_terms_idx on search.search_index using gin (terms)')
  await client.query('vacuum analyze')
  const questions = Array.from({ length: ROUNDS }, () => history.question())
  const { ours, bare } = await inTurns(ROUNDS, 20, {
    ours: (turn) => bench.call('memory.recall', { q: questions[turn % ROUNDS], limit: LIMIT }),
    bare: (turn) => client.query(BY_HAND, [bench.townId, questions[turn % ROUNDS]]),
  })
  await client.end()
  await bench.close()
  const figure = round(ours.p95 / bare.p95)
  return [
    {
      bench: `search over ${TOWNS * ROWS} rows in ${TOWNS} towns, p95 against the search of the manual in one town`,
      backend: 'server',
      measured: { ours, bare },
      figure,
      bar: '<= 2',
      holds: figure <= 2,
    },
  ]
}

type Filling = { town: string; userId: string; history: ReturnType<typeof createHistory> }

async function fill(client: pg.Client, { town, userId, history }: Filling): Promise<void> {
  await client.query(
    `insert into search.search_index (town_id, id, kind, source_id, content, terms, importance, at, privacy, created_by)
     select $1, gen_random_uuid(), case when n % 10 = 0 then 'memory' else 'message' end, gen_random_uuid(), line,
       to_tsvector('english', line), case when n % 10 = 0 then 1 + n % 9 else 5 end,
       timestamptz '2025-01-01' + n * interval '1 minute', 'team', $2
     from unnest($3::text[]) with ordinality as t (line, n)`,
    [town, userId, Array.from({ length: ROWS }, () => history.line())],
  )
}
