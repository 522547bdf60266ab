import type { Backend } from '../../src/db/database.ts'
import { newId } from '../../src/kernel/ids.ts'
import type { BenchApp } from './bench-app.ts'

/** A line of a conversation, as both sides of a benchmark store it. */
export type Line = { role: 'user' | 'assistant'; at: Date; content: string }

export type BareRows = {
  /** Stores the lines in one transaction: their rows, one event, their index rows. */
  store(lines: Line[]): Promise<void>
  close(): Promise<void>
}

type Run = (text: string, values?: unknown[]) => Promise<unknown>

// The product's own tables once more, with all columns, checks and indexes, but without row-level security.
const TABLES = `
  create schema bare;
  create table bare.messages (like conversation.messages including all,
    foreign key (town_id, conversation_id) references conversation.conversations (town_id, id) on delete cascade);
  create table bare.events (like journal.events including all);
  create table bare.search_index (like search.search_index including all)`

/** What a person would write who only wants the rows: inserts by hand as the superuser, on the same database. */
export async function openBareRows(bench: BenchApp, backend: Backend): Promise<BareRows> {
  const { database } = bench.app
  await database.session((session) => session.exec(TABLES))
  const { id: conversationId } = await bench.call('conversation.create', { personality: 'robbie-m' })
  const { actor, personalityId } = await database.session(async (session) => {
    const [row] = await session.query<{ actor: string; personalityId: string }>(
      `select created_by as actor, personality_id as "personalityId" from conversation.conversations where id = $1`,
      [conversationId],
    )
    return row!
  })
  const key = { town: bench.townId, conversationId: conversationId as string, actor, personalityId }
  let seq = 0
  const storeWith = (run: Run, lines: Line[]) => store(run, key, { seq: ++seq, lines })
  if (backend === 'embedded') {
    return {
      store: (lines) =>
        database.session((session) => storeWith((...given) => session.query(...given), lines)),
      close: async () => undefined,
    }
  }
  const client = await bench.connect()
  return {
    store: (lines) => storeWith((text, values) => client.query(text, values), lines),
    close: () => client.end(),
  }
}

type Key = { town: string; conversationId: string; actor: string; personalityId: string }

async function store(run: Run, key: Key, { seq, lines }: { seq: number; lines: Line[] }): Promise<void> {
  const { town, conversationId, actor, personalityId } = key
  const now = new Date()
  const rows = lines.map((line) => ({ id: newId(), ...line }))
  await run('begin')
  await insert(run, {
    into: `bare.messages (town_id, id, conversation_id, role, content, status, token_count, at, created_at, privacy, created_by)`,
    rows: rows.map(({ id, role, content, at }) => [
      town,
      id,
      conversationId,
      role,
      content,
      'complete',
      Math.ceil(content.length / 4),
      at,
      now,
      'private',
      actor,
    ]),
  })
  await insert(run, {
    into: `bare.events (town_id, id, seq, kind, operation, user_id, personality_id, entity_kind, entity_id, payload, request_id, privacy, created_by, at)`,
    rows: [
      [
        town,
        newId(),
        seq,
        'messages.appended',
        'conversation.append',
        actor,
        personalityId,
        'conversation',
        conversationId,
        JSON.stringify({ count: rows.length, firstId: rows[0]!.id, lastId: rows.at(-1)!.id }),
        newId(),
        'private',
        actor,
        now,
      ],
    ],
  })
  await insert(run, {
    into: `bare.search_index (town_id, id, kind, source_id, parent_id, personality_id, person, content, terms, importance, at, privacy, created_by)`,
    rows: rows.map(({ id, role, content, at }) => [
      town,
      newId(),
      'message',
      id,
      conversationId,
      personalityId,
      role,
      content,
      { role, content },
      5,
      at,
      'private',
      actor,
    ]),
  })
  await run('commit')
}

/** One insert of many rows. An object among the values is what the tsvector of its place is made from. */
async function insert(run: Run, { into, rows }: { into: string; rows: unknown[][] }): Promise<void> {
  const values: unknown[] = []
  const place = (value: unknown) => `$${values.push(value)}`
  const isText = (value: unknown): value is { role: string; content: string } =>
    typeof value === 'object' && value !== null && 'content' in value
  const tuples = rows.map((row) => {
    const places = row.map((value) =>
      isText(value)
        ? `setweight(to_tsvector('simple', ${place(value.role)}), 'C') || to_tsvector('english', ${place(value.content)})`
        : place(value),
    )
    return `(${places.join(', ')})`
  })
  await run(`insert into ${into} values ${tuples.join(', ')}`, values)
}
