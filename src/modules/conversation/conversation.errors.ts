import { defineErrors } from '../../kernel/errors.ts'

export const conversationErrors = defineErrors({
  CONVERSATION_NOT_FOUND: { status: 404, message: 'There is no conversation of that id that you may see.' },
  CONVERSATION_ARCHIVED: { status: 409, message: 'The conversation is archived. Begin a new one.' },
  CONTEXT_TOO_SMALL: {
    status: 422,
    message: 'The budget has no room for the newest message. Ask with a larger budget.',
  },
  PARENT_NOT_FOUND: {
    status: 422,
    message: 'A parentExternalId or currentLeaf names a message that is neither here nor in this request.',
  },
  PARENT_CIRCLE: {
    status: 422,
    message:
      'Messages of this request follow each other in a circle. Each must follow one before it, or none.',
  },
})
