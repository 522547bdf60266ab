import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'

import { beyond, cursorTime } from '../../db/keyset.ts'
import type { Personalities, PersonalityInstances, Prompts } from '../../db/schema.gen.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'
import type { MoodName } from './shipped/shipped.ts'

export type PersonalityRow = Selectable<Personalities> & { category: string; created_at_key: string }

function selectPersonalities(tx: Tx, town: string) {
  return tx
    .selectFrom('personalities as p')
    .innerJoin('personality_categories as c', (join) =>
      join.onRef('c.town_id', '=', 'p.town_id').onRef('c.id', '=', 'p.category_id'),
    )
    .selectAll('p')
    .select(['c.slug as category', cursorTime('p.created_at').as('created_at_key')])
    .where('p.town_id', '=', town)
}

/** The personality of that slug, or undefined. */
export function findPersonality(tx: Tx, town: string, slug: string): Promise<PersonalityRow | undefined> {
  return selectPersonalities(tx, town).where('p.slug', '=', slug).executeTakeFirst()
}

/** The personality of that id, or undefined. */
export function findPersonalityById(tx: Tx, town: string, id: string): Promise<PersonalityRow | undefined> {
  return selectPersonalities(tx, town).where('p.id', '=', id).executeTakeFirst()
}

/** Personalities after a keyset, oldest first: the shipped ones come in their shipped order. */
export function listPersonalities(
  tx: Tx,
  town: string,
  page: { category: string | undefined; slugs: string[] | null; after: Keyset | undefined; limit: number },
): Promise<PersonalityRow[]> {
  let query = selectPersonalities(tx, town)
  if (page.category) query = query.where('c.slug', '=', page.category)
  if (page.slugs) query = query.where('p.slug', 'in', page.slugs)
  return query
    .where(beyond(['p.created_at', 'p.id'], 'asc', page.after))
    .orderBy('p.created_at')
    .orderBy('p.id')
    .limit(page.limit + 1)
    .execute()
}

/** The id of a category, or undefined. */
export async function findCategoryId(tx: Tx, town: string, slug: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('personality_categories')
    .select('id')
    .where('town_id', '=', town)
    .where('slug', '=', slug)
    .executeTakeFirst()
  return row?.id
}

/** The slug of a personality that came from there, or undefined. */
export async function findByExternalId(
  tx: Tx,
  town: string,
  externalId: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('personalities')
    .select('slug')
    .where('town_id', '=', town)
    .where('external_id', '=', externalId)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return row?.slug
}

/** Stores a personality unless its slug is taken; says whether it did. */
export async function insertPersonality(tx: Tx, row: Insertable<Personalities>): Promise<boolean> {
  const result = await tx
    .insertInto('personalities')
    .values(row)
    .onConflict((conflict) => conflict.columns(['town_id', 'slug']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Changes a personality if it still has `version`; says whether it had. */
export async function updatePersonality(
  tx: Tx,
  key: { town: string; id: string; version: number },
  change: Updateable<Personalities>,
): Promise<boolean> {
  const result = await tx
    .updateTable('personalities')
    .set({ ...change, version: key.version + 1 })
    .where('town_id', '=', key.town)
    .where('id', '=', key.id)
    .where('version', '=', key.version)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** What lists show of a prompt: not its text, which is long. */
const PROMPT_FACTS = [
  'personality_id',
  'mood',
  'version',
  'avatar',
  'tone',
  'style',
  'emoji_guidelines',
] as const satisfies readonly (keyof Prompts)[]

export type PromptFacts = Pick<Selectable<Prompts>, (typeof PROMPT_FACTS)[number]>

/** The published prompts of these personalities, without their texts. */
export function listActivePrompts(tx: Tx, town: string, personalityIds: string[]): Promise<PromptFacts[]> {
  if (personalityIds.length === 0) return Promise.resolve([])
  return tx
    .selectFrom('prompts')
    .select(PROMPT_FACTS)
    .where('town_id', '=', town)
    .where('status', '=', 'published')
    .where('personality_id', 'in', personalityIds)
    .execute()
}

export async function insertPrompts(tx: Tx, rows: Insertable<Prompts>[]): Promise<void> {
  await tx.insertInto('prompts').values(rows).execute()
}

/** Takes the published prompt of a mood out of use, so that a new version can be published; returns its version or 0. */
export async function retirePrompt(
  tx: Tx,
  town: string,
  personalityId: string,
  mood: MoodName,
): Promise<number> {
  await tx
    .updateTable('prompts')
    .set({ status: 'retired' })
    .where('town_id', '=', town)
    .where('personality_id', '=', personalityId)
    .where('mood', '=', mood)
    .where('status', '=', 'published')
    .execute()
  const row = await tx
    .selectFrom('prompts')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('town_id', '=', town)
    .where('personality_id', '=', personalityId)
    .where('mood', '=', mood)
    .executeTakeFirst()
  return row?.version ?? 0
}

export type ActivePrompt = {
  system_prompt: string
  tone: string
  style: string
  emoji_guidelines: string
  version: number
}

/** The prompt the personality speaks with in a mood, by get_active_prompt; undefined without any. */
export async function findActivePrompt(
  tx: Tx,
  personalityId: string,
  mood: MoodName,
): Promise<ActivePrompt | undefined> {
  const result =
    await sql<ActivePrompt>`select * from persona.get_active_prompt(${personalityId}, ${mood})`.execute(tx)
  return result.rows[0]
}

/** The mood that sliders and keywords call for in the current town, and whether it was the keywords, by call_mood. */
export async function callMood(
  tx: Tx,
  sliders: { attraction: number; gandhiGenghis: number },
  keywords: string[],
): Promise<{ mood: MoodName; isCalled: boolean }> {
  const result = await sql<{ mood: MoodName; isCalled: boolean }>`
    select mood, is_called as "isCalled"
    from persona.call_mood(${sliders.attraction}, ${sliders.gandhiGenghis}, ${keywords}::text[])`.execute(tx)
  return result.rows[0]!
}

/** Every keyword that the town's moods, but for archived ones, listen for. */
export async function listMoodKeywords(tx: Tx): Promise<string[]> {
  const result = await sql<{ keyword: string }>`
    select distinct jsonb_array_elements_text(c -> 'keywords') as keyword
    from moods m, jsonb_array_elements(m.trigger_conditions) c
    where m.town_id = nullif(current_setting('app.town_id', true), '')::uuid and m.is_active and c ? 'keywords'`.execute(
    tx,
  )
  return result.rows.map((row) => row.keyword)
}

export type InstanceRow = Selectable<PersonalityInstances>

/** The person's own setting of a personality, or undefined. */
export function findInstance(
  tx: Tx,
  key: { town: string; personalityId: string; userId: string },
): Promise<InstanceRow | undefined> {
  return tx
    .selectFrom('personality_instances')
    .selectAll()
    .where('town_id', '=', key.town)
    .where('personality_id', '=', key.personalityId)
    .where('user_id', '=', key.userId)
    .executeTakeFirst()
}

/** What a person sets for themselves of a personality. */
export type InstanceSettings = Pick<
  InstanceRow,
  'attraction' | 'gandhi_genghis' | 'mood' | 'cocktail_lightning' | 'expression' | 'mode'
>

/** Stores what is given of the person's own setting of a personality; the rest stays as it is when the row is written. */
export async function saveInstance(
  tx: Tx,
  key: Pick<InstanceRow, 'town_id' | 'id' | 'personality_id' | 'user_id' | 'privacy' | 'created_by'>,
  change: Partial<InstanceSettings> & Pick<InstanceRow, 'last_active_at'>,
): Promise<void> {
  await tx
    .insertInto('personality_instances')
    .values({ ...key, ...change })
    .onConflict((conflict) => conflict.columns(['town_id', 'personality_id', 'user_id']).doUpdateSet(change))
    .execute()
}

/** The ids of the personalities with these slugs. */
export async function listPersonalityIds(tx: Tx, town: string, slugs: string[]): Promise<string[]> {
  if (slugs.length === 0) return []
  const rows = await tx
    .selectFrom('personalities')
    .select('id')
    .where('town_id', '=', town)
    .where('slug', 'in', slugs)
    .execute()
  return rows.map((row) => row.id)
}

/** Those of these slugs that personalities have. */
export async function listPersonalitySlugs(tx: Tx, town: string, slugs: string[]): Promise<string[]> {
  if (slugs.length === 0) return []
  const rows = await tx
    .selectFrom('personalities')
    .select('slug')
    .where('town_id', '=', town)
    .where('slug', 'in', slugs)
    .execute()
  return rows.map((row) => row.slug)
}
