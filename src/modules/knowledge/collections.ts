import { sql } from 'kysely'
import { z } from 'zod'

import { defineResource } from '../kit/index.ts'
import { knowledgeErrors } from './knowledge.errors.ts'

export const collections = defineResource({
  table: 'collections',
  id: 'knowledge.collections',
  thing: 'collection',
  things: 'collections',
  path: '/v1/collections',
  fields: ['name', 'description', 'metadata', 'external_id'],
  derived: {
    documentCount: {
      sql: sql`(select count(*) from documents d where d.town_id = r.town_id and d.collection_id = r.id)`,
      output: z.int().describe('How many documents are in it, of those you see.'),
    },
    itemCount: {
      sql: sql`(select count(*) from collection_items i where i.town_id = r.town_id and i.collection_id = r.id)`,
      output: z.int().describe('How many single chunks it gathers besides.'),
    },
  },
  filters: ['external_id'],
  sorts: ['-created_at', 'name'],
  privacy: 'team',
  indexed: (row) => ({ title: row.name, content: [row.description] }),
})

export const collectionItems = defineResource({
  table: 'collection_items',
  id: 'knowledge.items',
  thing: 'collection_item',
  things: 'collection_items',
  path: '/v1/collection-items',
  fields: ['collection_id', 'chunk_id', 'notes'],
  filters: ['collection_id', 'chunk_id'],
  privacy: 'team',
  parent: 'collection_id',
  violations: { collection_items_collection_id_chunk_id_key: () => knowledgeErrors.COLLECTION_ITEM_TAKEN() },
})
