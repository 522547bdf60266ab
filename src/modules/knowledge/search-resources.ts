import { defineResource } from '../kit/index.ts'
import { knowledgeErrors } from './knowledge.errors.ts'

// Tables of search, which stands below the kit: what is made with the kit for them stands here.

export const embeddingModels = defineResource({
  table: 'embedding_models',
  id: 'search.models',
  thing: 'embedding_model',
  things: 'embedding_models',
  path: '/v1/embedding-models',
  fields: ['name', 'provider', 'dimensions', 'status', 'description'],
  filters: ['name', 'status'],
  privacy: 'public',
  writers: 'admin',
  violations: {
    embedding_models_name_key: () => knowledgeErrors.EMBEDDING_MODEL_TAKEN(),
    embedding_cache_model_id_fkey: () => knowledgeErrors.EMBEDDING_MODEL_USED(),
  },
})

/** Searches that people made; search.find writes them, and feedback is given by changing them. */
export const searchHistory = defineResource({
  table: 'search_history',
  id: 'search.history',
  thing: 'past_search',
  things: 'past_searches',
  path: '/v1/searches',
  fields: [
    'query',
    'search_type',
    'kinds',
    'filters',
    'result_ids',
    'result_count',
    'duration_ms',
    'feedback',
    'metadata',
  ],
  filters: ['feedback'],
  privacy: 'private',
})
