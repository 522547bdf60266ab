import { defineErrors } from '../../kernel/errors.ts'

export const conversationErrors = defineErrors({
  CONVERSATION_NOT_FOUND: { status: 404, message: 'There is no conversation of that id that you may see.' },
  CONVERSATION_ARCHIVED: { status: 409, message: 'The conversation is archived. Begin a new one.' },
  MESSAGE_NOT_FOUND: { status: 404, message: 'There is no message of that id that you may see.' },
  MESSAGE_DELETED: { status: 409, message: 'The message was deleted: nothing about it changes any more.' },
  MESSAGE_NOT_EDITABLE: {
    status: 422,
    message: 'Only what people said is edited. Delete the message, or flag it.',
  },
  REACTIONS_FULL: {
    status: 422,
    message: 'A message takes at most 50 different reactions. Use one of them.',
  },
  CONTEXT_KEY_THERE: {
    status: 409,
    message: 'The conversation has a value of this key already. Change that one.',
  },
  CONVERSATION_VERSION_STALE: {
    status: 409,
    message:
      'The conversation was changed meanwhile. Read it again and repeat your change on its new version.',
  },
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
