import type { Ctx } from '../../db/operation.ts'
import { listRowsById, scopeOf, type AnyRow } from '../kit/index.ts'
import { attentionItems } from './attention.ts'
import { rankAttention, type Ranked } from './attention.queries.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

export type Chosen = Ranked & { row: AnyRow; reasons: string[] }

/** What most asks for the actor's attention: at most ten, each with why it is among them. */
export async function topAttention(ctx: Ctx): Promise<Chosen[]> {
  const now = ctx.clock.now()
  const ranked = await rankAttention(ctx.tx, ctx.town, { person: ctx.actor.userId, now })
  const rows = await listRowsById(ctx.tx, attentionItems, {
    scope: scopeOf(ctx),
    ids: ranked.map(({ id }) => id),
  })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ranked.map((item) => {
    const row = byId.get(item.id)!
    return { ...item, row, reasons: reasonsFor(item, row, now) }
  })
}

function reasonsFor(item: Ranked, row: AnyRow, now: Date): string[] {
  const score = item.chosen_for === 'importance' ? item.importance : item.urgency
  const isMost =
    item.chosen_for === 'importance' ? 'one of the seven most important' : 'one of the three most urgent'
  return [
    `${isMost}: ${Math.round(score)} of 100`,
    ...(item.is_vip ? ['it is about somebody very important'] : []),
    ...deadlineReason(row['deadline_at'] as Date | null, now),
    ...(row['is_action_required'] === true ? ['something has to be done'] : []),
    ...(row['reasons'] as string[]),
  ]
}

function deadlineReason(deadline: Date | null, now: Date): string[] {
  if (deadline === null) return []
  const hours = (deadline.getTime() - now.getTime()) / HOUR_MS
  if (hours <= 0) return ['its deadline is over']
  if (hours <= DAY_HOURS) return ['its deadline is within a day']
  if (hours <= 3 * DAY_HOURS) return ['its deadline is within three days']
  return hours <= 7 * DAY_HOURS ? ['its deadline is within a week'] : []
}
