import { defineErrors } from '../../kernel/errors.ts'

export const knowledgeErrors = defineErrors({
  DOCUMENT_DOUBLE: {
    status: 409,
    message: 'A file of that hash stands among the documents of this town already.',
  },
  CHUNK_ORDINAL_TAKEN: { status: 409, message: 'The document has a chunk at that place already.' },
  CHUNK_OFFSETS: { status: 422, message: 'startOffset must not be after endOffset.' },
  COLLECTION_ITEM_TAKEN: { status: 409, message: 'The collection gathers that chunk already.' },
  ARTICLE_SOURCE: { status: 422, message: 'sourceId needs sourceKind, which says what it names.' },
  EMBEDDING_MODEL_TAKEN: { status: 409, message: 'There is a model of that name already.' },
  EMBEDDING_MODEL_UNKNOWN: {
    status: 422,
    message: 'There is no model of that name. search.models.list shows those there are.',
  },
  EMBEDDING_MODEL_USED: {
    status: 409,
    message: 'People keep vectors that it made. Set its status to retired instead of removing it.',
  },
  EMBEDDING_DIMENSIONS: {
    status: 422,
    message: 'The vector does not have as many numbers as those of its model; data.dimensions says how many.',
  },
})
