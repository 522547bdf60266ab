import { sql } from 'kysely'

import type { Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { authorizeUnlimited, identityErrors, inTown } from '../identity/index.ts'
import { erase } from '../journal/index.ts'
import { changeRow, createRow, getRow, removeRows, type Resource } from '../kit/index.ts'
import { grants } from './grants.ts'
import { shared, SHARED_KINDS, type SharedKind } from './shared.ts'
import { sharingErrors } from './sharing.errors.ts'
import { readSource, type ShareRequest, type Source } from './sources.ts'

type AnyRow = Awaited<ReturnType<typeof getRow>>
type Target = { id: string; slug: string }

/** A grant that was not taken back, and until when its copy stands. */
type Standing = { id: string; expires_at: Date }

export type GrantRequest = ShareRequest & { town: string; expiresAt: Date; note: string | null }

/**
 * Puts a copy of what is shared into the other town, in place of the one that a standing grant put there, and keeps the
 * grant here. Both towns have their event and audit row. Throws NO_TOWN, FORBIDDEN, SHARE_WITH_SELF, SHARE_COPY_HIDDEN,
 * RESOURCE_PRIVACY_OWNER, and what reading the source throws.
 */
export async function grantShare(ctx: Ctx, request: GrantRequest): Promise<AnyRow> {
  authorizeUnlimited(ctx.actor)
  const target = await getTarget(ctx, request.town)
  const source = await readSource(ctx, request)
  const standing = await lockStanding(ctx, { kind: request.kind, objectId: source.id, target: target.id })
  const values = {
    object_kind: request.kind,
    object_id: source.id,
    target_town_id: target.id,
    target_town: target.slug,
    fields: request.fields,
    source_version: source.version,
    note: request.note,
    expires_at: request.expiresAt.toISOString(),
  }
  const privacy = privacyOf(source)
  const grant = standing
    ? await changeRow(ctx, grants, { id: standing.id, version: undefined, values, privacy })
    : await createRow(ctx, grants, { values, privacy })
  await inTown(ctx, { town: target.id, needs: 'admin' }, async (there) => {
    if (standing) await removeCopy(there, request.kind, standing)
    await createRow(there, shared[request.kind], {
      values: {
        grant_id: grant.id,
        source_town_id: ctx.town,
        source_town: ctx.actor.townSlug,
        source_id: source.id,
        source_version: source.version,
        fields: request.fields,
        expires_at: request.expiresAt.toISOString(),
        ...source.values,
      },
      privacy,
    })
  })
  return grant
}

/** Grant and copy are as private as what is shared, and nothing for guests: those of another town are not this one's. */
function privacyOf({ privacy }: Source): Privacy {
  return privacy === 'public' ? 'team' : privacy
}

/** Takes a share back: the copy is gone from the other town, and from what its journal kept of it. Throws SHARE_COPY_HIDDEN. */
export async function revokeShare(ctx: Ctx, id: string): Promise<AnyRow> {
  authorizeUnlimited(ctx.actor)
  const grant = await getRow(ctx, grants, id)
  if (grant['revoked_at'] !== null) throw sharingErrors.SHARE_REVOKED({ data: { id } })
  await inTown(ctx, { town: grant['target_town_id'] as string, needs: 'admin' }, (there) =>
    removeCopy(there, grant['object_kind'] as SharedKind, grant as unknown as Standing),
  )
  return changeRow(ctx, grants, {
    id,
    version: grant.version,
    values: { revoked_at: ctx.clock.now().toISOString(), revoked_by: ctx.actor.userId },
    privacy: undefined,
  })
}

const MOST_SWEPT = 500

/** Removes the copies in this town whose time is over, of those the actor sees; answers how many. */
export async function sweepShared(ctx: Ctx): Promise<number> {
  let swept = 0
  for (const kind of SHARED_KINDS) {
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(shared[kind].table)}
      where town_id = ${ctx.town} and expires_at <= ${ctx.clock.now()}
      order by expires_at, id limit ${MOST_SWEPT}`.execute(ctx.tx)
    swept += await forget(
      ctx,
      shared[kind],
      rows.map(({ id }) => id),
    )
  }
  return swept
}

/** Of a copy that should still be there, that it is not seen means that it stays: it must not seem to be gone. */
async function removeCopy(there: Ctx, kind: SharedKind, grant: Standing): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(shared[kind].table)}
    where town_id = ${there.town} and grant_id = ${grant.id}`.execute(there.tx)
  if (rows.length === 0 && grant.expires_at > there.clock.now()) {
    throw sharingErrors.SHARE_COPY_HIDDEN({ data: { id: grant.id } })
  }
  await forget(
    there,
    shared[kind],
    rows.map(({ id }) => id),
  )
}

/** What was another town's stays in no journal either; that it was here, and who removed it, does. */
async function forget(ctx: Ctx, resource: Resource, ids: string[]): Promise<number> {
  const removed = await removeRows(ctx, resource, ids)
  if (removed > 0) await erase(ctx.tx, ids)
  return removed
}

async function getTarget(ctx: Ctx, town: string): Promise<Target> {
  const { rows } = await sql<Target>`
    select id, slug from towns where slug = ${town} or id::text = ${town}`.execute(ctx.tx)
  const [target] = rows
  if (!target) throw identityErrors.NO_TOWN()
  if (target.id === ctx.town) throw sharingErrors.SHARE_WITH_SELF()
  return target
}

async function lockStanding(
  ctx: Ctx,
  share: { kind: SharedKind; objectId: string; target: string },
): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select id, expires_at from share_grants
    where town_id = ${ctx.town} and object_kind = ${share.kind} and object_id = ${share.objectId}
      and target_town_id = ${share.target} and revoked_at is null
    for update`.execute(ctx.tx)
  return rows[0]
}
