import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { shippedTemplates } from './shipped-templates.ts'

/** Copies the shipped templates into a new town. Their external ids begin with `shipped:`. */
export async function seedTemplates(
  tx: Tx,
  { town, userId, now }: { town: string; userId: string; now: Date },
): Promise<void> {
  await tx
    .insertInto('simulation_templates')
    .values(
      shippedTemplates.map((template) => ({
        town_id: town,
        id: newId(),
        external_id: `shipped:${template.category}`,
        name: template.name,
        description: template.description,
        category: template.category,
        config: JSON.stringify(template.config),
        required_parameters: JSON.stringify(template.required),
        optional_parameters: JSON.stringify(template.optional),
        privacy: 'public' as const,
        created_by: userId,
        created_at: now,
        updated_at: now,
      })),
    )
    .execute()
}
