import { describe, expect } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import type { Value } from './door.ts'
import { provesOnEachDoor } from './proves.ts'
import { useStage } from './stage.ts'

eachBackend((backend) => {
  const stage = useStage(backend)
  const make = (operation: string, input: Record<string, unknown>) => stage().http().call(operation, input)
  const note = (more: Record<string, unknown> = {}) =>
    make('memory.notes.create', { title: 'Tea', content: 'Ada takes tea.', category: 'intel', ...more })

  describe('notes', () => {
    provesOnEachDoor('memory.notes.lock', 'locks a note against everybody else', async (name) => {
      const { id } = await note({ privacy: 'team' })
      const locked = await (await stage().door(name)).call('memory.notes.lock', { id, reason: 'final' })
      expect(locked).toEqual({ id, isLocked: true, version: 2 })
      const other = await stage().door(name, stage().member)
      await other.refuse('memory.notes.update', { id, title: 'Coffee' }, 'NOTE_LOCKED')
    })

    provesOnEachDoor('memory.notes.unlock', 'unlocks a note for everybody', async (name) => {
      const { id } = await note({ privacy: 'team', isLocked: true })
      const unlocked = await (await stage().door(name)).call('memory.notes.unlock', { id })
      expect(unlocked).toEqual({ id, isLocked: false, version: 2 })
      await stage().http(stage().member).call('memory.notes.update', { id, title: 'Coffee' })
    })

    provesOnEachDoor('memory.notes.favorite', 'makes a note a favourite of the caller', async (name) => {
      const { id } = await note({ privacy: 'team' })
      const door = await stage().door(name)
      expect(await door.call('memory.notes.favorite', { id })).toEqual({ id, isFavorite: true })
      expect((await make('memory.notes.get', { id })).isFavorite).toBe(true)
      expect((await stage().http(stage().member).call('memory.notes.get', { id })).isFavorite).toBe(false)
    })

    provesOnEachDoor('memory.notes.unfavorite', 'takes a note off the favourites', async (name) => {
      const { id } = await note()
      await make('memory.notes.favorite', { id })
      const door = await stage().door(name)
      expect(await door.call('memory.notes.unfavorite', { id })).toEqual({ id, isFavorite: false })
      expect((await make('memory.notes.get', { id })).isFavorite).toBe(false)
    })

    provesOnEachDoor('memory.notes.surface', 'keeps that a note surfaced, and why', async (name) => {
      const { id } = await note()
      const door = await stage().door(name)
      const input = { id, reason: 'a meeting', context: { minutes: 10 } }
      const surfaced = await door.call('memory.notes.surface', input)
      expect(await make('memory.surfaces.get', { id: surfaced.id })).toMatchObject({
        noteId: id,
        reason: 'a meeting',
        context: { minutes: 10 },
        action: null,
        surfacedAt: surfaced.surfacedAt,
      })
    })

    provesOnEachDoor('memory.notes.react', 'keeps what came of a surfacing', async (name) => {
      const { id } = await note()
      const surfaced = await make('memory.notes.surface', { id })
      const reaction = { id: surfaced.id, action: 'dismissed', isHelpful: false }
      const kept = await (await stage().door(name)).call('memory.notes.react', reaction)
      expect(kept).toEqual({ ...reaction, noteId: id, secondsToAction: expect.any(Number) })
      expect(await make('memory.notes.get', { id })).toMatchObject({ surfaceCount: 1, dismissedCount: 1 })
    })

    provesOnEachDoor('memory.notes.learning', 'works out which notes help', async (name) => {
      const slug = `learnt-${name}`
      await make('memory.categories.create', { slug, displayName: slug })
      const { id } = await note({ category: slug })
      const surfaced = await make('memory.notes.surface', { id })
      await make('memory.notes.react', { id: surfaced.id, action: 'used', isHelpful: true })
      const { byCategory } = await (await stage().door(name)).call('memory.notes.learning', { limit: 200 })
      expect(byCategory.find((item: Value) => item.value === slug)).toEqual({
        value: slug,
        surfaced: 1,
        dismissed: 0,
        rated: 1,
        helpful: 1,
        helpfulRate: 1,
      })
    })
  })
})
