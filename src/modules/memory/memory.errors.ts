import { defineErrors } from '../../kernel/errors.ts'

export const memoryErrors = defineErrors({
  MEMORY_NOT_FOUND: { status: 404, message: 'There is no memory of that id that you may see.' },
  MEMORY_VERSION_STALE: {
    status: 409,
    message: 'The memory was changed meanwhile. Read it again and repeat your change on its new version.',
  },
  MEMORY_EVIDENCE_UNKNOWN: {
    status: 422,
    message: 'The evidence names a message that is not one you may see.',
  },
  MEMORY_VALIDITY: { status: 422, message: 'validFrom must not be after validTo.' },
})
