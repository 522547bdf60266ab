import { sql } from 'kysely'

import type { Tx } from '../../db/tx.ts'
import { newId } from '../../kernel/ids.ts'

export type EmbeddingModel = { id: string; dimensions: number }

/** The model of that name, where the actor sees it. */
export async function findEmbeddingModel(
  tx: Tx,
  town: string,
  name: string,
): Promise<EmbeddingModel | undefined> {
  return tx
    .selectFrom('embedding_models')
    .select(['id', 'dimensions'])
    .where('town_id', '=', town)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Where the vectors of one person's texts stand. */
export type CacheKey = { town: string; modelId: string; userId: string; now: Date }

export type CachedVector = { hash: string; vector: number[] }

/** Keeps vectors of the person's texts; those that stand are replaced, and count their hits on. */
export async function putVectors(
  tx: Tx,
  key: CacheKey,
  { items, expiresAt }: { items: CachedVector[]; expiresAt: string | null },
): Promise<void> {
  const rows = items.map((item) => ({ id: newId(), ...item }))
  await sql`
    insert into embedding_cache (
      town_id, id, model_id, content_hash, vector, expires_at, privacy, created_by, created_at
    )
    select ${key.town}::uuid, c.id, ${key.modelId}::uuid, c.hash, c.vector, ${expiresAt}::timestamptz, 'private',
      ${key.userId}::uuid, ${key.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}) as c (id uuid, hash text, vector double precision[])
    on conflict (town_id, model_id, content_hash, created_by)
      do update set vector = excluded.vector, expires_at = excluded.expires_at`.execute(tx)
}

/** The vectors of those of the person's texts that are kept and have not expired; each is counted as a hit. */
export async function takeVectors(tx: Tx, key: CacheKey, hashes: string[]): Promise<CachedVector[]> {
  const result = await sql<CachedVector>`
    update embedding_cache set hit_count = hit_count + 1, last_hit_at = ${key.now}
    where town_id = ${key.town} and model_id = ${key.modelId} and created_by = ${key.userId}
      and content_hash = any(${hashes}::text[]) and (expires_at is null or expires_at > ${key.now})
    returning content_hash as hash, vector`.execute(tx)
  return result.rows.toSorted((a, b) => hashes.indexOf(a.hash) - hashes.indexOf(b.hash))
}
