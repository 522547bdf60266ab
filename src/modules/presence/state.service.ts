import type { Ctx } from '../../db/operation.ts'
import { newId } from '../../kernel/ids.ts'
import { record } from '../journal/index.ts'
import {
  calculateMood,
  getSliders,
  recordMoodChange,
  saveInstance,
  type MoodName,
  type PersonalityRow,
  type Sliders,
} from '../persona/index.ts'
import { findState, lockState, saveState, type StateRow } from './state.queries.ts'

/** The state before anybody changed it: the mood the sliders alone call for, everything else normal. */
async function initialState(ctx: Ctx, personality: PersonalityRow, sliders: Sliders): Promise<StateRow> {
  return {
    town_id: ctx.town,
    id: newId(),
    personality_id: personality.id,
    mood: await calculateMood(ctx.tx, sliders, []),
    is_mood_explicit: false,
    mode: 'normal',
    energy: 'normal',
    focus: 'available',
    version: 1,
    privacy: personality.privacy,
    created_by: ctx.actor.userId,
    updated_at: personality.created_at,
  }
}

/** The shared state of a personality; nothing is written when it was never changed. */
export async function readState(ctx: Ctx, personality: PersonalityRow, sliders: Sliders): Promise<StateRow> {
  return (
    (await findState(ctx.tx, ctx.town, personality.id)) ?? (await initialState(ctx, personality, sliders))
  )
}

export async function lockStateOf(
  ctx: Ctx,
  personality: PersonalityRow,
  sliders: Sliders,
): Promise<StateRow> {
  return lockState(ctx.tx, await initialState(ctx, personality, sliders))
}

/** Writes a changed state with the next version, its history row and its event. */
export async function writeState(
  ctx: Ctx,
  personality: PersonalityRow,
  before: StateRow,
  change: Partial<Pick<StateRow, 'mood' | 'is_mood_explicit' | 'mode' | 'energy' | 'focus'>>,
): Promise<StateRow> {
  const after: StateRow = { ...before, ...change, version: before.version + 1, updated_at: ctx.clock.now() }
  await saveState(ctx.tx, after)
  await record(ctx, {
    kind: 'state.changed',
    entityKind: 'personality_state',
    entityId: after.id,
    personalityId: personality.id,
    privacy: after.privacy,
    payload: { personality: personality.slug, ...factsOf(after) },
    before: factsOf(before),
    after: factsOf(after),
  })
  return after
}

function factsOf(row: StateRow) {
  const { mood, mode, energy, focus, version } = row
  return { mood, mode, energy, focus, version }
}

export type MoodCause = {
  keywords: string[]
  /** A mood that somebody chose; it wins over the calculated one. */
  explicit: MoodName | null
  trigger: string | null
  explanation: string | null
  interface: string | null
  context?: Record<string, unknown>
}

/** The state after a cause was taken in, and the mood event when the mood was set or asked for. */
export type MoodResult = { state: StateRow; event: Awaited<ReturnType<typeof recordMoodChange>> }

/**
 * Sets the mood of a personality: the chosen one, else what the actor's sliders and the keywords call for.
 * The actor's own pinned mood gives way: the newest wish counts. Always leaves a mood event.
 */
export async function setMood(ctx: Ctx, personality: PersonalityRow, cause: MoodCause): Promise<MoodResult> {
  const sliders = await getSliders(ctx, personality)
  const before = await lockStateOf(ctx, personality, sliders)
  const mood = cause.explicit ?? (await calculateMood(ctx.tx, sliders, cause.keywords))
  const state = await writeState(ctx, personality, before, {
    mood,
    is_mood_explicit: cause.explicit !== null,
  })
  const previous = (sliders.instance?.mood ?? before.mood) as MoodName
  if (sliders.instance?.mood) {
    await saveInstance(ctx.tx, { ...sliders.instance, mood: null, last_active_at: ctx.clock.now() })
  }
  const event = await recordMoodChange(ctx, {
    personality,
    previousMood: previous,
    newMood: mood,
    trigger: cause.trigger ?? (cause.explicit ? 'explicit' : 'keywords'),
    explanation: cause.explanation,
    context: { keywords: cause.keywords, ...cause.context },
    interface: cause.interface,
    privacy: personality.privacy,
  })
  return { state, event }
}

/**
 * The mood for a conversation's next reply. A mood that the actor pinned stays; a chosen one stays until a keyword calls
 * for another; otherwise the sliders and keywords decide, and a change is kept like any other.
 */
export async function moodForReply(
  ctx: Ctx,
  personality: PersonalityRow,
  cause: { keywords: string[]; interface: string | null; context: Record<string, unknown> },
): Promise<{ mood: MoodName; sliders: Sliders }> {
  const sliders = await getSliders(ctx, personality)
  if (sliders.instance?.mood) return { mood: sliders.instance.mood as MoodName, sliders }
  const current = await readState(ctx, personality, sliders)
  const resting = await calculateMood(ctx.tx, sliders, [])
  const wanted = cause.keywords.length > 0 ? await calculateMood(ctx.tx, sliders, cause.keywords) : resting
  const isCalled = wanted !== resting
  const mood = current.is_mood_explicit && !isCalled ? (current.mood as MoodName) : wanted
  if (mood === current.mood) return { mood, sliders }
  await setMood(ctx, personality, {
    keywords: cause.keywords,
    explicit: null,
    trigger: isCalled ? 'keywords' : 'sliders',
    explanation: null,
    interface: cause.interface,
    context: cause.context,
  })
  return { mood, sliders }
}
