import type { Insertable } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import type { Personalities } from '../../db/schema.gen.ts'
import { violates } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { authorizePersonality, authorizePrivacy, identityErrors } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { describePrompts } from './described-prompts.ts'
import { MOODS } from './mood.ts'
import { personaErrors } from './persona.errors.ts'
import {
  findByExternalId,
  findCategoryId,
  findInstance,
  findPersonality,
  findPersonalityById,
  insertPersonality,
  insertPrompts,
  retirePrompt,
  updatePersonality,
  type InstanceRow,
  type PersonalityRow,
} from './personality.queries.ts'
import type { MoodName, ShippedPrompt } from './shipped/shipped.ts'
import { slugsFor } from './slug.ts'
import { toTraitColumns, toTraits, type Traits } from './traits.ts'

/** The personality of that slug. Throws PERSONALITY_NOT_FOUND, or KEY_PERSONALITY when the key is not made for it. */
export async function getPersonality(ctx: Ctx, slug: string): Promise<PersonalityRow> {
  authorizePersonality(ctx.actor, slug)
  const row = await findPersonality(ctx.tx, ctx.town, slug)
  if (!row) throw personaErrors.PERSONALITY_NOT_FOUND({ data: { slug } })
  return row
}

/** The personality of that id, under the same rules. */
export async function getPersonalityById(ctx: Ctx, id: string): Promise<PersonalityRow> {
  const row = await findPersonalityById(ctx.tx, ctx.town, id)
  if (!row) throw personaErrors.PERSONALITY_NOT_FOUND({ data: { id } })
  authorizePersonality(ctx.actor, row.slug)
  return row
}

/** Throws PERSONALITY_INACTIVE for a personality that is not offered for new conversations. */
export function requireActive(personality: PersonalityRow): void {
  if (!personality.is_active) throw personaErrors.PERSONALITY_INACTIVE({ data: { slug: personality.slug } })
}

/** Sliders as they are in force for the actor, and where they come from. */
export type Sliders = { attraction: number; gandhiGenghis: number; instance: InstanceRow | undefined }

/** The actor's sliders for a personality: their own or the personality's, attraction held to their ceiling. */
export async function getSliders(ctx: Ctx, personality: PersonalityRow): Promise<Sliders> {
  const key = { town: ctx.town, personalityId: personality.id, userId: ctx.actor.userId }
  const instance = await findInstance(ctx.tx, key)
  return {
    attraction: Math.min(instance?.attraction ?? personality.attraction, ctx.actor.attractionCeiling),
    gandhiGenghis: instance?.gandhi_genghis ?? personality.gandhi_genghis,
    instance,
  }
}

export type WrittenPrompt = ShippedPrompt & { avatar?: string | null }

export type NewPersonality = {
  slug: string | undefined
  name: string
  category: string
  shortDescription: string
  /** What prompts that are not given are made of; the short one when null. */
  description: string | null
  avatar: string | null
  attraction: number
  gandhiGenghis: number
  privacy: Privacy
  traits: Traits
  card: Record<string, unknown> | null
  externalId: string | null
  prompts: Partial<Record<MoodName, WrittenPrompt>>
}

/** Makes a personality with a published prompt for every mood: those given, the others from its description. */
export async function createPersonality(ctx: Ctx, input: NewPersonality): Promise<PersonalityRow> {
  authorizePrivacy(ctx.actor, input.privacy)
  const categoryId = await findCategoryId(ctx.tx, ctx.town, input.category)
  if (!categoryId) throw personaErrors.CATEGORY_NOT_FOUND({ data: { category: input.category } })
  const now = ctx.clock.now()
  const id = newId()
  const own = { town_id: ctx.town, privacy: input.privacy, created_by: ctx.actor.userId, created_at: now }
  const slug = await insertUnderSlug(ctx, input, {
    ...own,
    id,
    name: input.name,
    category_id: categoryId,
    short_description: input.shortDescription,
    avatar: input.avatar,
    attraction: input.attraction,
    gandhi_genghis: input.gandhiGenghis,
    description: input.description,
    ...toTraitColumns(input.traits),
    card: input.card === null ? null : JSON.stringify(input.card),
    external_id: input.externalId,
    updated_at: now,
  })
  const described = describePrompts(input.name, input.description ?? input.shortDescription)
  await insertPrompts(
    ctx.tx,
    MOODS.map((mood) => ({
      ...own,
      id: newId(),
      personality_id: id,
      mood,
      version: 1,
      status: 'published' as const,
      generation_method: input.prompts[mood] ? ('written' as const) : ('described' as const),
      ...toPromptColumns(input.prompts[mood] ?? described[mood]),
    })),
  )
  await record(ctx, {
    kind: 'personality.created',
    entityKind: 'personality',
    entityId: id,
    personalityId: id,
    privacy: input.privacy,
    payload: { slug },
    after: { slug, name: input.name, attraction: input.attraction, gandhiGenghis: input.gandhiGenghis },
  })
  return (await findPersonalityById(ctx.tx, ctx.town, id))!
}

/** Stores a personality under the slug that was asked for, or the first free one made of its name; answers the slug. */
async function insertUnderSlug(
  ctx: Ctx,
  { slug: asked, name }: Pick<NewPersonality, 'slug' | 'name'>,
  row: Omit<Insertable<Personalities>, 'slug'>,
): Promise<string> {
  // What somebody keeps to themselves is nobody's business: only what the actor sees is taken.
  const taken = row.external_id ? await findByExternalId(ctx.tx, ctx.town, row.external_id) : undefined
  if (taken) throw personaErrors.PERSONALITY_EXTERNAL_ID_TAKEN({ data: { slug: taken } })
  // Tried, not looked up: a slug may belong to a personality that the actor does not see.
  for (const slug of asked === undefined ? slugsFor(name) : [asked]) {
    authorizePersonality(ctx.actor, slug)
    if (await insertOnce(ctx, { ...row, slug })) return slug
  }
  throw personaErrors.PERSONALITY_SLUG_TAKEN({ data: { slug: asked } })
}

async function insertOnce(ctx: Ctx, row: Insertable<Personalities>): Promise<boolean> {
  try {
    return await insertPersonality(ctx.tx, row)
  } catch (error) {
    if (violates(error, 'personalities_external_id_key')) throw personaErrors.PERSONALITY_EXTERNAL_ID_TAKEN()
    throw error
  }
}

export type PersonalityChange = {
  name?: string | undefined
  category?: string | undefined
  shortDescription?: string | undefined
  description?: string | null | undefined
  traits?: Traits | undefined
  avatar?: string | null | undefined
  attraction?: number | undefined
  gandhiGenghis?: number | undefined
  isActive?: boolean | undefined
  prompts?: Partial<Record<MoodName, WrittenPrompt>> | undefined
}

/**
 * Changes a personality; each prompt given becomes the new published version of its mood. Prompts run on what everybody
 * says in private, so that only bosses and the personality's creator change them. Throws FORBIDDEN, and on a stale version.
 */
export async function changePersonality(
  ctx: Ctx,
  row: PersonalityRow,
  expectedVersion: number | undefined,
  change: PersonalityChange,
): Promise<PersonalityRow> {
  if (ctx.actor.clearance !== 'boss' && row.created_by !== ctx.actor.userId) {
    throw identityErrors.FORBIDDEN({
      message: 'Only admins and whoever made a personality change it. Make one of your own.',
    })
  }
  const stale = () =>
    personaErrors.PERSONALITY_VERSION_STALE({
      data: { expected: expectedVersion ?? row.version, current: row.version },
    })
  if (expectedVersion !== undefined && expectedVersion !== row.version) throw stale()
  const categoryId = change.category
    ? await findCategoryId(ctx.tx, ctx.town, change.category)
    : row.category_id
  if (!categoryId) throw personaErrors.CATEGORY_NOT_FOUND({ data: { category: change.category } })
  const updated = await updatePersonality(
    ctx.tx,
    { town: ctx.town, id: row.id, version: row.version },
    {
      name: change.name ?? row.name,
      category_id: categoryId,
      short_description: change.shortDescription ?? row.short_description,
      description: change.description === undefined ? row.description : change.description,
      ...toTraitColumns(change.traits ?? {}),
      avatar: change.avatar === undefined ? row.avatar : change.avatar,
      attraction: change.attraction ?? row.attraction,
      gandhi_genghis: change.gandhiGenghis ?? row.gandhi_genghis,
      is_active: change.isActive ?? row.is_active,
      // From the first edit on the row is the town's own: an upgrade of the product leaves it alone.
      shipped_revision: null,
      updated_at: ctx.clock.now(),
    },
  )
  if (!updated) throw stale()
  for (const mood of MOODS) {
    const prompt = change.prompts?.[mood]
    if (prompt) await publishPrompt(ctx, row, mood, prompt)
  }
  const fresh = (await findPersonalityById(ctx.tx, ctx.town, row.id))!
  await record(ctx, {
    kind: 'personality.updated',
    entityKind: 'personality',
    entityId: row.id,
    personalityId: row.id,
    privacy: row.privacy,
    payload: { slug: row.slug, version: fresh.version, prompts: Object.keys(change.prompts ?? {}) },
    before: auditOf(row),
    after: auditOf(fresh),
  })
  return fresh
}

async function publishPrompt(
  ctx: Ctx,
  row: PersonalityRow,
  mood: MoodName,
  prompt: WrittenPrompt,
): Promise<void> {
  const newest = await retirePrompt(ctx.tx, ctx.town, row.id, mood)
  await insertPrompts(ctx.tx, [
    {
      town_id: ctx.town,
      id: newId(),
      personality_id: row.id,
      mood,
      version: newest + 1,
      status: 'published',
      generation_method: 'written',
      ...toPromptColumns(prompt),
      privacy: row.privacy,
      created_by: ctx.actor.userId,
      created_at: ctx.clock.now(),
    },
  ])
}

/** A prompt in the columns of its table. */
export function toPromptColumns(prompt: WrittenPrompt) {
  return {
    system_prompt: prompt.systemPrompt,
    tone: prompt.tone,
    style: prompt.style,
    emoji_guidelines: prompt.emojiGuidelines,
    example_replies: prompt.exampleReplies,
    avatar: prompt.avatar ?? null,
  }
}

function auditOf(row: PersonalityRow) {
  const {
    name,
    category,
    short_description: shortDescription,
    attraction,
    gandhi_genghis: gandhiGenghis,
  } = row
  return {
    name,
    category,
    shortDescription,
    attraction,
    gandhiGenghis,
    isActive: row.is_active,
    description: row.description,
    traits: toTraits(row),
    version: row.version,
  }
}
