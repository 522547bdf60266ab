import { factsOfColumn } from '../../db/column-facts.ts'
import type { Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { reclassifyJournal } from '../journal/index.ts'
import { reclassifyEntries, removeEntries } from '../search/index.ts'
import { listPartIds, reclassifyParts } from './resource.queries.ts'
import type { AnyRow, Resource } from './resource.ts'

/** Resources that are part of others: all of them, once the modules are loaded. */
const known: Resource[] = []

/** Lets the rows of a resource that names a parent follow the privacy of that. */
export function rememberPart(resource: Resource): void {
  if (resource.parent !== null) known.push(resource)
}

function partsOf(table: string): Resource[] {
  return known.filter((part) => factsOfColumn(part.table, part.parent!).references === table)
}

/** What was derived from rows of one privacy, and what is part of them, becomes as private as they are now. */
export async function reclassify(ctx: Ctx, { table }: Resource, rows: AnyRow[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const ids = rows.map((row) => row.id)
  await reclassifyEntries(ctx.tx, ids, first.privacy)
  await reclassifyJournal(ctx.tx, ids, first.privacy)
  for (const part of partsOf(table)) {
    const change = { town: ctx.town, parents: ids, ...ownerOf(first) }
    await reclassify(ctx, part, await reclassifyParts(ctx.tx, part, change))
  }
}

/** Parts of a private row are its creator's, whoever made them: nobody else could make them private. */
function ownerOf({ privacy, created_by }: AnyRow): { privacy: Privacy; owner: string | null } {
  return { privacy, owner: privacy === 'private' ? created_by : null }
}

/** Takes the parts of rows that are about to be removed, and their parts, out of the index. */
export async function unindexParts(ctx: Ctx, { table }: Resource, ids: string[]): Promise<void> {
  for (const part of partsOf(table)) {
    const parts = await listPartIds(ctx.tx, part, { town: ctx.town, parents: ids })
    if (parts.length === 0) continue
    if (part.indexed) await removeEntries(ctx.tx, parts)
    await unindexParts(ctx, part, parts)
  }
}
