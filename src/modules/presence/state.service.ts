import type { Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { record } from '../journal/index.ts'
import {
  callMood,
  getSliders,
  recordMoodChange,
  saveInstance,
  type MoodName,
  type PersonalityRow,
  type Sliders,
} from '../persona/index.ts'
import { presenceErrors } from './presence.errors.ts'
import { findState, lockState, saveState, type StateRow } from './state.queries.ts'

/** The state before anybody changed it: the mood the personality's own sliders call for, everything else normal. */
async function initialState(ctx: Ctx, personality: PersonalityRow): Promise<StateRow> {
  const { attraction, gandhi_genghis: gandhiGenghis } = personality
  const { mood } = await callMood(ctx.tx, { attraction, gandhiGenghis }, [])
  return {
    town_id: ctx.town,
    id: newId(),
    personality_id: personality.id,
    mood,
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
export async function readState(ctx: Ctx, personality: PersonalityRow): Promise<StateRow> {
  return (await findState(ctx.tx, ctx.town, personality.id)) ?? (await initialState(ctx, personality))
}

type Changeable = Pick<StateRow, 'mood' | 'is_mood_explicit' | 'mode' | 'energy' | 'focus'>
/** What is left out or undefined stays. */
type StateChange = { [Field in keyof Changeable]?: Changeable[Field] | undefined }

/**
 * Changes the shared state, with its next version, history row and event; writes nothing where it is so already.
 * Throws STATE_VERSION_STALE when `version` is given and is not the one that stands.
 */
export async function changeState(
  ctx: Ctx,
  personality: PersonalityRow,
  change: StateChange,
  version?: number,
): Promise<{ before: StateRow; after: StateRow }> {
  const wanted: Partial<Changeable> = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  )
  const isDone = (row: StateRow) => {
    if (version !== undefined && version !== row.version) {
      throw presenceErrors.STATE_VERSION_STALE({ data: { expected: version, current: row.version } })
    }
    return Object.entries(wanted).every(([field, value]) => row[field as keyof Changeable] === value)
  }
  const seen = await readState(ctx, personality)
  if (isDone(seen)) return { before: seen, after: seen }
  const before = await lockState(ctx.tx, await initialState(ctx, personality))
  if (isDone(before)) return { before, after: before }
  return { before, after: await writeState(ctx, personality, before, wanted) }
}

async function writeState(
  ctx: Ctx,
  personality: PersonalityRow,
  before: StateRow,
  change: Partial<Changeable>,
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
  const { mood, is_mood_explicit: isMoodExplicit, mode, energy, focus, version } = row
  return { mood, isMoodExplicit, mode, energy, focus, version }
}

/** A mood that the actor had pinned gives way to the shared one; the change is theirs alone. */
export async function unpinMood(
  ctx: Ctx,
  personality: PersonalityRow,
  { instance }: Sliders,
  sharedMood: MoodName,
): Promise<void> {
  if (!instance?.mood) return
  await saveInstance(ctx.tx, instance, { mood: null, last_active_at: ctx.clock.now() })
  await recordMoodChange(ctx, {
    personality,
    previousMood: instance.mood as MoodName,
    newMood: sharedMood,
    trigger: 'unpinned',
    explanation: null,
    context: {},
    interface: null,
    privacy: 'private',
  })
}

export type MoodCause = {
  keywords: string[]
  /** A mood that somebody chose; it wins over the calculated one. */
  explicit: MoodName | null
  trigger: string | null
  explanation: string | null
  interface: string | null
  /** Who may see the mood event. The state that it changes is shared, and shows no cause. */
  privacy: Privacy
  /** Whose mood event it is; the actor's when left out. */
  createdBy?: string
  context?: Record<string, unknown>
}

/** The state after a cause was taken in, and the mood event. */
export type MoodResult = { state: StateRow; event: Awaited<ReturnType<typeof recordMoodChange>> }

/**
 * Sets the mood of a personality: the chosen one, else what the actor's sliders and the keywords call for.
 * The actor's own pinned mood gives way: the newest wish counts. Always leaves a mood event.
 */
export async function setMood(ctx: Ctx, personality: PersonalityRow, cause: MoodCause): Promise<MoodResult> {
  const sliders = await getSliders(ctx, personality)
  const mood = cause.explicit ?? (await callMood(ctx.tx, sliders, cause.keywords)).mood
  const { before, after } = await changeState(ctx, personality, {
    mood,
    is_mood_explicit: cause.explicit !== null,
  })
  await unpinMood(ctx, personality, sliders, mood)
  const event = await recordMoodChange(ctx, {
    personality,
    previousMood: before.mood,
    newMood: mood,
    trigger: cause.trigger ?? (cause.explicit ? 'explicit' : 'keywords'),
    explanation: cause.explanation,
    context: { keywords: cause.keywords, ...cause.context },
    interface: cause.interface,
    privacy: strictest(cause.privacy, personality.privacy),
    ...(cause.createdBy === undefined ? {} : { createdBy: cause.createdBy }),
  })
  return { state: after, event }
}

const BY_STRICTNESS: readonly Privacy[] = ['public', 'team', 'boss_only', 'private']

function strictest(a: Privacy, b: Privacy): Privacy {
  return BY_STRICTNESS.indexOf(a) > BY_STRICTNESS.indexOf(b) ? a : b
}

/**
 * The mood for a conversation's next reply. A mood that the actor pinned stays; a chosen one stays until a keyword calls
 * for another; otherwise the sliders and keywords decide, and a change is kept like any other.
 */
export async function moodForReply(
  ctx: Ctx,
  personality: PersonalityRow,
  cause: {
    keywords: string[]
    interface: string | null
    conversation: { id: string; privacy: Privacy; created_by: string }
  },
): Promise<{ mood: MoodName; sliders: Sliders }> {
  const sliders = await getSliders(ctx, personality)
  if (sliders.instance?.mood) return { mood: sliders.instance.mood as MoodName, sliders }
  const current = await readState(ctx, personality)
  const wanted = await callMood(ctx.tx, sliders, cause.keywords)
  const mood = current.is_mood_explicit && !wanted.isCalled ? current.mood : wanted.mood
  if (mood === current.mood) return { mood, sliders }
  const { conversation } = cause
  await setMood(ctx, personality, {
    keywords: cause.keywords,
    explicit: null,
    trigger: wanted.isCalled ? 'keywords' : 'sliders',
    explanation: null,
    interface: cause.interface,
    privacy: conversation.privacy,
    createdBy: conversation.created_by,
    context: { conversationId: conversation.id },
  })
  return { mood, sliders }
}
