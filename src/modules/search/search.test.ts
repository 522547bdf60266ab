import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../../kernel/ids.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { findEntries, putEntries, removeEntries, type FindRequest, type IndexEntry } from './index.ts'

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
        privacy: 'private' as const,
        ...entry,
      }))
      await putEntries(tx, whole)
      return whole.map((entry) => entry.sourceId)
    })
  const find = async (person: Person, query: string, more: Partial<FindRequest> = {}) => {
    const request = { query, kinds: null, personalityIds: null, limit: 50, now, ...more }
    const found = await actAs(test, person, (tx) => findEntries(tx, request), 'read')
    return found.map((item) => item.content)
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
          return findEntries(tx, { query: 'plum', kinds: null, personalityIds: null, limit: 5, now })
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

    it('does not let the rows of others crowd out the few that may be seen', async () => {
      await put(town.member, { content: 'hazelnut of the member', at: new Date('2020-01-01T00:00:00Z') })
      const many = Array.from({ length: 6_500 }, (_, n) => ({ content: `hazelnut spread number ${n}` }))
      await put(town.owner, ...many)
      expect(await find(town.member, 'hazelnut')).toEqual(['hazelnut of the member'])
      expect(await find(town.member, 'hazelnut spread')).toEqual(['hazelnut of the member'])
      expect(await find(town.guest, 'hazelnut spread')).toEqual([])
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
