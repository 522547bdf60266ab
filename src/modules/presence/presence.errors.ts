import { defineErrors } from '../../kernel/errors.ts'

export const presenceErrors = defineErrors({
  STATE_VERSION_STALE: {
    status: 409,
    message: 'The state was changed meanwhile. Read it again and repeat your change on its new version.',
  },
})
