import type { Selectable } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import type { MoodEvents } from '../../db/schema.gen.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { record } from '../journal/index.ts'
import { insertMoodEvent } from './mood-events.queries.ts'
import type { PersonalityRow } from './personality.queries.ts'
import type { MoodName } from './shipped/shipped.ts'

/** One change of mood or sliders, before it has an id. */
export type MoodChange = {
  personality: PersonalityRow
  previousMood: MoodName | null
  newMood: MoodName
  sliders?: {
    previousAttraction: number
    newAttraction: number
    previousGandhiGenghis: number
    newGandhiGenghis: number
  }
  trigger: string
  explanation: string | null
  context: Record<string, unknown>
  interface: string | null
  privacy: Privacy
  /** Whose row it is; the actor's when left out. */
  createdBy?: string
}

/**
 * Keeps a change of mood or sliders, with its event in the stream. What others can see is the change without its cause:
 * keywords and the like stay in private rows.
 */
export async function recordMoodChange(ctx: Ctx, change: MoodChange): Promise<Selectable<MoodEvents>> {
  const row = {
    town_id: ctx.town,
    id: newId(),
    at: ctx.clock.now(),
    personality_id: change.personality.id,
    user_id: ctx.actor.userId,
    previous_mood: change.previousMood,
    new_mood: change.newMood,
    previous_attraction: change.sliders?.previousAttraction ?? null,
    new_attraction: change.sliders?.newAttraction ?? null,
    previous_gandhi_genghis: change.sliders?.previousGandhiGenghis ?? null,
    new_gandhi_genghis: change.sliders?.newGandhiGenghis ?? null,
    trigger: change.trigger,
    explanation: change.explanation,
    interface: change.interface ?? ctx.interface,
    privacy: change.privacy,
    created_by: change.createdBy ?? ctx.actor.userId,
  }
  const context = change.privacy === 'private' ? change.context : {}
  await insertMoodEvent(ctx.tx, { ...row, context: JSON.stringify(context) })
  await record(ctx, {
    kind: 'mood.changed',
    entityKind: 'mood_event',
    entityId: row.id,
    personalityId: change.personality.id,
    privacy: change.privacy,
    payload: {
      personality: change.personality.slug,
      previousMood: row.previous_mood,
      newMood: row.new_mood,
      trigger: row.trigger,
    },
    before: { mood: row.previous_mood },
    after: { mood: row.new_mood, trigger: row.trigger },
  })
  return { ...row, context }
}
