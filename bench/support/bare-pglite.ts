import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

import { createHistory } from './history.ts'

// The embedded engine by itself, in a process of its own: a fresh folder and messages in plain tables, nothing else.
// It is forked with the folder and the number of messages, says when they are in, and stays until it is ended.

const [folder, count] = process.argv.slice(2)
const BATCH = 500
const history = createHistory(4)
const engine = await PGlite.create({ dataDir: folder!, extensions: { vector } })
await engine.exec(`
  create extension vector;
  create table conversations (id integer primary key, title text);
  create table messages (
    id integer primary key,
    conversation_id integer not null references conversations (id),
    role text not null,
    at timestamptz not null,
    content text not null
  );
  create index messages_at_idx on messages (conversation_id, at);
  insert into conversations values (1, 'bench')`)
for (let id = 0; id < Number(count); id += BATCH) {
  const rows = Array.from({ length: BATCH }, (_, line) => ({
    id: id + line,
    role: line % 2 === 0 ? 'user' : 'assistant',
    at: new Date(Date.UTC(2025, 0, 1) + (id + line) * 60_000),
    content: history.line(),
  }))
  await engine.query(
    `insert into messages
     select r.id, 1, r.role, r.at, r.content
     from jsonb_to_recordset($1) as r (id integer, role text, at timestamptz, content text)`,
    [JSON.stringify(rows)],
  )
}
process.send!('filled')
