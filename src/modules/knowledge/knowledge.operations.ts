import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, jsonInput, privacyInput, textInput, timeOutput } from '../../kernel/input.ts'
import { hashInput } from './documents.ts'
import { knowledgeErrors } from './knowledge.errors.ts'
import { storeDocument, use, verify } from './knowledge.service.ts'

const MOST_CHUNKS = 5_000
const WHOLE_BYTES = 32 * 1024 * 1024
const MOST_METADATA_BYTES = 65_536

const offsetInput = z.int().min(0).max(2_147_483_647)

const chunkInput = z
  .strictObject({
    content: textInput(20_000).describe('The passage.'),
    heading: textInput(500).optional().describe('Heading it stands under.'),
    page: z.int().min(1).max(1_000_000).optional().describe('Page it begins on, from 1.'),
    startOffset: offsetInput.optional().describe('Where it begins in the text, in characters from 0.'),
    endOffset: offsetInput.optional().describe('Where it ends: the first character after it.'),
  })
  .refine(
    ({ startOffset, endOffset }) =>
      startOffset === undefined || endOffset === undefined || startOffset <= endOffset,
    knowledgeErrors.CHUNK_OFFSETS().message,
  )

const store = defineOperation({
  id: 'knowledge.documents.store',
  kind: 'command',
  access: 'user',
  summary: 'Adds a document with its chunks; a file that is there already is left as it is.',
  http: 'POST /v1/documents/whole',
  status: 201,
  maxBodyBytes: WHOLE_BYTES,
  input: z.strictObject({
    title: textInput(500),
    source: textInput(2_000).optional().describe('Where it comes from: a path or an address.'),
    mimeType: textInput(200).optional().describe('Media type, as in application/pdf.'),
    fileHash: hashInput.optional().describe('SHA-256 of the file; one document of each in the town.'),
    sizeBytes: z.int().min(0).optional().describe('Size of the file in bytes.'),
    language: textInput(20).optional().describe('Language, as in en.'),
    pageCount: z.int().min(0).max(1_000_000).optional(),
    collectionId: idInput.optional().describe('Collection it belongs to.'),
    externalId: textInput(200).optional().describe('What it is called in the system it came from.'),
    metadata: jsonInput(MOST_METADATA_BYTES).default({}),
    privacy: privacyInput.optional(),
    chunks: z.array(chunkInput).min(1).max(MOST_CHUNKS).describe('Its passages, in their order.'),
  }),
  output: z.object({
    id: z.uuid(),
    isNew: z.boolean().describe('Whether it was not there before.'),
    chunkCount: z.int(),
  }),
  run: (ctx, input) => {
    const values = {
      title: input.title,
      source: input.source ?? null,
      mime_type: input.mimeType ?? null,
      file_hash: input.fileHash ?? null,
      size_bytes: input.sizeBytes ?? null,
      language: input.language ?? null,
      page_count: input.pageCount ?? null,
      collection_id: input.collectionId ?? null,
      external_id: input.externalId ?? null,
      metadata: input.metadata,
    }
    return storeDocument(ctx, { values, privacy: input.privacy, chunks: input.chunks })
  },
})

const verifyOperation = defineOperation({
  id: 'knowledge.verify',
  kind: 'command',
  access: 'user',
  summary: 'Keeps that you verified an article, until its words change; or takes that back.',
  http: 'POST /v1/articles/{id}/verification',
  input: z.strictObject({ id: idInput, isVerified: z.boolean().default(true) }),
  output: z.object({
    id: z.uuid(),
    isVerified: z.boolean(),
    verifiedBy: z.uuid().nullable(),
    verifiedAt: timeOutput.nullable(),
    version: z.int(),
  }),
  run: (ctx, { id, isVerified }) => verify(ctx, id, { isVerified }),
})

const useOperation = defineOperation({
  id: 'knowledge.use',
  kind: 'command',
  access: 'user',
  summary: 'Counts that an article was used, and whether it helped.',
  http: 'POST /v1/articles/{id}/uses',
  input: z.strictObject({
    id: idInput,
    isHelpful: z.boolean().default(false).describe('Whether it helped.'),
  }),
  output: z.object({ id: z.uuid(), accessCount: z.int(), helpfulCount: z.int() }),
  run: (ctx, { id, isHelpful }) => use(ctx, id, { isHelpful }),
})

export const knowledgeOperations: readonly AnyOperation[] = [store, verifyOperation, useOperation]
