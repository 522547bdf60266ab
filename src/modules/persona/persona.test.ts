import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../../kernel/ids.ts'
import { eachBackend } from '../../../test/support/backends.ts'
import { actAs, foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { refreshShipped } from './index.ts'
import { findActivePrompt } from './personality.queries.ts'
import { shippedMoods, shippedPersonalities } from './shipped/shipped.ts'

const now = new Date('2026-03-01T12:00:00Z')

/** The rules in words: first match wins. */
const RULE = `case
  when a = 11 and 'private' = any (k) then 'blushing'
  when g >= 8 or 'crisis' = any (k) then 'bossy'
  when a >= 8 then 'playful'
  when k && array['urgent', 'deadline', 'critical'] then 'focused'
  when k && array['unexpected', 'surprise'] then 'surprised'
  else 'friendly' end`

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
  const owner = () => operationsAs(test, town.owner)

  describe('calculate_mood', () => {
    const table = (person: Person) =>
      actAs(
        test,
        person,
        async (tx) => {
          // Every attraction, every gandhi_genghis, every set of the seven keywords and one that no mood listens for.
          const result = await sql<{
            a: number
            g: number
            k: string[]
            mood: string
            expected: string
            rows: number
          }>`
          with words as (select array['private', 'crisis', 'urgent', 'deadline', 'critical', 'unexpected', 'surprise', 'weather'] as w),
          cases as (
            select a, g, array(select w[i] from generate_series(1, 8) i where (bits >> (i - 1)) & 1 = 1) as k
            from words, generate_series(1, 11) a, generate_series(1, 10) g, generate_series(0, 255) bits
          ),
          moods as (select a, g, k, persona.calculate_mood(a, g, k) as mood, ${sql.raw(RULE)} as expected from cases)
          select *, (select count(*) from moods) as rows from moods where mood is distinct from expected or (a, g) = (1, 1) limit 300`.execute(
            tx,
          )
          return result.rows
        },
        'read',
      )

    it('follows the rules over all sliders and all sets of keywords', async () => {
      const rows = await table(town.owner)
      expect(rows[0]!.rows).toBe(11 * 10 * 256)
      expect(rows.filter((row) => row.mood !== row.expected)).toEqual([])
    })

    const mood = (
      attraction: number,
      gandhiGenghis: number,
      keywords: string[] | null,
      person = town.owner,
    ) =>
      actAs(test, person, async (tx) => {
        const result = await sql<{
          mood: string | null
        }>`select persona.calculate_mood(${attraction}, ${gandhiGenghis}, ${keywords}::text[]) as mood`.execute(
          tx,
        )
        return result.rows[0]!.mood
      })

    it('takes keywords in any case, none, and null', async () => {
      expect(await mood(5, 5, ['URGENT'])).toBe('focused')
      expect(await mood(5, 5, [])).toBe('friendly')
      expect(await mood(5, 5, null)).toBe('friendly')
      expect(await mood(11, 5, ['Private'])).toBe('blushing')
    })

    it('obeys conditions that were edited, in the town where they were', async () => {
      await test.query(
        `update persona.moods set trigger_conditions = '[{"keywords": ["thunder"]}, {"attractionMin": 2, "keywords": ["rain"]}, {}]'
         where town_id = $1 and name = 'surprised'`,
        [abroad.id],
      )
      const there = (attraction: number, keywords: string[]) => mood(attraction, 5, keywords, abroad.owner)
      expect([await there(1, ['thunder']), await there(1, ['rain']), await there(2, ['rain'])]).toEqual([
        'surprised',
        'friendly',
        'surprised',
      ])
      expect([await there(1, ['surprise']), await there(1, [])]).toEqual(['friendly', 'friendly'])
      expect(await mood(1, 5, ['surprise'])).toBe('surprised')
    })

    it('follows what admins make of moods: words in any case, archived ones, an order of their own', async () => {
      const admin = operationsAs(test, abroad.owner)
      const { items } = await admin('persona.moods.list')
      expect(items.map((item: Value) => item.name)).toEqual(shippedMoods.map(({ name }) => name))
      const named = (name: string) => items.find((item: Value) => item.name === name)
      const there = (keywords: string[]) => mood(1, 5, keywords, abroad.owner)
      const { id, version } = named('playful')
      const conditions = [{ keywords: ['Fiesta'] }]
      const changed = await admin('persona.moods.update', { id, version, triggerConditions: conditions })
      expect(changed).toMatchObject({
        version: version + 1,
        triggerConditions: [{ keywords: ['fiesta'] }],
        isActive: true,
      })
      expect(await admin('persona.moods.get', { id })).toEqual(changed)
      expect(await there(['FIESTA', 'deadline'])).toBe('playful')
      await admin('persona.moods.update', { id: named('focused').id, evaluationOrder: 1 })
      expect(await there(['fiesta', 'deadline'])).toBe('focused')
      await admin('persona.moods.update', { id, isActive: false })
      expect(await there(['fiesta'])).toBe('friendly')
      await expect(admin('persona.moods.update', { id, version, emoji: '🎉' })).rejects.toMatchObject({
        code: 'RESOURCE_VERSION_STALE',
      })
      await expect(admin('persona.moods.update', { id, privacy: 'private' })).rejects.toMatchObject({
        code: 'MOOD_STAYS_PUBLIC',
      })
      await expect(
        operationsAs(test, abroad.member)('persona.moods.update', { id, emoji: '🎉' }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' })
      const [row] = await test.query<{ revision: number | null }>(
        'select shipped_revision as revision from persona.moods where town_id = $1 and id = $2',
        [abroad.id, id],
      )
      expect(row).toEqual({ revision: null })
    })

    it('answers nothing where no town was entered', async () => {
      const result = await test.database.transaction('read', (tx) =>
        sql<{ mood: null }>`select persona.calculate_mood(11, 10, '{private}') as mood`.execute(tx),
      )
      expect(result.rows).toEqual([{ mood: null }])
    })
  })

  describe('get_active_prompt', () => {
    it('speaks as in the default mood where a mood has no published prompt, and not at all without any', async () => {
      const made = await owner()('persona.create', {
        slug: 'sparse',
        name: 'Sparse',
        shortDescription: 'Says little.',
      })
      const prompt = (mood: 'bossy' | 'friendly') =>
        actAs(test, town.owner, (tx) => findActivePrompt(tx, made.id, mood))
      const friendly = await prompt('friendly')
      expect(await prompt('bossy')).not.toEqual(friendly)
      await test.query(
        `update persona.prompts set status = 'retired' where personality_id = $1 and mood = 'bossy'`,
        [made.id],
      )
      expect(await prompt('bossy')).toEqual(friendly)
      await test.query(`update persona.prompts set status = 'draft' where personality_id = $1`, [made.id])
      expect(await prompt('bossy')).toBeUndefined()
      await expect(owner()('persona.prompt', { slug: 'sparse' })).rejects.toMatchObject({
        code: 'PROMPT_NOT_FOUND',
      })
    })

    it('has at most one published version of a mood', async () => {
      const [row] = await test.query<Value>(`select * from persona.prompts where town_id = $1 limit 1`, [
        town.id,
      ])
      const second = test.query(
        `insert into persona.prompts (town_id, id, personality_id, mood, version, status, system_prompt, tone, style,
           emoji_guidelines, example_replies, generation_method, shipped_revision, privacy, created_by, created_at)
         select town_id, $2, personality_id, mood, version + 1, status, system_prompt, tone, style,
           emoji_guidelines, example_replies, generation_method, shipped_revision, privacy, created_by, created_at
         from persona.prompts where id = $1`,
        [row.id, newId()],
      )
      await expect(second).rejects.toThrow(/prompts_active_idx/)
    })
  })

  describe('creating and changing', () => {
    it('numbers prompt versions on and keeps the earlier ones', async () => {
      const call = owner()
      const { id } = await call('persona.create', {
        slug: 'versions',
        name: 'V',
        shortDescription: 'd',
        prompts: { playful: { systemPrompt: 'one' } },
      })
      for (const systemPrompt of ['two', 'three'])
        await call('persona.update', { slug: 'versions', prompts: { playful: { systemPrompt } } })
      await call('persona.update', { slug: 'versions', name: 'W' })
      const rows = await test.query(
        `select version, status, system_prompt, generation_method from persona.prompts where personality_id = $1 and mood = 'playful' order by version`,
        [id],
      )
      expect(rows).toEqual([
        { version: 1, status: 'retired', system_prompt: 'one', generation_method: 'written' },
        { version: 2, status: 'retired', system_prompt: 'two', generation_method: 'written' },
        { version: 3, status: 'published', system_prompt: 'three', generation_method: 'written' },
      ])
      expect(await call('persona.get', { slug: 'versions' })).toMatchObject({
        version: 4,
        name: 'W',
        prompts: { playful: { version: 3 }, bossy: { version: 1 } },
      })
      const [audit] = await test.query<Value>(
        `select before, after from journal.audit_log where entity_id = $1 order by seq desc limit 1`,
        [id],
      )
      expect([audit.before.name, audit.after.name]).toEqual(['V', 'W'])
    })

    it('makes slugs of names, and others where they are taken', async () => {
      const call = owner()
      const make = async (name: string) =>
        (await call('persona.create', { name, shortDescription: 'd' })).slug
      expect(await make('Zoë  Ångström!')).toBe('zoe-angstrom')
      expect(await make('ZOE ANGSTROM')).toBe('zoe-angstrom-2')
      expect(await make('日本')).toBe('personality')
      expect(await make('x'.repeat(200))).toBe('x'.repeat(50))
      await expect(
        call('persona.create', { slug: 'robbie-f', name: 'n', shortDescription: 'd' }),
      ).rejects.toMatchObject({ code: 'PERSONALITY_SLUG_TAKEN' })
    })

    it('finds a free slug also where somebody keeps one to themselves', async () => {
      const make = async (person: Person, more = {}) =>
        (
          await operationsAs(test, person)('persona.create', {
            name: 'Hidden Gem',
            shortDescription: 'd',
            ...more,
          })
        ).slug
      expect(await make(town.member, { privacy: 'private' })).toBe('hidden-gem')
      expect(await make(town.other)).toMatch(/^hidden-gem-/)
      await expect(make(town.other, { slug: 'hidden-gem' })).rejects.toMatchObject({
        code: 'PERSONALITY_SLUG_TAKEN',
      })
    })

    it('keeps a whole character card and refuses the same one again', async () => {
      const call = owner()
      const card = { spec: 'chara_card_v2', data: { name: 'ü', extensions: { depth: [1, { a: null }] } } }
      const { id } = await call('persona.create', {
        name: 'Card',
        shortDescription: 'd',
        card,
        externalId: 'card:1',
      })
      expect(await test.query('select card from persona.personalities where id = $1', [id])).toEqual([
        { card },
      ])
      await expect(
        operationsAs(test, town.member)('persona.create', {
          name: 'Card',
          shortDescription: 'd',
          externalId: 'card:1',
        }),
      ).rejects.toMatchObject({ code: 'PERSONALITY_EXTERNAL_ID_TAKEN', data: { slug: 'card' } })
    })

    it('says nothing of a card that somebody keeps to themselves', async () => {
      const input = { name: 'Own', shortDescription: 'd', externalId: 'card:2', privacy: 'private' }
      const call = (person: Person) => operationsAs(test, person)('persona.create', input)
      const made = await call(town.member)
      const other = await call(town.other)
      expect(other.id).not.toBe(made.id)
      const twice = await Promise.allSettled([call(town.guest), call(town.member), call(town.member)])
      expect(twice.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
        'FORBIDDEN',
        'PERSONALITY_EXTERNAL_ID_TAKEN',
        'PERSONALITY_EXTERNAL_ID_TAKEN',
      ])
    })

    it('is for bosses and for whoever made it', async () => {
      const prompts = { friendly: { systemPrompt: 'Tell me what others said.' } }
      const as = (person: Person) => operationsAs(test, person)
      const { id } = await as(town.member)('persona.create', {
        slug: 'of-member',
        name: 'Of a member',
        shortDescription: 'd',
      })
      for (const slug of ['robbie-m', 'of-member']) {
        await expect(as(town.other)('persona.update', { slug, prompts })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        })
      }
      await expect(as(town.member)('persona.update', { slug: 'robbie-m', prompts })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      expect(await as(town.member)('persona.update', { slug: 'of-member', prompts })).toMatchObject({
        id,
        version: 2,
      })
      expect(await owner()('persona.update', { slug: 'of-member', name: 'Checked' })).toMatchObject({
        version: 3,
      })
    })

    it('takes a personality that is not active out of new conversations alone', async () => {
      const call = owner()
      const { slug } = await call('persona.create', { name: 'Resting', shortDescription: 'd' })
      const begun = await call('conversation.create', { personality: slug, externalId: 'resting' })
      await call('persona.update', { slug, isActive: false })
      await expect(call('conversation.create', { personality: slug })).rejects.toMatchObject({
        code: 'PERSONALITY_INACTIVE',
        data: { slug },
      })
      expect(await call('conversation.create', { personality: slug, externalId: 'resting' })).toEqual(begun)
      await call('conversation.send', { id: begun.id, content: 'Still here?' })
      await call('persona.update', { slug, isActive: true })
      await call('conversation.create', { personality: slug })
    })
  })

  describe('shipped personalities', () => {
    const refresh = (person: Person) =>
      actAs(test, person, (tx) => refreshShipped(tx, { town: person.townId, userId: person.userId, now }))
    const shown = (slug: string) => operationsAs(test, abroad.owner)('persona.get', { slug })

    it('stay as they are while they are the newest', async () => {
      expect(await refresh(abroad.owner)).toEqual([])
    })

    it('are brought to a newer revision, and those that were edited are left alone', async () => {
      await operationsAs(test, abroad.owner)('persona.update', { slug: 'kristina', name: 'Our Kristina' })
      await test.query(
        `update persona.personalities set shipped_revision = 0, name = 'Outdated' where town_id = $1 and slug in ('robbie-f', 'bookkeeper')`,
        [abroad.id],
      )
      await test.query(
        `update persona.prompts set system_prompt = 'outdated' where town_id = $1 and mood = 'bossy'
           and personality_id = (select id from persona.personalities where town_id = $1 and slug = 'robbie-f')`,
        [abroad.id],
      )
      expect((await refresh(abroad.owner)).toSorted()).toEqual(['bookkeeper', 'robbie-f'])
      const robbie = shippedPersonalities.find((item) => item.slug === 'robbie-f')!
      const fresh = await shown('robbie-f')
      expect(fresh).toMatchObject({ name: robbie.name, isShipped: true, version: 2 })
      expect(Object.values(fresh.prompts).map((prompt: Value) => prompt.version)).toEqual(Array(6).fill(2))
      const prompt = await operationsAs(test, abroad.owner)('persona.prompt', {
        slug: 'robbie-f',
        mood: 'bossy',
      })
      expect(prompt).toMatchObject({ systemPrompt: robbie.prompts.bossy.systemPrompt, version: 2 })
      expect(await shown('kristina')).toMatchObject({
        name: 'Our Kristina',
        isShipped: false,
        version: 2,
        prompts: { bossy: { version: 1 } },
      })
      expect(await refresh(abroad.owner)).toEqual([])
    })

    it('are one copy for each town', async () => {
      expect((await owner()('persona.get', { slug: 'kristina' })).name).toBe('Kristina')
    })
  })
})
