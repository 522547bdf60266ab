import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { knowledgeErrors } from './knowledge.errors.ts'

/** SHA-256 as hexadecimal digits. */
export const hashInput = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')

export const documents = defineResource({
  table: 'documents',
  id: 'knowledge.documents',
  thing: 'document',
  things: 'documents',
  path: '/v1/documents',
  fields: [
    'title',
    'collection_id',
    'source',
    'mime_type',
    'file_hash',
    'size_bytes',
    'status',
    'error',
    'language',
    'word_count',
    'page_count',
    'processed_at',
    'metadata',
    'external_id',
  ],
  derived: {
    chunkCount: {
      sql: sql`(select count(*) from chunks c where c.town_id = r.town_id and c.document_id = r.id)`,
      output: z.int().describe('How many chunks it has.'),
    },
  },
  filters: ['collection_id', 'status', 'mime_type', 'file_hash', 'external_id'],
  sorts: ['-created_at', 'title'],
  privacy: 'team',
  formats: { file_hash: hashInput },
  // Its text is found by its chunks.
  indexed: (row) => ({ title: row.title, content: [row.source] }),
  violations: { documents_file_hash_key: () => knowledgeErrors.DOCUMENT_DOUBLE() },
})

export const chunks = defineResource({
  table: 'chunks',
  id: 'knowledge.chunks',
  thing: 'chunk',
  things: 'chunks',
  path: '/v1/chunks',
  fields: [
    'content',
    'document_id',
    'ordinal',
    'heading',
    'page',
    'start_offset',
    'end_offset',
    'token_count',
  ],
  filters: ['document_id'],
  sorts: ['ordinal', '-created_at'],
  privacy: 'team',
  parent: 'document_id',
  indexed: (row) => ({ title: row.heading, content: [row.content] }),
  violations: {
    chunks_document_id_ordinal_key: () => knowledgeErrors.CHUNK_ORDINAL_TAKEN(),
    chunks_offsets_check: () => knowledgeErrors.CHUNK_OFFSETS(),
  },
})
