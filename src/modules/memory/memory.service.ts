import type { Ctx } from '../../db/operation.ts'
import { violates } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { countTokens } from '../../llm/tokens.ts'
import { countVisible, OFFLINE_MODEL, quoteOf } from '../conversation/index.ts'
import { authorizePersonality, authorizePrivacy, identityErrors } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { getPersonality } from '../persona/index.ts'
import { declareKind, putEntries, removeEntries } from '../search/index.ts'
import { memoryErrors } from './memory.errors.ts'
import {
  deleteMemory,
  eraseCopies,
  findMemory,
  insertEvidence,
  insertMemory,
  listEvidence,
  listFormerTexts,
  lockExpired,
  lockQuotes,
  updateMemory,
  type MemoryRow,
} from './memory.queries.ts'

export const MEMORY_CATEGORIES = [
  'preference',
  'fact',
  'relationship',
  'behavior',
  'context',
  'skill',
  'goal',
  'emotion',
  'decision',
  'feedback',
] as const

/** The memory of that id. Throws MEMORY_NOT_FOUND, or KEY_PERSONALITY when the key is not made for its personality. */
export async function getMemory(ctx: Ctx, id: string): Promise<MemoryRow> {
  const row = await getStored(ctx, id)
  if (row.expires_at !== null && row.expires_at <= ctx.clock.now()) {
    throw memoryErrors.MEMORY_NOT_FOUND({ data: { id } })
  }
  return row
}

/** The same, also when it has expired and only waits to be forgotten. */
export async function getStored(ctx: Ctx, id: string): Promise<MemoryRow> {
  const row = await findMemory(ctx.tx, ctx.town, id)
  if (!row) throw memoryErrors.MEMORY_NOT_FOUND({ data: { id } })
  if (row.personality !== null) authorizePersonality(ctx.actor, row.personality)
  return row
}

export type NewMemory = {
  category: (typeof MEMORY_CATEGORIES)[number]
  subject: string | undefined
  content: string
  personality: string | undefined
  confidence: number
  importance: number
  emotionalWeight: number
  people: string[]
  tags: string[]
  isCore: boolean
  validFrom: string | undefined
  validTo: string | undefined
  expiresAt: string | undefined
  privacy: Privacy
  evidence: { quote: string; messageId?: string | undefined }[]
}

const toDate = (text: string | undefined) => (text === undefined ? null : new Date(text))

/** Keeps a memory that somebody asked for, with its evidence, index row and event. */
export async function remember(ctx: Ctx, input: NewMemory): Promise<MemoryRow> {
  authorizePrivacy(ctx.actor, input.privacy)
  const personality = input.personality === undefined ? null : await getPersonality(ctx, input.personality)
  const quoted = [...new Set(input.evidence.flatMap((item) => item.messageId ?? []))]
  // The foreign key alone would accept, and so reveal, a message that the actor may not see.
  if (quoted.length > 0 && (await countQuotable(ctx, quoted)) !== quoted.length) {
    throw memoryErrors.MEMORY_EVIDENCE_UNKNOWN()
  }
  const now = ctx.clock.now()
  const id = newId()
  const own = { town_id: ctx.town, privacy: input.privacy, created_by: ctx.actor.userId, created_at: now }
  await guarded(() =>
    insertMemory(ctx.tx, {
      ...own,
      id,
      category: input.category,
      subject: input.subject ?? ctx.actor.name,
      content: input.content,
      personality_id: personality?.id ?? null,
      confidence: input.confidence,
      importance: input.importance,
      emotional_weight: input.emotionalWeight,
      people: input.people,
      tags: input.tags,
      source: 'explicit',
      is_core: input.isCore,
      valid_from: toDate(input.validFrom),
      valid_to: toDate(input.validTo),
      expires_at: toDate(input.expiresAt),
      token_count: countTokens(input.content),
      updated_at: now,
    }),
  )
  await insertEvidence(
    ctx.tx,
    input.evidence.map((item) => ({
      ...own,
      id: newId(),
      memory_id: id,
      message_id: item.messageId ?? null,
      quote: item.quote,
    })),
  )
  const row = await getStored(ctx, id)
  await indexMemory(ctx, row)
  await recordMemory(ctx, 'memory.created', null, row)
  return row
}

function countQuotable(ctx: Ctx, ids: string[]): Promise<number> {
  return countVisible(ctx.tx, ctx.town, { ids, slugs: ctx.actor.personalities })
}

export type MemoryChange = {
  [
    K in
      | 'category'
      | 'subject'
      | 'content'
      | 'confidence'
      | 'importance'
      | 'emotionalWeight'
      | 'people'
      | 'tags'
      | 'isCore'
  ]?: NewMemory[K] | undefined
} & { expiresAt?: string | null | undefined; validTo?: string | null | undefined }

/**
 * Corrects a memory. Throws MEMORY_VERSION_STALE when it was changed since `expectedVersion`, and FORBIDDEN where it says
 * when a memory is forgotten that is not the actor's to forget.
 */
export async function changeMemory(
  ctx: Ctx,
  before: MemoryRow,
  expectedVersion: number | undefined,
  change: MemoryChange,
): Promise<MemoryRow> {
  const stale = () =>
    memoryErrors.MEMORY_VERSION_STALE({
      data: { expected: expectedVersion ?? before.version, current: before.version },
    })
  if (expectedVersion !== undefined && expectedVersion !== before.version) throw stale()
  const expiresAt = change.expiresAt === undefined ? before.expires_at : toDate(change.expiresAt ?? undefined)
  if (expiresAt?.getTime() !== before.expires_at?.getTime()) authorizeForgetting(ctx, before)
  const content = change.content ?? before.content
  const updated = await guarded(() =>
    updateMemory(
      ctx.tx,
      { town: ctx.town, id: before.id, version: before.version },
      {
        category: change.category ?? before.category,
        subject: change.subject ?? before.subject,
        content,
        confidence: change.confidence ?? before.confidence,
        importance: change.importance ?? before.importance,
        emotional_weight: change.emotionalWeight ?? before.emotional_weight,
        people: change.people ?? before.people,
        tags: change.tags ?? before.tags,
        is_core: change.isCore ?? before.is_core,
        valid_to: change.validTo === undefined ? before.valid_to : toDate(change.validTo ?? undefined),
        expires_at: expiresAt,
        token_count: countTokens(content),
        updated_at: ctx.clock.now(),
      },
    ),
  )
  if (!updated) throw stale()
  const after = await getStored(ctx, before.id)
  await indexMemory(ctx, after)
  await recordMemory(ctx, 'memory.updated', before, after)
  return after
}

/** Forgets a memory because somebody asks for it. Throws FORBIDDEN when they neither made it nor are a boss. */
export async function forget(ctx: Ctx, row: MemoryRow): Promise<void> {
  authorizeForgetting(ctx, row)
  await eraseMemory(ctx, row)
}

/** Throws FORBIDDEN when the actor neither made the memory nor is a boss. */
function authorizeForgetting(ctx: Ctx, row: MemoryRow): void {
  if (row.created_by === ctx.actor.userId || ctx.actor.clearance === 'boss') return
  throw identityErrors.FORBIDDEN({ message: 'Only whoever made a memory, or an admin, may forget it.' })
}

/** At most this many a request, so that none of them waits long for a backlog. */
const SWEPT_AT_ONCE = 20

/** Forgets what the actor sees and what was to be forgotten by now. Each command of this module sweeps. */
export async function forgetExpired(ctx: Ctx): Promise<void> {
  const rows = await lockExpired(ctx.tx, ctx.town, { now: ctx.clock.now(), limit: SWEPT_AT_ONCE })
  for (const row of rows) await eraseMemory(ctx, row, { hasExpired: true })
}

/**
 * Really erases a memory: row, evidence, index, quotes in offline replies, past searches that repeat it, journal values,
 * kept answers. What remains is that it was forgotten.
 */
async function eraseMemory(ctx: Ctx, row: MemoryRow, facts: Record<string, unknown> = {}): Promise<void> {
  const stored = [
    { subject: row.subject, content: row.content },
    ...(await listFormerTexts(ctx.tx, ctx.town, row.id)),
  ]
  const evidence = await listEvidence(ctx.tx, ctx.town, [row.id])
  await deleteMemory(ctx.tx, ctx.town, row.id)
  // First out of the index: whoever stores a reply holds the entries it rests on, so that the reply is seen below, or
  // finds them no more.
  await removeEntries(ctx.tx, [row.id])
  // What others could recall stands in their private replies, searches and kept answers too.
  const isShared = row.privacy !== 'private'
  const quotes = stored.map(({ subject, content }) => quoteOf(subject, content))
  const quoting = await lockQuotes(ctx.tx, { model: OFFLINE_MODEL, quotes, isShared })
  const replies = quoting.map(({ id, owner_id: owner, content: before }) => {
    const content = quotes.reduce((text, quote) => text.replaceAll(quote, '[forgotten]'), before)
    return { id, owner, content, tokens: countTokens(content) }
  })
  const texts = [...stored.map(({ content }) => content), ...evidence.map(({ quote }) => quote)]
  const searches = await eraseCopies(ctx.tx, { id: row.id, replies, texts, isShared })
  await record(ctx, {
    kind: 'memory.forgotten',
    entityKind: 'memory',
    entityId: row.id,
    personalityId: row.personality_id,
    privacy: row.privacy,
    payload: facts,
    after: searches > 0 ? { redactedSearches: searches } : null,
  })
}

async function guarded<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (violates(error, 'ai_memories_validity_check')) throw memoryErrors.MEMORY_VALIDITY({ cause: error })
    throw error
  }
}

declareKind('memory')

async function indexMemory(ctx: Ctx, row: MemoryRow): Promise<void> {
  await putEntries(ctx.tx, [
    {
      kind: 'memory',
      sourceId: row.id,
      parentId: null,
      personalityId: row.personality_id,
      person: row.people.length > 0 ? row.people.join(', ') : null,
      title: row.subject,
      content: row.content,
      importance: row.importance,
      at: row.created_at,
      startsAt: row.valid_from,
      endsAt: earlier(row.valid_to, row.expires_at),
      privacy: row.privacy,
    },
  ])
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}

async function recordMemory(
  ctx: Ctx,
  kind: string,
  before: MemoryRow | null,
  after: MemoryRow,
): Promise<void> {
  await record(ctx, {
    kind,
    entityKind: 'memory',
    entityId: after.id,
    personalityId: after.personality_id,
    privacy: after.privacy,
    payload: { category: after.category, version: after.version },
    before: before && auditOf(before),
    after: auditOf(after),
  })
}

function auditOf(row: MemoryRow) {
  const { category, subject, content, confidence, importance, tags, people, version } = row
  return { category, subject, content, confidence, importance, tags, people, version }
}
