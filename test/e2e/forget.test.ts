import { randomUUID } from 'node:crypto'

import { expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { expectWholeJournal } from './journal-check.ts'
import { proves } from './proves.ts'
import type { Query } from './running-app.ts'
import { useStage } from './stage.ts'

/** Every row of every table of ours in which one of the words stands, as `schema.table: row`. */
async function findEverywhere(query: Query, words: string[]): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
     order by 1`,
  )
  expect(tables.length).toBeGreaterThan(20)
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(
      `select t::text as row from ${name} t
       where exists (select from unnest($1::text[]) word where position(lower(word) in lower(t::text)) > 0)`,
      [words],
    )
    found.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return found
}

eachBackend((backend) => {
  const stage = useStage(backend)

  proves(
    'forget.erases',
    'leaves no byte of a memory in any table, and the audit chain verifies',
    async () => {
      const { query } = stage().app
      const http = stage().http()
      const words = ['frangipane', 'tarpaulin', 'quincunx', 'oubliette', 'halcyonic', 'zeugmatic']
      const [content, corrected, subject, person, tag, quote] = words
      const { id } = await http.call(
        'memory.remember',
        {
          content: `Loves ${content} most of all; it's “special”.`,
          subject: `about ${subject}`,
          people: [`Ms ${person}`],
          tags: [tag],
          privacy: 'team',
          evidence: [{ quote: `I said ${quote} once` }],
        },
        { idempotencyKey: randomUUID() },
      )
      const { id: conversation } = await http.call('conversation.create', { personality: 'robbie-f' })
      const ask = { id: conversation, content: 'What is special, and loved most of all?' }
      const { recalled, reply } = await http.call('conversation.send', ask, { idempotencyKey: randomUUID() })
      expect(recalled.map((item: Value) => item.id)).toContain(id)
      expect(reply.content).toContain(content)
      // Quoted where the one who forgets cannot see it.
      const ofMember = stage().http(stage().member)
      const { id: foreign } = await ofMember.call('conversation.create', { personality: 'robbie-f' })
      await ofMember.call('conversation.send', { ...ask, id: foreign }, { idempotencyKey: randomUUID() })
      const change = { id, content: `Loves ${corrected} most of all.` }
      await http.call('memory.update', change, { idempotencyKey: randomUUID() })
      await http.call('conversation.send', ask, { idempotencyKey: randomUUID() })
      expect((await findEverywhere(query, words)).length).toBeGreaterThan(8)

      await http.call('memory.forget', { id }, { idempotencyKey: randomUUID() })
      expect(await findEverywhere(query, words)).toEqual([])
      await expectWholeJournal(query)
      const [forgotten] = await query<Value>(
        `select operation, entity_kind, after from journal.audit_log where entity_id = $1 order by seq desc limit 1`,
        [id],
      )
      expect(forgotten).toEqual({ operation: 'memory.forget', entity_kind: 'memory', after: null })
      // What was said around it is still there.
      const { items } = await http.call('conversation.messages', { id: conversation })
      expect(items).toHaveLength(4)
      expect(items[1].content).toContain('offline responder')
    },
  )

  it('redacts past searches that repeat it, also private ones of others, and says how many', async () => {
    const http = stage().http()
    const ofMember = stage().http(stage().member)
    const evidence = [{ quote: 'I adore the sesquipedalian gazebo' }]
    const content = 'Dreams of a  crepuscular veranda by the sea.'
    const { id } = await http.call('memory.remember', { content, evidence, privacy: 'team' })
    const repeating = [
      [http, 'who said: dreams of a crepuscular veranda BY THE sea.'],
      [ofMember, 'crepuscular veranda by the'],
      [ofMember, 'sesquipedalian gazebo i adore the sesquipedalian gazebo'],
    ] as const
    for (const [door, q] of repeating) await door.call('search.find', { q }, { idempotencyKey: randomUUID() })
    await ofMember.call('search.find', { q: 'sea by the dreams' })
    await ofMember.call('search.find', { q: 'veranda' })
    await http.call('memory.forget', { id })
    const words = ['crepuscular', 'sesquipedalian']
    expect(await findEverywhere(stage().app.query, words)).toEqual([])
    const { items } = await ofMember.call('search.history.list')
    expect(items.map((item: Value) => [item.query, item.version])).toEqual([
      ['veranda', 1],
      ['sea by the dreams', 1],
      ['[forgotten]', 2],
      ['[forgotten]', 2],
    ])
    const { items: audit } = await http.call('journal.audit.list', { entityId: id, limit: 1 })
    expect(audit).toMatchObject([{ operation: 'memory.forget', after: { redactedSearches: 3 } }])
    await expectWholeJournal(stage().app.query)
  })

  it('leaves searches alone that others keep, when what is forgotten was private', async () => {
    const q = 'the pusillanimous heron sleeps'
    const ofMember = stage().http(stage().member)
    await ofMember.call('search.find', { q })
    const { id } = await stage()
      .http()
      .call('memory.remember', { content: `I think ${q} well` })
    await stage().http().call('memory.forget', { id })
    const { items } = await ofMember.call('search.history.list', { limit: 1 })
    expect(items).toMatchObject([{ query: q }])
  })

  it('leaves other memories alone, also one that holds the same words', async () => {
    const http = stage().http()
    const { id } = await http.call('memory.remember', { content: 'The bandersnatch sleeps.' })
    const { id: kept } = await http.call('memory.remember', { content: 'The bandersnatch wakes.' })
    await http.call('memory.forget', { id })
    const { items } = await http.call('memory.recall', { q: 'bandersnatch' })
    expect(items.map((item: Value) => item.id)).toEqual([kept])
    await http.refuse('memory.forget', { id }, 'MEMORY_NOT_FOUND')
    await http.refuse('memory.update', { id, content: 'Back again.' }, 'MEMORY_NOT_FOUND')
  })

  it("does not let somebody forget another's private memory", async () => {
    const { id } = await stage()
      .http(stage().member)
      .call('memory.remember', { content: 'Mine: a jabberwock.' })
    await stage().http(stage().other).refuse('memory.forget', { id }, 'MEMORY_NOT_FOUND')
    await stage().http().refuse('memory.forget', { id }, 'MEMORY_NOT_FOUND')
    expect(await findEverywhere(stage().app.query, ['jabberwock'])).not.toEqual([])
  })
})
