import { defineErrors } from '../kernel/errors.ts'

/** What can go wrong between us and a model. */
export const llmErrors = defineErrors({
  MODEL_REFUSED: {
    status: 502,
    message: 'The model provider refused the request. Check ROBBIEVERSE_MODEL, its address and its key.',
  },
  MODEL_UNAVAILABLE: {
    status: 503,
    message: 'The model does not answer. Your message is kept; send it again shortly.',
  },
  MODEL_BUSY: {
    status: 429,
    message: 'The model provider limits the rate. Your message is kept; send it again shortly.',
  },
  MODEL_EMPTY: {
    status: 502,
    message: 'The model answered with nothing. Your message is kept; send it again.',
  },
})
