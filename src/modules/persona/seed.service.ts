import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { recordAs } from '../journal/index.ts'
import { toPromptColumns } from './persona.service.ts'
import { insertPrompts } from './personality.queries.ts'
import {
  shippedCategories,
  shippedMoods,
  shippedPersonalities,
  type MoodName,
  type ShippedPersonality,
} from './shipped/shipped.ts'

/** The revision of the shipped moods; raise it with any change to them. */
const MOODS_REVISION = 1

export type Founding = { town: string; userId: string; now: Date }

/** Copies the shipped categories, moods and personalities into a new town. */
export async function seedPersonas(tx: Tx, founding: Founding): Promise<void> {
  const own = { town_id: founding.town, privacy: 'public' as const, created_by: founding.userId }
  const categories = shippedCategories.map((category) => ({
    ...own,
    id: newId(),
    slug: category.slug,
    name: category.name,
    description: category.description,
    display_order: category.displayOrder,
    created_at: founding.now,
    updated_at: founding.now,
  }))
  await tx.insertInto('personality_categories').values(categories).execute()
  await tx
    .insertInto('moods')
    .values(
      shippedMoods.map((mood) => ({
        ...own,
        id: newId(),
        name: mood.name,
        emoji: mood.emoji,
        description: mood.description,
        display_order: mood.displayOrder,
        evaluation_order: mood.evaluationOrder,
        is_default: mood.isDefault,
        trigger_conditions: JSON.stringify(mood.triggerConditions),
        shipped_revision: MOODS_REVISION,
        created_at: founding.now,
        updated_at: founding.now,
      })),
    )
    .execute()
  const categoryIds = new Map(categories.map((category) => [category.slug as string, category.id]))
  for (const shipped of shippedPersonalities) {
    await insertShipped(tx, founding, { shipped, categoryId: categoryIds.get(shipped.category)! })
  }
}

async function insertShipped(
  tx: Tx,
  founding: Founding,
  { shipped, categoryId }: { shipped: ShippedPersonality; categoryId: string },
): Promise<void> {
  const id = newId()
  await tx
    .insertInto('personalities')
    .values({
      town_id: founding.town,
      id,
      slug: shipped.slug,
      name: shipped.name,
      category_id: categoryId,
      short_description: shipped.shortDescription,
      avatar: shipped.avatar,
      attraction: shipped.attraction,
      gandhi_genghis: shipped.gandhiGenghis,
      shipped_revision: shipped.revision,
      privacy: 'public',
      created_by: founding.userId,
      created_at: founding.now,
      updated_at: founding.now,
    })
    .execute()
  await insertPrompts(tx, shippedPrompts(founding, shipped, { id, version: 1 }))
}

function shippedPrompts(
  founding: Founding,
  shipped: ShippedPersonality,
  target: { id: string; version: number },
) {
  return Object.entries(shipped.prompts).map(([mood, prompt]) => ({
    town_id: founding.town,
    id: newId(),
    personality_id: target.id,
    mood: mood as MoodName,
    version: target.version,
    status: 'published' as const,
    generation_method: 'shipped' as const,
    shipped_revision: shipped.revision,
    ...toPromptColumns(prompt),
    privacy: 'public' as const,
    created_by: founding.userId,
    created_at: founding.now,
  }))
}

/**
 * Brings the shipped personalities that nobody has edited in this town to their newest revision: their prompts are
 * retired and published anew. Returns the slugs that were refreshed. Edited ones are left alone.
 */
export async function refreshShipped(tx: Tx, founding: Founding): Promise<string[]> {
  const rows = await tx
    .selectFrom('personalities')
    .select(['id', 'slug', 'shipped_revision', 'version'])
    .where('town_id', '=', founding.town)
    .where('shipped_revision', 'is not', null)
    .execute()
  const refreshed: string[] = []
  for (const row of rows) {
    const shipped = shippedPersonalities.find((item) => item.slug === row.slug)
    if (!shipped || shipped.revision <= row.shipped_revision!) continue
    await tx
      .updateTable('personalities')
      .set({
        name: shipped.name,
        short_description: shipped.shortDescription,
        avatar: shipped.avatar,
        attraction: shipped.attraction,
        gandhi_genghis: shipped.gandhiGenghis,
        shipped_revision: shipped.revision,
        version: row.version + 1,
        updated_at: founding.now,
      })
      .where('town_id', '=', founding.town)
      .where('id', '=', row.id)
      .execute()
    const result = await sql<{ version: number }>`
      with retired as (
        update prompts set status = 'retired'
        where town_id = ${founding.town} and personality_id = ${row.id} and status = 'published'
      )
      select max(version) as version from prompts
      where town_id = ${founding.town} and personality_id = ${row.id}`.execute(tx)
    await insertPrompts(
      tx,
      shippedPrompts(founding, shipped, { id: row.id, version: result.rows[0]!.version + 1 }),
    )
    await recordAs(
      tx,
      { operation: 'persona.refresh_shipped', requestId: newId(), interface: null, at: founding.now },
      {
        kind: 'personality.updated',
        entityKind: 'personality',
        entityId: row.id,
        personalityId: row.id,
        privacy: 'public',
        payload: { slug: row.slug, version: row.version + 1, shippedRevision: shipped.revision },
        before: { shippedRevision: row.shipped_revision },
        after: { shippedRevision: shipped.revision },
      },
    )
    refreshed.push(row.slug)
  }
  return refreshed
}
