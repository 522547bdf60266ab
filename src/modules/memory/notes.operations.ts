import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, jsonInput, textInput, timeOutput } from '../../kernel/input.ts'
import {
  listDismissed,
  listTakenByCategory,
  listTakenByHour,
  listTakenByTag,
  type Taken,
} from './note-learning.queries.ts'
import { react, setFavorite, setLock, surface } from './notes.service.ts'

const MOST_CONTEXT_BYTES = 16_384
const MS_PER_DAY = 86_400_000

const lockInput = z.strictObject({
  id: idInput,
  reason: textInput(1_000).optional().describe('Why; it stands in the history of the note.'),
})
const lockOutput = z.object({ id: z.uuid(), isLocked: z.boolean(), version: z.int() })

const lock = defineOperation({
  id: 'memory.notes.lock',
  kind: 'command',
  access: 'user',
  summary: 'Locks a note: only whoever made it may change it then.',
  http: 'POST /v1/notes/{id}/lock',
  input: lockInput,
  output: lockOutput,
  run: async (ctx, { id, reason }) => {
    const { version } = await setLock(ctx, id, { isLocked: true, reason })
    return { id, isLocked: true, version }
  },
})

const unlock = defineOperation({
  id: 'memory.notes.unlock',
  kind: 'command',
  access: 'user',
  summary: 'Unlocks a note; for whoever made it, and for admins.',
  http: 'POST /v1/notes/{id}/unlock',
  input: lockInput,
  output: lockOutput,
  run: async (ctx, { id, reason }) => {
    const { version } = await setLock(ctx, id, { isLocked: false, reason })
    return { id, isLocked: false, version }
  },
})

const favoriteOutput = z.object({ id: z.uuid(), isFavorite: z.boolean() })

const favorite = defineOperation({
  id: 'memory.notes.favorite',
  kind: 'command',
  access: 'user',
  summary: 'Makes a note one of your favourites; nobody else sees that.',
  http: 'POST /v1/notes/{id}/favorite',
  input: z.strictObject({ id: idInput }),
  output: favoriteOutput,
  run: async (ctx, { id }) => {
    await setFavorite(ctx, id, true)
    return { id, isFavorite: true }
  },
})

const unfavorite = defineOperation({
  id: 'memory.notes.unfavorite',
  kind: 'command',
  access: 'user',
  summary: 'Takes a note off your favourites.',
  http: 'DELETE /v1/notes/{id}/favorite',
  input: z.strictObject({ id: idInput }),
  output: favoriteOutput,
  run: async (ctx, { id }) => {
    await setFavorite(ctx, id, false)
    return { id, isFavorite: false }
  },
})

const surfaceOperation = defineOperation({
  id: 'memory.notes.surface',
  kind: 'command',
  access: 'user',
  summary: 'Keeps that a note surfaced to you, and in which situation.',
  http: 'POST /v1/notes/{id}/surfaces',
  status: 201,
  input: z.strictObject({
    id: idInput,
    reason: textInput(1_000).optional().describe('Why it surfaced.'),
    context: jsonInput(MOST_CONTEXT_BYTES).default({}).describe('The situation, as you would describe it.'),
  }),
  output: z.object({ id: z.uuid(), noteId: z.uuid(), surfacedAt: timeOutput }),
  run: (ctx, { id, reason, context }) => surface(ctx, id, { reason, context }),
})

const ACTIONS = ['opened', 'used', 'edited', 'snoozed', 'dismissed', 'ignored'] as const

const reactOperation = defineOperation({
  id: 'memory.notes.react',
  kind: 'command',
  access: 'user',
  summary: 'Keeps what you did with a note that surfaced to you, and whether it helped.',
  http: 'POST /v1/note-surfaces/{id}/reaction',
  input: z.strictObject({
    id: idInput.describe('Id of the surfacing, as memory.notes.surface answers it.'),
    action: z.enum(ACTIONS),
    isHelpful: z.boolean().optional().describe('Whether it helped; as it was when left out.'),
  }),
  output: z.object({
    id: z.uuid(),
    noteId: z.uuid(),
    action: z.enum(ACTIONS),
    isHelpful: z.boolean().nullable(),
    secondsToAction: z.int().describe('Seconds from the surfacing to the first reaction.'),
  }),
  run: (ctx, { id, action, isHelpful }) => react(ctx, id, { action, isHelpful }) as never,
})

const takenOutput = z.object({
  value: z.string(),
  surfaced: z.int(),
  dismissed: z.int(),
  rated: z.int().describe('Of how many it was said whether they helped.'),
  helpful: z.int(),
  helpfulRate: z.number().nullable().describe('helpful of rated, 0-1; null where none was rated.'),
})

const toTaken = (taken: Taken) => ({
  ...taken,
  helpfulRate: taken.rated === 0 ? null : taken.helpful / taken.rated,
})

const learning = defineOperation({
  id: 'memory.notes.learning',
  kind: 'query',
  access: 'readonly',
  summary:
    'Works out from their surfacings which notes help: by category, hour and tag, and those dismissed.',
  http: 'GET /v1/notes/learning',
  input: z.strictObject({
    days: z.int().min(1).max(3_650).default(90).describe('How many days back to look.'),
    dismissedAbove: z.int().min(0).max(1_000).default(3).describe('Notes dismissed more often are named.'),
    limit: z.int().min(1).max(200).default(50).describe('How many of each at most, the most frequent first.'),
  }),
  output: z.object({
    byCategory: z.array(takenOutput),
    byHour: z.array(takenOutput).describe('By hour of the day, 0-23, in your time zone.'),
    byTag: z.array(takenOutput),
    dismissed: z.array(
      z.object({ noteId: z.uuid(), title: z.string(), dismissed: z.int(), surfaced: z.int() }),
    ),
  }),
  run: async (ctx, { days, dismissedAbove, limit }) => {
    const from = new Date(ctx.clock.now().getTime() - days * MS_PER_DAY)
    const request = { town: ctx.town, from, timeZone: ctx.actor.timeZone, limit }
    const byCategory = await listTakenByCategory(ctx.tx, request)
    const byHour = await listTakenByHour(ctx.tx, request)
    const byTag = await listTakenByTag(ctx.tx, request)
    return {
      byCategory: byCategory.map(toTaken),
      byHour: byHour.map(toTaken),
      byTag: byTag.map(toTaken),
      dismissed: await listDismissed(ctx.tx, request, dismissedAbove),
    }
  },
})

/** Before the resource's own: `learning` is no id of a note. */
export const noteOperations: readonly AnyOperation[] = [
  learning,
  lock,
  unlock,
  favorite,
  unfavorite,
  surfaceOperation,
  reactOperation,
]
