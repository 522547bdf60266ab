import type { Ctx } from '../../db/operation.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { countTokens } from '../../llm/tokens.ts'
import { record } from '../journal/index.ts'
import { changeRow, createRow, getRow } from '../kit/index.ts'
import { putEntries } from '../search/index.ts'
import { articles } from './articles.ts'
import { documents } from './documents.ts'
import { countUse, findDocumentByHash, insertChunks, type NewChunk } from './knowledge.queries.ts'

export type ChunkInput = {
  content: string
  heading?: string | undefined
  page?: number | undefined
  startOffset?: number | undefined
  endOffset?: number | undefined
}

export type WholeDocument = {
  /** Columns of the document, by name. */
  values: Record<string, unknown> & { file_hash: string | null }
  privacy: Privacy | undefined
  chunks: ChunkInput[]
}

export type Stored = { id: string; isNew: boolean; chunkCount: number }

/**
 * Stores a document with its chunks, which are found by their words at once. One whose file stands there already is left
 * as it is. Throws DOCUMENT_DOUBLE where the actor may not see that one.
 */
export async function storeDocument(ctx: Ctx, { values, privacy, chunks }: WholeDocument): Promise<Stored> {
  const known = values.file_hash && (await findDocumentByHash(ctx.tx, ctx.town, values.file_hash))
  if (known) {
    const { chunkCount } = await getRow(ctx, documents, known.id)
    return { id: known.id, isNew: false, chunkCount: chunkCount as number }
  }
  const now = ctx.clock.now()
  const read = { ...values, status: 'ready', processed_at: now.toISOString() }
  const document = await createRow(ctx, documents, { values: read, privacy })
  const rows = chunks.map((chunk, ordinal) => toRow(chunk, ordinal))
  const { id } = document
  const own = { town: ctx.town, id, privacy: document.privacy, userId: ctx.actor.userId, now }
  await insertChunks(ctx.tx, own, rows)
  await putEntries(
    ctx.tx,
    rows.map((row) => ({
      kind: 'chunk',
      sourceId: row.id,
      parentId: null,
      personalityId: null,
      person: null,
      title: row.heading,
      content: row.content,
      importance: 5,
      at: now,
      endsAt: null,
      privacy: document.privacy,
    })),
  )
  await record(ctx, {
    kind: 'chunks.stored',
    entityKind: 'document',
    entityId: id,
    privacy: document.privacy,
    payload: { count: rows.length },
    after: { count: rows.length },
  })
  return { id, isNew: true, chunkCount: rows.length }
}

function toRow(chunk: ChunkInput, ordinal: number): NewChunk {
  return {
    id: newId(),
    ordinal,
    content: chunk.content,
    heading: chunk.heading ?? null,
    page: chunk.page ?? null,
    start_offset: chunk.startOffset ?? null,
    end_offset: chunk.endOffset ?? null,
    token_count: countTokens(chunk.content),
  }
}

/** Keeps that the actor verified an article, or that nobody has. */
export async function verify(ctx: Ctx, id: string, { isVerified }: { isVerified: boolean }) {
  const values = isVerified
    ? { verified_by: ctx.actor.userId, verified_at: ctx.clock.now().toISOString() }
    : { verified_by: null, verified_at: null }
  const row = await changeRow(ctx, articles, { id, version: undefined, values, privacy: undefined })
  return {
    id,
    isVerified,
    verifiedBy: row['verified_by'] as string | null,
    verifiedAt: row['verified_at'] as Date | null,
    version: row.version,
  }
}

/** Counts that an article was used. */
export async function use(ctx: Ctx, id: string, { isHelpful }: { isHelpful: boolean }) {
  const article = await getRow(ctx, articles, id)
  const counted = await countUse(ctx.tx, { town: ctx.town, id }, { isHelpful, now: ctx.clock.now() })
  await record(ctx, {
    kind: 'article.used',
    entityKind: 'article',
    entityId: id,
    privacy: article.privacy,
    payload: { isHelpful },
  })
  return { id, ...counted }
}
