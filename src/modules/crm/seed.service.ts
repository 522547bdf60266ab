import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'
import { shippedPipeline, shippedRules, shippedStages } from './shipped.ts'

/** Copies the shipped pipeline with its stages, and the shipped rules of engagement, into a new town. */
export async function seedCrm(
  tx: Tx,
  { town, userId, now }: { town: string; userId: string; now: Date },
): Promise<void> {
  const own = {
    town_id: town,
    privacy: 'public' as const,
    created_by: userId,
    created_at: now,
    updated_at: now,
  }
  const pipelineId = newId()
  const { key, ...pipeline } = shippedPipeline
  await tx
    .insertInto('pipelines')
    .values({ ...own, ...pipeline, id: pipelineId, external_id: key })
    .execute()
  await tx
    .insertInto('pipeline_stages')
    .values(
      shippedStages.map(({ key: stageKey, ...stage }, index) => ({
        ...own,
        ...stage,
        id: newId(),
        pipeline_id: pipelineId,
        display_order: index + 1,
        external_id: stageKey,
      })),
    )
    .execute()
  await tx
    .insertInto('engagement_rules')
    .values(
      shippedRules.map((rule) => ({
        ...own,
        id: newId(),
        external_id: rule.key,
        name: rule.name,
        signal: rule.signal,
        conditions: JSON.stringify(rule.conditions),
        base_score: rule.score,
      })),
    )
    .execute()
}
