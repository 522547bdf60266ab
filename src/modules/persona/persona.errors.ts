import { defineErrors } from '../../kernel/errors.ts'

export const personaErrors = defineErrors({
  PERSONALITY_NOT_FOUND: { status: 404, message: 'There is no personality of that name in this town.' },
  PERSONALITY_SLUG_TAKEN: {
    status: 409,
    message: 'A personality of that name exists already. Choose another slug.',
  },
  PERSONALITY_EXTERNAL_ID_TAKEN: {
    status: 409,
    message:
      'A personality with this externalId is here already. Change that one, or leave the externalId out.',
  },
  PERSONALITY_INACTIVE: {
    status: 409,
    message: 'This personality is not offered for new conversations. Choose another, or set isActive.',
  },
  PERSONALITY_VERSION_STALE: {
    status: 409,
    message:
      'The personality was changed meanwhile. Read it again and repeat your change on its new version.',
  },
  CATEGORY_NOT_FOUND: {
    status: 422,
    message: 'There is no category of that name. The shipped ones are robbie, mentors and pros.',
  },
  CATEGORY_SLUG_TAKEN: { status: 409, message: 'A category of that slug exists already. Choose another.' },
  MOOD_STAYS_PUBLIC: {
    status: 422,
    message: 'Everybody in the town sees its moods: leave privacy out, or give public.',
  },
  PROMPT_NOT_FOUND: { status: 404, message: 'This personality has no published prompt for that mood.' },
})
