import { expect } from 'vitest'

import type { Value } from '../support/operation-context.ts'
import { at, expectSame, groupsOf, latest, privacyOf, type Part, type Viewer } from './world.ts'

const CATEGORIES = ['intel', 'deals', 'drafts']
/** So many of the newest notes are looked at one by one. */
const LOOKED_AT = 30

/** Sticky notes: how often they surface, how that is taken, and what is learnt from it. */
export const notes: Part = {
  refusals: ['NOTE_SURFACE_OWNER'],
  steps: {
    async write(die, call, world) {
      const { id } = await call('memory.notes.create', {
        title: `Note ${die.a}`,
        content: 'Worth knowing.',
        category: at(CATEGORIES, die.a),
        tags: [[], ['red'], ['red', 'blue'], ['blue', 'blue']][die.b % 4],
        surfaceStatus: at(['surfaced', 'submerged', 'always_visible'], die.c),
        privacy: privacyOf(die),
      })
      world.know('notes', id)
    },
    sort: ({ a, b }, call, world) =>
      call('memory.notes.update', { id: world.some('notes', a), category: at(CATEGORIES, b) }),
    hide: (die, call, world) =>
      call('memory.notes.update', { id: world.some('notes', die.a), privacy: privacyOf(die) }),
    async surface({ a }, call, world) {
      const { id } = await call('memory.notes.surface', { id: world.some('notes', a) })
      world.know('surfaces', id)
    },
    react: ({ a, b, c }, call, world) =>
      call('memory.notes.react', {
        id: world.some('surfaces', a),
        action: at(['opened', 'used', 'dismissed', 'ignored'], b),
        ...(c % 3 === 0 ? {} : { isHelpful: c % 3 === 1 }),
      }),
    like: ({ a, b }, call, world) =>
      call(`memory.notes.${b % 3 ? 'favorite' : 'unfavorite'}`, { id: world.some('notes', a) }),
    async tear({ a, b }, call, world) {
      // Seldom, so that some grow old.
      if (b % 4 === 0) await call('memory.notes.delete', { id: world.some('notes', a) })
    },
  },
  async compare(_, viewer) {
    const all = await viewer.rows('memory.sticky_notes')
    const surfaces = await viewer.rows('memory.sticky_note_surfaces')
    const liked = await viewer.rows('memory.sticky_notes_favorites')
    for (const { id } of all.slice(-LOOKED_AT)) {
      const shown = await viewer.call('memory.notes.get', { id })
      const own = surfaces.filter((surface) => surface.note_id === id)
      expect(shown, `note as ${viewer.name}`).toMatchObject({
        isFavorite: liked.some((each) => each.note_id === id && each.created_by === viewer.person.userId),
        surfaceCount: own.length,
        helpfulCount: own.filter((each) => each.is_helpful).length,
        dismissedCount: own.filter((each) => each.action === 'dismissed').length,
        lastSurfacedAt: latest(own.map((each) => each.surfaced_at)),
      })
    }
    const { items } = await viewer.call('memory.categories.list', { limit: 100 })
    for (const { slug, noteCount } of items) {
      expect(noteCount, slug).toBe(all.filter((note) => note.category === slug).length)
    }
    await compareLearning(viewer, all, surfaces)
    await compareSurfaced(viewer, all, surfaces)
  },
}

async function compareLearning(viewer: Viewer, all: Value[], surfaces: Value[]): Promise<void> {
  const learnt = await viewer.call('memory.notes.learning', { days: 3_650, dismissedAbove: 0, limit: 200 })
  const noteOf = new Map(all.map((note) => [note.id, note]))
  const seen = surfaces.filter((surface) => noteOf.has(surface.note_id))
  const taken = (valuesOf: (surface: Value) => string[]) =>
    groupsOf(
      seen.flatMap((surface) => valuesOf(surface).map((value) => ({ ...surface, value }))),
      ({ value }) => ({ value }),
    ).map(({ key, rows }) => {
      const rated = rows.filter((each) => each.is_helpful !== null).length
      const helpful = rows.filter((each) => each.is_helpful === true).length
      return {
        ...key,
        surfaced: rows.length,
        dismissed: rows.filter((each) => each.action === 'dismissed').length,
        rated,
        helpful,
        helpfulRate: rated === 0 ? null : helpful / rated,
      }
    })
  const about = `learning as ${viewer.name}`
  expectSame(
    learnt.byCategory,
    taken(({ note_id: id }) => [noteOf.get(id).category]),
    about,
  )
  expectSame(
    learnt.byHour,
    taken((surface) => [String(surface.surfaced_at.getUTCHours())]),
    about,
  )
  expectSame(
    learnt.byTag,
    taken(({ note_id: id }) => [...new Set<string>(noteOf.get(id).tags)]),
    about,
  )
  const dismissed = groupsOf(seen, ({ note_id: noteId }) => ({ noteId }))
    .map(({ key, rows }) => ({
      ...key,
      title: noteOf.get(key.noteId).title,
      dismissed: rows.filter((each) => each.action === 'dismissed').length,
      surfaced: rows.length,
    }))
    .filter((each) => each.dismissed > 0)
    .toSorted((a, b) => b.dismissed - a.dismissed || (a.noteId < b.noteId ? -1 : 1))
  expectSame(learnt.dismissed, dismissed.slice(0, 200), about)
}

async function compareSurfaced(viewer: Viewer, all: Value[], surfaces: Value[]): Promise<void> {
  const shown = await viewer.view(
    'select id, surface_count, dismissed_count, last_surfaced_at from surfaced_notes_view',
  )
  const counted = all
    .filter((note) => note.surface_status !== 'submerged')
    .map(({ id }) => {
      const own = surfaces.filter((surface) => surface.note_id === id)
      const last = latest(own.map((each) => each.surfaced_at))
      return {
        id,
        surface_count: own.length,
        dismissed_count: own.filter((each) => each.action === 'dismissed').length,
        last_surfaced_at: last,
      }
    })
  const inUtc = shown.map((row) => ({
    ...row,
    last_surfaced_at: row.last_surfaced_at === null ? null : row.last_surfaced_at.toISOString(),
  }))
  expectSame(inUtc, counted, `surfaced notes as ${viewer.name}`)
}
