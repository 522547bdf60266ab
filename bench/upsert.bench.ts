import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

import { newId } from '../src/kernel/ids.ts'
import { openBenchApp } from './support/bench-app.ts'
import { FOR_INFORMATION, round, seeded, summarise, type BenchResult } from './support/measure.ts'

const CONTACTS = 100_000
const BATCH = 5_000
const RUNS = 3
/** Calls that a program which brings so many has under way at a time. */
const CALLERS = 2
const BAR = 0.3

type Contact = { externalId: string; firstName: string; lastName: string; email: string; jobTitle: string }

// The product's own table once more, with all columns, checks and indexes, but without row-level security.
const TABLE = `
  create schema if not exists bare;
  drop table if exists bare.contacts, bare.search_index;
  create table bare.contacts (like crm.contacts including all);
  create table bare.search_index (like search.search_index including all)`

/**
 * Storing 100,000 contacts by their external ids, 5,000 a call and two calls at a time, against one COPY into the same table
 * without row-level security: ours also checks each row, indexes its words, and leaves events. And against one that
 * indexes those words, too.
 */
export async function upsertBench(): Promise<BenchResult[]> {
  const bench = await openBenchApp('server')
  const client = await bench.connect()
  const { userId } = await bench.call('identity.whoami')
  const by = { town: bench.townId, user: userId as string }
  const times: { ours: number[]; bare: number[]; withWords: number[] } = { ours: [], bare: [], withWords: [] }
  for (let run = 0; run < RUNS; run++) {
    const contacts = makeContacts(run)
    await client.query(TABLE)
    await client.query('checkpoint')
    times.ours.push(
      await timed(async () => {
        let at = 0
        const bring = async () => {
          while (at < CONTACTS) {
            const items = contacts.slice(at, (at += BATCH))
            await bench.call('crm.contacts.upsert', { items })
          }
        }
        await Promise.all(Array.from({ length: CALLERS }, bring))
      }),
    )
    await client.query('checkpoint')
    const rows = contacts.map((contact) => ({ id: newId(), ...contact }))
    const copied = await timed(() => copyContacts(client, by, rows))
    times.bare.push(copied)
    const words = await timed(() => copyWords(client))
    times.withWords.push(copied + words)
  }
  const [counted] = (
    await client.query<{ ours: number; bare: number }>(
      `select (select count(*)::int from crm.contacts) as ours, (select count(*)::int from bare.contacts) as bare`,
    )
  ).rows
  if (counted?.ours !== CONTACTS * RUNS || counted.bare !== CONTACTS) throw new Error(JSON.stringify(counted))
  await client.end()
  await bench.close()
  const [ours, bare, withWords] = [summarise(times.ours), summarise(times.bare), summarise(times.withWords)]
  const figure = round(bare.p50 / ours.p50)
  const ofWords = round(withWords.p50 / ours.p50)
  return [
    {
      bench: `bulk upsert of ${CONTACTS} contacts, against COPY into the same table`,
      backend: 'server',
      measured: { contactsPerSecond: round((CONTACTS * 1000) / ours.p50, 0), ours, bare },
      figure,
      bar: `>= ${BAR}`,
      holds: figure >= BAR,
    },
    {
      bench: `bulk upsert of ${CONTACTS} contacts, against COPY into the same table and its words into an index`,
      backend: 'server',
      measured: { ours, bare: withWords },
      figure: ofWords,
      bar: FOR_INFORMATION,
      holds: true,
    },
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function makeContacts(run: number): Contact[] {
  const random = seeded(run)
  const pick = (items: string[]) => items[Math.floor(random() * items.length)]!
  return Array.from({ length: CONTACTS }, (_, n) => {
    const firstName = pick(['Ana', 'Bruno', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines'])
    const lastName = `${pick(['Alves', 'Berg', 'Costa', 'Dahl', 'Ek', 'Fischer', 'Grau', 'Holm'])}${n % 997}`
    return {
      externalId: `${run}-${n}`,
      firstName,
      lastName,
      email: `${firstName}.${lastName}.${run}.${n}@example.com`.toLowerCase(),
      jobTitle: pick(['buyer', 'head of sales', 'engineer', 'managing director', 'assistant']),
    }
  })
}

/** What a person would do who only wants the rows: one COPY, in one transaction, as the superuser. */
async function copyContacts(
  client: pg.Client,
  by: { town: string; user: string },
  contacts: (Contact & { id: string })[],
): Promise<void> {
  const now = new Date().toISOString()
  const lines = contacts.map(({ id, externalId, firstName, lastName, email, jobTitle }) =>
    [by.town, id, externalId, firstName, lastName, email, jobTitle, 'team', by.user, now, now].join('\t'),
  )
  const copy = client.query(
    copyFrom(`copy bare.contacts (town_id, id, external_id, first_name, last_name, email, job_title, privacy,
      created_by, created_at, updated_at) from stdin`),
  )
  await pipeline(Readable.from([`${lines.join('\n')}\n`]), copy)
}

/** The words of the contacts that stand in bare.contacts, as the product indexes them. */
async function copyWords(client: pg.Client): Promise<void> {
  await client.query(`
    insert into bare.search_index (town_id, id, kind, source_id, person, title, content, terms, importance, at,
      privacy, created_by)
    select town_id, gen_random_uuid(), 'contact', id, name, name, content,
      setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('simple', name), 'C')
        || to_tsvector('english', content), 5, created_at, privacy, created_by
    from (
      select c.*, c.first_name || ' ' || c.last_name as name, c.email || E'\\n' || c.job_title as content
      from bare.contacts c
    ) c`)
}
