import type { Ctx } from '../../db/operation.ts'
import { isStricter } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import type { RowChange, RowOf } from '../kit/index.ts'
import { crmErrors } from './crm.errors.ts'
import { insertStageChanges, listStages, type Stage } from './deals.queries.ts'

type Deal = RowOf<'deals'>

/**
 * Beginning, pipeline, status and closing of deals; the last three follow from their stages: a stage that is won or lost closes a deal, an
 * open one opens it again. Throws DEAL_IS_OPEN for a time or reason of closing of an open one.
 */
export async function completeDeals(
  ctx: Ctx,
  rows: { before: Deal | null; values: Partial<Deal> }[],
): Promise<Partial<Deal>[]> {
  const ids = rows.flatMap(({ values }) => values.stage_id ?? [])
  const stages = new Map((await listStages(ctx.tx, ctx.town, ids)).map((stage) => [stage.id, stage]))
  return rows.map(({ before, values }) => {
    const stage = values.stage_id === undefined ? null : stages.get(values.stage_id)!
    const status = stage?.outcome ?? before!.status
    const place = stage ? { pipeline_id: stage.pipeline_id, status } : {}
    const worked = { ...place, ...beginning(before, values, ctx.clock.now()) }
    if (status !== 'open') return { ...worked, ...closing(before, values, { status, now: ctx.clock.now() }) }
    if (values.closed_at || values.closed_reason) throw crmErrors.DEAL_IS_OPEN()
    return { ...worked, closed_at: null, closed_reason: null }
  })
}

/** The day on which a deal began, where none is given for a new one or the given one is taken away: when it was stored. */
function beginning(before: Deal | null, values: Partial<Deal>, now: Date): Partial<Deal> {
  const isGiven = before === null ? values.begun_on : values.begun_on !== null
  return isGiven ? {} : { begun_on: (before?.created_at ?? now).toISOString().slice(0, 10) }
}

/** When and why a deal was closed: what is given, else what stood there, unless it was closed otherwise. */
function closing(
  before: Deal | null,
  values: Partial<Deal>,
  { status, now }: { status: Deal['status']; now: Date },
): Partial<Deal> {
  const same = before?.status === status ? before : null
  return {
    closed_at: values.closed_at ?? same?.closed_at ?? now,
    closed_reason: values.closed_reason === undefined ? (same?.closed_reason ?? null) : values.closed_reason,
  }
}

/** Keeps each change of stage as an activity of its deal. */
export async function followDeals(ctx: Ctx, changes: RowChange<Deal>[]): Promise<void> {
  const moved = changes.flatMap(({ before, after }) =>
    before && after && before.stage_id !== after.stage_id ? [{ before, after }] : [],
  )
  if (moved.length === 0) return
  const ids = moved.flatMap(({ before, after }) => [before.stage_id, after.stage_id])
  const stages = new Map((await listStages(ctx.tx, ctx.town, ids)).map((stage) => [stage.id, stage]))
  const now = ctx.clock.now().toISOString()
  await insertStageChanges(
    ctx.tx,
    moved.map(({ before, after }) => ({
      town_id: ctx.town,
      id: newId(),
      deal_id: after.id,
      activity_type: 'stage_changed',
      description: described(after, stages.get(before.stage_id), stages.get(after.stage_id)),
      user_id: ctx.actor.userId,
      happened_at: now,
      details: { from: before.stage_id, to: after.stage_id },
      privacy: after.privacy,
      created_by: ctx.actor.userId,
      created_at: now,
      updated_at: now,
    })),
  )
}

/** Whoever sees the deal reads it: a stage that is kept from some of them is not named. */
function described({ privacy }: Deal, ...stages: (Stage | undefined)[]): string {
  const [from, to] = stages.map((stage) =>
    stage === undefined || isStricter(stage.privacy, privacy) ? 'another stage' : stage.name,
  )
  return `Moved from ${from} to ${to}.`
}
