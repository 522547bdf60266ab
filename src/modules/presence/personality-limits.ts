import type { Ctx } from '../../db/operation.ts'
import { getPersonalityById } from '../persona/index.ts'

/** Whether the actor's key may be used with the personalities that rows name. Throws KEY_PERSONALITY. */
export async function authorizePersonalities(
  ctx: Ctx,
  rows: { personality_id?: string | undefined }[],
): Promise<void> {
  if (ctx.actor.personalities === null) return
  const ids = new Set(rows.flatMap((row) => row.personality_id ?? []))
  for (const id of ids) await getPersonalityById(ctx, id)
}
