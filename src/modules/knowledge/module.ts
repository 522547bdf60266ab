import type { Module } from '../../db/module.ts'
import { operationsOf } from '../kit/index.ts'
import { articles } from './articles.ts'
import { collectionItems, collections } from './collections.ts'
import { chunks, documents } from './documents.ts'
import { knowledgeOperations } from './knowledge.operations.ts'
import { searchOperations } from './search.operations.ts'
import { embeddingModels, searchHistory } from './search-resources.ts'

const resources = [collections, documents, chunks, collectionItems, articles, embeddingModels, searchHistory]

/** What the town knows: documents and their passages, collections, the knowledge base; and searching in all of it. */
export const knowledgeModule: Module = {
  name: 'knowledge',
  dependsOn: ['identity', 'journal', 'search', 'persona'],
  tables: [
    { name: 'collections', kind: 'tenant', distribution: 'distributed' },
    { name: 'documents', kind: 'tenant', distribution: 'distributed' },
    { name: 'chunks', kind: 'tenant', distribution: 'distributed' },
    { name: 'collection_items', kind: 'tenant', distribution: 'distributed' },
    { name: 'knowledge_base', kind: 'tenant', distribution: 'distributed' },
  ],
  resources,
  get operations() {
    return [...knowledgeOperations, ...searchOperations, ...operationsOf(resources)]
  },
  sql: new URL('./sql/', import.meta.url),
}
