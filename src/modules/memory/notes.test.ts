import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { eachBackend } from '../../../test/support/backends.ts'
import { foundTown, type Person, type Town } from '../../../test/support/found-town.ts'
import { operationsAs, stoppedClock, type Value } from '../../../test/support/operation-context.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { SHIPPED_CATEGORIES } from './note-categories.ts'

const START = '2026-03-01T12:00:00.000Z'

eachBackend((backend) => {
  let test: TestDatabase
  let town: Town
  let abroad: Town
  const clock = stoppedClock(START)
  beforeAll(async () => {
    test = await testDatabase(backend)
    town = await foundTown(test, { now: new Date(START) })
    abroad = await foundTown(test, { slug: 'abroad', now: new Date(START) })
  })
  afterAll(() => test.drop())
  const as = (person: Person) => operationsAs(test, person, clock)
  const note = (person: Person, more: Value = {}) =>
    as(person)('memory.notes.create', {
      title: 'Otters',
      content: 'They hold hands.',
      category: 'intel',
      ...more,
    })
  const code = (call: Promise<unknown>) =>
    call.then(
      () => 'success',
      (error: { code: string }) => error.code,
    )
  const historyOf = async (person: Person, noteId: string): Promise<Value[]> =>
    (await as(person)('memory.history.list', { noteId })).items.toReversed()

  describe('the categories of a new town', () => {
    it('are the seven that come with the product, in their order, for guests too', async () => {
      const { items } = await as(town.guest)('memory.categories.list')
      expect(items.map((item: Value) => item.slug)).toEqual(SHIPPED_CATEGORIES.map(([slug]) => slug))
      expect(items.every((item: Value) => item.isShipped && item.color && item.icon)).toBe(true)
      expect((await as(abroad.owner)('memory.categories.list')).items).toHaveLength(7)
    })

    it('take more, which notes can have then, and keep those that notes are in', async () => {
      const call = as(town.owner)
      expect(await code(note(town.owner, { category: 'recipes' }))).toBe('NOTE_CATEGORY_UNKNOWN')
      const category = await call('memory.categories.create', { slug: 'recipes', displayName: 'Recipes' })
      expect(await code(call('memory.categories.create', { slug: 'recipes', displayName: 'Two' }))).toBe(
        'NOTE_CATEGORY_TAKEN',
      )
      await note(town.owner, { category: 'recipes' })
      expect((await call('memory.categories.get', { id: category.id })).noteCount).toBe(1)
      expect(await code(call('memory.categories.delete', { id: category.id }))).toBe('RESOURCE_IN_USE')
      const rename = { id: category.id, slug: 'cooking' }
      expect(await code(call('memory.categories.update', rename))).toBe('RESOURCE_IN_USE')
      expect(await code(note(abroad.owner, { category: 'recipes' }))).toBe('NOTE_CATEGORY_UNKNOWN')
    })
  })

  describe('a locked note', () => {
    it('is changed by whoever made it alone, until it is unlocked', async () => {
      const { id } = await note(town.member, { privacy: 'team', externalId: 'locked:1' })
      expect(await code(as(town.other)('memory.notes.lock', { id }))).toBe('NOTE_LOCK_OWNER')
      await as(town.member)('memory.notes.lock', { id, reason: 'final' })
      const upsert = { title: 'x', content: 'x', category: 'intel', externalId: 'locked:1' }
      for (const person of [town.other, town.owner]) {
        expect(await code(as(person)('memory.notes.update', { id, title: 'Seals' }))).toBe('NOTE_LOCKED')
        expect(await code(as(person)('memory.notes.delete', { id }))).toBe('NOTE_LOCKED')
        expect(await code(as(person)('memory.notes.upsert', { items: [upsert] }))).toBe('NOTE_LOCKED')
      }
      expect(await code(as(town.other)('memory.notes.unlock', { id }))).toBe('NOTE_LOCKED')
      const file = { noteId: id, linkType: 'doc', fileId: 'f', fileName: 'F', fileUrl: 'https://example.com' }
      expect(await code(as(town.other)('memory.links.create', file))).toBe('NOTE_LOCKED')
      expect(await as(town.other)('memory.notes.get', { id })).toMatchObject({
        title: 'Otters',
        isLocked: true,
      })
      await as(town.member)('memory.notes.update', { id, title: 'Sea otters' })
      await as(town.owner)('memory.notes.unlock', { id })
      expect(await as(town.other)('memory.notes.update', { id, title: 'Seals' })).toMatchObject({
        title: 'Seals',
        isLocked: false,
      })
    })

    it('is as it was when it is locked twice', async () => {
      const { id } = await note(town.member)
      const first = await as(town.member)('memory.notes.lock', { id })
      expect(first).toEqual({ id, isLocked: true, version: 2 })
      expect(await as(town.member)('memory.notes.lock', { id })).toEqual(first)
    })
  })

  describe('the history of a note', () => {
    it('has every change with old and new values, who made it and why, and outlives the note', async () => {
      const { id } = await note(town.member, { privacy: 'team' })
      await as(town.other)('memory.notes.update', { id, content: 'They juggle.', tags: ['sea'] })
      await as(town.member)('memory.notes.lock', { id, reason: 'final' })
      await as(town.owner)('memory.notes.unlock', { id })
      await as(town.member)('memory.notes.delete', { id })
      const history = await historyOf(town.owner, id)
      expect(history.map((item) => [item.action, item.changedBy, item.reason, item.noteVersion])).toEqual([
        ['created', town.member.userId, null, 1],
        ['updated', town.other.userId, null, 2],
        ['locked', town.member.userId, 'final', 3],
        ['unlocked', town.owner.userId, null, 4],
        ['deleted', town.member.userId, null, 4],
      ])
      expect(history[0]!.newValues).toMatchObject({ title: 'Otters', tags: [] })
      expect(history[1]).toMatchObject({
        oldValues: { content: 'They hold hands.', tags: [] },
        newValues: { content: 'They juggle.', tags: ['sea'] },
      })
      expect(history[4]).toMatchObject({ oldValues: { content: 'They juggle.' }, newValues: {} })
    })

    it('is as private as the note has become, and so are its surfacings', async () => {
      const { id } = await note(town.member, { privacy: 'team' })
      await as(town.other)('memory.notes.update', { id, content: 'Theirs.' })
      await as(town.other)('memory.notes.surface', { id })
      expect(await historyOf(town.other, id)).toHaveLength(2)
      await as(town.member)('memory.notes.update', { id, privacy: 'private' })
      expect(await historyOf(town.other, id)).toEqual([])
      expect(await historyOf(town.member, id)).toHaveLength(3)
      const surfaces = async (person: Person) =>
        (await as(person)('memory.surfaces.list', { noteId: id })).items.length
      expect(await surfaces(town.other)).toBe(0)
      expect(await surfaces(town.member)).toBe(1)
    })

    it('has an entry for each note of a bulk upsert that changes something', async () => {
      const item = (n: number) => ({
        title: `Bulk ${n}`,
        content: 'x',
        category: 'drafts',
        externalId: `b:${n}`,
      })
      const items = [1, 2, 3].map(item)
      const { ids } = await as(town.member)('memory.notes.upsert', { items })
      await as(town.member)('memory.notes.upsert', {
        items: [{ ...items[0]!, content: 'y' }, ...items.slice(1)],
      })
      const lengths = await Promise.all(
        ['b:1', 'b:2', 'b:3'].map(async (key) => (await historyOf(town.member, ids[key])).length),
      )
      expect(lengths).toEqual([2, 1, 1])
    })
  })

  describe('a favourite', () => {
    it('is of one person alone, and goes with its note', async () => {
      const { id } = await note(town.member, { privacy: 'team' })
      const isFavorite = async (person: Person) => (await as(person)('memory.notes.get', { id })).isFavorite
      await as(town.other)('memory.notes.favorite', { id })
      await as(town.other)('memory.notes.favorite', { id })
      expect([await isFavorite(town.other), await isFavorite(town.member)]).toEqual([true, false])
      await as(town.other)('memory.notes.unfavorite', { id })
      expect(await isFavorite(town.other)).toBe(false)
      await as(town.other)('memory.notes.favorite', { id })
      await as(town.member)('memory.notes.delete', { id })
      expect(await test.query('select from memory.sticky_notes_favorites where note_id = $1', [id])).toEqual(
        [],
      )
      expect(await code(as(town.other)('memory.notes.favorite', { id }))).toBe('RESOURCE_NOT_FOUND')
    })
  })

  describe('a surfacing', () => {
    it('counts on its note with what came of it', async () => {
      clock.set(START)
      const { id } = await note(town.member, { privacy: 'team' })
      const surfaced = await as(town.member)('memory.notes.surface', {
        id,
        context: { meeting: 'in 10 minutes' },
      })
      clock.set('2026-03-01T12:00:42.900Z')
      const reaction = { id: surfaced.id, action: 'used', isHelpful: true }
      expect(await as(town.member)('memory.notes.react', reaction)).toEqual({
        ...reaction,
        noteId: id,
        secondsToAction: 42,
      })
      clock.set('2026-03-01T12:05:00.000Z')
      const again = { id: surfaced.id, action: 'dismissed' }
      expect(await as(town.member)('memory.notes.react', again)).toMatchObject({
        isHelpful: true,
        secondsToAction: 42,
      })
      expect(await code(as(town.other)('memory.notes.react', again))).toBe('NOTE_SURFACE_OWNER')
      await as(town.other)('memory.notes.surface', { id })
      expect(await as(town.member)('memory.notes.get', { id })).toMatchObject({
        surfaceCount: 2,
        helpfulCount: 1,
        dismissedCount: 1,
        lastSurfacedAt: '2026-03-01T12:05:00.000Z',
        version: 1,
      })
      clock.set(START)
    })
  })

  describe('what is learnt from surfacings', () => {
    it('is how often they helped by category, hour and tag, and what was dismissed too often', async () => {
      const owner = abroad.owner
      const take = async (id: string, at: string, reaction: Value) => {
        clock.set(at)
        const surfaced = await as(owner)('memory.notes.surface', { id })
        if (reaction) await as(owner)('memory.notes.react', { id: surfaced.id, ...reaction })
      }
      const intel = await note(owner, { tags: ['sea', 'sea', 'fur'] })
      const deal = await note(owner, { category: 'deals', title: 'Discount', tags: ['sea'] })
      await take(intel.id, '2026-03-02T08:10:00.000Z', { action: 'used', isHelpful: true })
      await take(intel.id, '2026-03-02T08:50:00.000Z', { action: 'opened', isHelpful: false })
      await take(intel.id, '2026-03-02T15:00:00.000Z', null)
      for (const minute of [1, 2, 3, 4])
        await take(deal.id, `2026-03-02T15:0${minute}:00.000Z`, { action: 'dismissed', isHelpful: false })
      const learnt = await as(owner)('memory.notes.learning')
      const taken = (value: string, numbers: number[], helpfulRate: number | null) => {
        const [surfaced, dismissed, rated, helpful] = numbers
        return { value, surfaced, dismissed, rated, helpful, helpfulRate }
      }
      expect(learnt).toEqual({
        byCategory: [taken('deals', [4, 4, 4, 0], 0), taken('intel', [3, 0, 2, 1], 0.5)],
        byHour: [taken('15', [5, 4, 4, 0], 0), taken('8', [2, 0, 2, 1], 0.5)],
        byTag: [taken('sea', [7, 4, 6, 1], 1 / 6), taken('fur', [3, 0, 2, 1], 0.5)],
        dismissed: [{ noteId: deal.id, title: 'Discount', dismissed: 4, surfaced: 4 }],
      })
      const never = { days: 90, dismissedAbove: 4 }
      expect((await as(owner)('memory.notes.learning', never)).dismissed).toEqual([])
      clock.set('2026-03-05T15:00:00.000Z')
      expect((await as(owner)('memory.notes.learning', { days: 1 })).byCategory).toEqual([])
      expect((await as(abroad.member)('memory.notes.learning')).byCategory).toEqual([])
      clock.set(START)
    })
  })

  describe('a file of a note', () => {
    it('belongs to it once, and goes with it', async () => {
      const { id } = await note(town.member)
      const file = {
        noteId: id,
        linkType: 'doc',
        fileId: 'f1',
        fileName: 'F',
        fileUrl: 'https://example.com',
      }
      await as(town.member)('memory.links.create', file)
      expect(await code(as(town.member)('memory.links.create', file))).toBe('NOTE_LINK_TAKEN')
      await as(town.member)('memory.notes.delete', { id })
      expect((await as(town.member)('memory.links.list', { noteId: id })).items).toEqual([])
    })
  })

  describe('surfaced_notes_view', () => {
    it('has the notes in view, with their category and counts', async () => {
      const { id } = await note(town.member, { surfaceStatus: 'always_visible' })
      const submerged = await note(town.member)
      await as(town.member)('memory.notes.surface', { id })
      const rows = await test.query<Value>(
        'select id, category_name, color, surface_count, dismissed_count from memory.surfaced_notes_view where id = any ($1)',
        [[id, submerged.id]],
      )
      expect(rows).toEqual([
        { id, category_name: 'Intel', color: '#64B5F6', surface_count: 1, dismissed_count: 0 },
      ])
    })
  })
})
