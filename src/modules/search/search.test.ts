import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../../kernel/ids.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import {
  findEntries,
  lockPresent,
  putEntries,
  removeEntries,
  type FindRequest,
  type IndexEntry,
} from './index.ts'

const now = new Date('2026-03-01T12:00:00Z')

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test)
    abroad = await foundTown(test, { slug: 'abroad' })
  })
  afterAll(() => test.drop())

  const put = (person: Person, ...entries: (Partial<IndexEntry> & { content: string })[]) =>
    actAs(test, person, async (tx) => {
      const whole = entries.map((entry) => ({
        kind: 'memory' as const,
        sourceId: newId(),
        parentId: null,
        personalityId: null,
        person: null,
        title: null,
        importance: 5,
        at: now,
        endsAt: null,
        privacy: 'private' as const,
        ...entry,
      }))
      await putEntries(tx, whole)
      return whole.map((entry) => entry.sourceId)
    })
  const anything = {
    kinds: null,
    personalityIds: null,
    audience: 'private' as const,
    characters: 3_000_000,
    limit: 50,
    now,
  }
  const findWhole = (person: Person, query: string, more: Partial<FindRequest> = {}) =>
    actAs(test, person, (tx) => findEntries(tx, { ...anything, query, ...more }), 'read')
  const find = async (person: Person, query: string, more: Partial<FindRequest> = {}) => {
    return (await findWhole(person, query, more)).map((item) => item.content)
  }

  describe('search.find', () => {
    it('shows each clearance what the row allows', async () => {
      for (const privacy of ['public', 'team', 'private', 'boss_only'] as const) {
        await put(town.owner, { content: `apricot ${privacy}`, privacy })
      }
      await put(town.member, { content: 'apricot of a member' })
      const seen = async (person: Person) => (await find(person, 'apricot')).toSorted()
      const [pub, team, priv, boss] = ['public', 'team', 'private', 'boss_only'].map(
        (name) => `apricot ${name}`,
      )
      expect(await seen(town.owner)).toEqual([boss, priv, pub, team])
      expect(await seen(town.member)).toEqual(['apricot of a member', pub, team])
      expect(await seen(town.other)).toEqual([pub, team])
      expect(await seen(town.guest)).toEqual([pub])
      expect(await seen(abroad.owner)).toEqual([])
    })

    it('finds nothing where no town was entered, whatever the settings are', async () => {
      await put(town.owner, { content: 'unset plum', privacy: 'public' })
      const settings = ['', town.id.slice(0, -1), 'null', newId()]
      for (const value of settings) {
        const asked = test.database.transaction('read', async (tx) => {
          const { sql } = await import('kysely')
          await sql`select set_config('app.town_id', ${value}, true), set_config('app.clearance', 'boss', true)`.execute(
            tx,
          )
          return findEntries(tx, { ...anything, query: 'plum' })
        })
        // A town that is no uuid is an error of the database, not an answer.
        expect(await asked.catch((error: { code?: string }) => error.code), value).toEqual(
          /^[0-9a-f-]{36}$|^$/.test(value) ? [] : '22P02',
        )
      }
    })

    it('finds nothing for a question without words, and for one with words nobody said', async () => {
      for (const query of ['', ' ', 'the of and', '!!', '\\', "'", '&|!():*', '<script>', 'qwertz']) {
        expect(await find(town.owner, query), query).toEqual([])
      }
    })

    it('finds words by their stem, in content, title and person, whatever their case', async () => {
      await put(town.owner, { content: 'He was RUNNING late', title: 'Marathons', person: 'Zoë Kowalski' })
      for (const query of ['runs', 'marathon', 'kowalski', 'KOWALSKI’s running']) {
        expect(await find(town.owner, query), query).toEqual(['He was RUNNING late'])
      }
    })

    it('holds to the kinds and personalities that are asked for; what has none is shared by all', async () => {
      const [ours, theirs] = [newId(), newId()]
      await put(
        town.owner,
        { content: 'cherry of ours', personalityId: ours },
        { content: 'cherry of theirs', personalityId: theirs, kind: 'message' },
        { content: 'cherry of all' },
      )
      const sorted = async (more: Partial<FindRequest>) => (await find(town.owner, 'cherry', more)).toSorted()
      expect(await sorted({ personalityIds: [ours] })).toEqual(['cherry of all', 'cherry of ours'])
      expect(await sorted({ personalityIds: [] })).toEqual(['cherry of all'])
      expect(await sorted({ kinds: ['message'] })).toEqual(['cherry of theirs'])
      expect(await sorted({ kinds: [] })).toEqual([])
    })

    it('puts first what has more of the question, then what is newer and weightier', async () => {
      const day = (n: number) => new Date(now.getTime() - n * 86_400_000)
      await put(
        town.owner,
        { content: 'walnut cake old', at: day(900) },
        { content: 'walnut cake new', at: day(1) },
        { content: 'walnut cake vital', at: day(1), importance: 10 },
        { content: 'walnut', at: day(0), importance: 10 },
      )
      expect(await find(town.owner, 'walnut cake')).toEqual([
        'walnut cake vital',
        'walnut cake new',
        'walnut cake old',
        'walnut',
      ])
      expect(await find(town.owner, 'walnut cake', { limit: 2 })).toHaveLength(2)
    })

    it('finds for an audience only what all of it may see', async () => {
      for (const privacy of ['public', 'team', 'private', 'boss_only'] as const) {
        await put(town.owner, { content: `damson ${privacy}`, privacy })
      }
      await put(town.member, { content: 'damson of a member' })
      const seen = async (person: Person, audience: FindRequest['audience']) =>
        (await find(person, 'damson', { audience })).toSorted()
      const [pub, team, priv, boss] = ['public', 'team', 'private', 'boss_only'].map(
        (name) => `damson ${name}`,
      )
      expect(await seen(town.owner, 'public')).toEqual([pub])
      expect(await seen(town.owner, 'team')).toEqual([pub, team])
      expect(await seen(town.owner, 'boss_only')).toEqual([boss, pub, team])
      expect(await seen(town.owner, 'private')).toEqual([boss, priv, pub, team])
      expect(await seen(town.member, 'team')).toEqual([pub, team])
      expect(await seen(town.member, 'boss_only')).toEqual([pub, team])
      expect(await seen(town.member, 'private')).toEqual(['damson of a member', pub, team])
      for (const audience of ['public', 'team', 'private', 'boss_only'] as const) {
        expect(await seen(town.guest, audience), audience).toEqual([pub])
      }
    })

    it('scores alike whatever stands in rows that may not be seen', async () => {
      await put(town.member, { content: 'persimmon tart' }, { content: 'persimmon', kind: 'message' })
      const scores = async () => {
        const found = await findWhole(town.member, 'persimmon tart with cobalt', { kinds: ['memory'] })
        return found.map(({ score, keyword_score, matched }) => [score, keyword_score, matched])
      }
      const before = await scores()
      expect(before).toHaveLength(1)
      await put(town.owner, ...Array.from({ length: 50 }, () => ({ content: 'persimmon and cobalt' })), {
        content: 'tart tart cobalt',
        privacy: 'boss_only' as const,
      })
      await put(abroad.owner, { content: 'cobalt tart', privacy: 'public' })
      // Of the actor's own, what was not asked for: another kind, another personality's, what has ended.
      await put(
        town.member,
        ...Array.from({ length: 50 }, () => ({ content: 'tart of cobalt', kind: 'message' as const })),
        { content: 'cobalt', endsAt: now },
      )
      expect(await scores()).toEqual(before)
    })

    it('does not find what has ended', async () => {
      const later = new Date(now.getTime() + 1_000)
      await put(town.owner, { content: 'a quince for now', endsAt: later }, { content: 'a quince for ever' })
      expect((await find(town.owner, 'quince')).toSorted()).toEqual(['a quince for ever', 'a quince for now'])
      expect(await find(town.owner, 'quince', { now: later })).toEqual(['a quince for ever'])
    })

    it('cuts long texts and says so', async () => {
      await put(town.owner, { content: `tamarind ${'😀'.repeat(50)}` })
      const shown = async (characters: number) =>
        (await findWhole(town.owner, 'tamarind', { characters })).map((item) => [item.content, item.is_cut])
      expect(await shown(11)).toEqual([['tamarind 😀😀', true]])
      expect(await shown(59)).toEqual([[`tamarind ${'😀'.repeat(50)}`, false]])
    })

    it('finds the memories among thousands of newer messages with the same common words', async () => {
      const day = (n: number) => new Date(now.getTime() - n * 86_400_000)
      const memories = [
        { content: 'likes ristretto black', at: day(30), importance: 10 },
        { content: 'ristretto machine is broken', at: day(20) },
      ]
      await put(town.owner, ...memories)
      const many = Array.from({ length: 6_500 }, (_, n) => ({
        content: `ristretto black small talk ${n}`,
        kind: 'message' as const,
        at: day(19 - n / 1_000),
      }))
      await put(town.owner, ...many)
      for (const query of ['ristretto', 'black ristretto']) {
        const found = await find(town.owner, query, { limit: 7_000 })
        expect(found, query).toEqual(expect.arrayContaining(memories.map(({ content }) => content)))
      }
      // The weightiest too, when thousands of newer memories say the same.
      const newer = many.map(({ content }) => ({ content: `${content} again`, at: day(1) }))
      await put(town.owner, ...newer)
      expect((await find(town.owner, 'ristretto', { limit: 7_000 })).slice(0, 7_000)).toContain(
        'likes ristretto black',
      )
    }, 60_000)

    it('does not let the rows of others crowd out the few that may be seen', async () => {
      await put(town.member, { content: 'hazelnut of the member', at: new Date('2020-01-01T00:00:00Z') })
      const many = Array.from({ length: 6_500 }, (_, n) => ({ content: `hazelnut spread number ${n}` }))
      await put(town.owner, ...many)
      expect(await find(town.member, 'hazelnut')).toEqual(['hazelnut of the member'])
      expect(await find(town.member, 'hazelnut spread')).toEqual(['hazelnut of the member'])
      expect(await find(town.guest, 'hazelnut spread')).toEqual([])
    })
  })

  describe('search.lock_present', () => {
    it('names what is still there and no private row of others', async () => {
      const [mine, gone, open] = [newId(), newId(), newId()]
      await put(town.owner, { sourceId: mine, content: 'rhubarb' }, { sourceId: gone, content: 'rhubarb' })
      await put(town.owner, { sourceId: open, content: 'rhubarb', privacy: 'team' })
      await actAs(test, town.owner, (tx) => removeEntries(tx, [gone]))
      const asked = [mine, gone, open, newId()]
      const present = (person: Person) => actAs(test, person, (tx) => lockPresent(tx, asked))
      expect(await present(town.owner)).toEqual(new Set([mine, open]))
      expect(await present(town.member)).toEqual(new Set([open]))
      expect(await present(abroad.owner)).toEqual(new Set())
    })
  })

  describe('search.put and search.remove', () => {
    it('indexes a source once and replaces what it said', async () => {
      const sourceId = newId()
      await put(town.owner, { sourceId, content: 'first papaya' })
      await put(town.owner, { sourceId, content: 'second mango' })
      expect(await find(town.owner, 'papaya')).toEqual([])
      expect(await find(town.owner, 'mango')).toEqual(['second mango'])
      await actAs(test, town.owner, (tx) => removeEntries(tx, [sourceId]))
      expect(await find(town.owner, 'mango')).toEqual([])
    })

    it("leaves another person's private row, and another town's, as they are", async () => {
      const sourceId = newId()
      await put(town.member, { sourceId, content: 'my own lychee' })
      await put(town.owner, { sourceId, content: 'stolen lychee', privacy: 'public' })
      await put(abroad.owner, { sourceId, content: 'foreign lychee', privacy: 'public' })
      await actAs(test, abroad.owner, (tx) => removeEntries(tx, [sourceId]))
      expect(await find(town.member, 'lychee')).toEqual(['my own lychee'])
      expect(await find(town.owner, 'lychee')).toEqual([])
    })

    it('indexes texts of any length and making', async () => {
      const letters = Array.from({ length: 60 }, (_, n) => String.fromCodePoint(0xac00 + n * 13))
      const three = (n: number) =>
        [n, n / 60, n / 3_600].map((part) => letters[Math.floor(part) % 60]).join('')
      // Each compound is indexed whole and in its parts: more bytes than the text has itself.
      const hyphens = Array.from({ length: 25_000 }, (_, n) => `${three(2 * n)}-${three(2 * n + 1)}`).join(
        ' ',
      )
      const texts = {
        'one word of two million letters': 'x'.repeat(2_000_000),
        'two hundred thousand words': Array.from({ length: 200_000 }, (_, n) => `w${n.toString(36)}`).join(
          ' ',
        ),
        'compounds of three-byte letters': hyphens,
        addresses: Array.from({ length: 20_000 }, (_, n) => `a${n}.example.org/x${n}`).join(' '),
        'control characters': Array.from({ length: 31 }, (_, n) => String.fromCharCode(n + 1)).join(' word '),
        brackets: '<a href="'.repeat(20_000),
      }
      for (const [what, content] of Object.entries(texts)) {
        const [id] = await put(town.owner, { content: `nectarine ${content}`, title: what.slice(0, 60) })
        expect((await find(town.owner, 'nectarine'))[0]?.length, what).toBe(content.length + 10)
        await actAs(test, town.owner, (tx) => removeEntries(tx, [id!]))
      }
    })

    it('lets nobody read the table itself', async () => {
      const direct = actAs(test, town.owner, (tx) =>
        tx
          .selectFrom('search_index' as never)
          .selectAll()
          .execute(),
      )
      await expect(direct).rejects.toMatchObject({ code: '42501' })
    })
  })
})
