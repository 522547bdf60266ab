import { defineErrors } from '../../kernel/errors.ts'

export const presenceErrors = defineErrors({
  STATE_VERSION_STALE: {
    status: 409,
    message: 'The state was changed meanwhile. Read it again and repeat your change on its new version.',
  },
  DELIVERY_THERE: {
    status: 409,
    message: 'That this notification reached this interface is kept already. Change what is kept.',
  },
})
