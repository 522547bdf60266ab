import type { Ctx } from '../../db/operation.ts'
import { changeRow, getRow, type AnyRow, type Resource } from '../kit/index.ts'

/** What every command on one thing takes. */
export type Chosen = { id: string; version?: number | undefined }

/**
 * Changes a row by what it is now: `change` looks at it and answers the columns that become different, or throws. Throws
 * RESOURCE_NOT_FOUND, and RESOURCE_VERSION_STALE when somebody else was faster.
 */
export async function changeSeen(
  ctx: Ctx,
  resource: Resource,
  { id, version }: Chosen,
  change: (row: AnyRow) => Record<string, unknown>,
): Promise<AnyRow> {
  const row = await getRow(ctx, resource, id)
  const values = change(row)
  return changeRow(ctx, resource, { id, version: version ?? row.version, values, privacy: undefined })
}
