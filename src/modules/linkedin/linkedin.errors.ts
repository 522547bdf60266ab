import { defineErrors } from '../../kernel/errors.ts'

export const linkedinErrors = defineErrors({
  LINKEDIN_INBOX_FOREIGN: {
    status: 403,
    message: 'ownerId names somebody else: messages of an inbox are kept by whose inbox it is.',
  },
  LINKEDIN_STATUS_TAKEN: {
    status: 409,
    message: 'This contact has a synchronization status already, perhaps one that you may not see.',
  },
})
