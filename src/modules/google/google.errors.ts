import { defineErrors } from '../../kernel/errors.ts'

export const googleErrors = defineErrors({
  GOOGLE_ACCESS_DENIED: {
    status: 403,
    message:
      'There is no such Google account, or no access rule opens this to you. An admin adds one with google.rules.create.',
  },
  GOOGLE_ACCOUNT_FOREIGN: {
    status: 403,
    message: 'This Google account is somebody else’s: only they keep what is mirrored from it.',
  },
  GOOGLE_ACCOUNT_TAKEN: {
    status: 409,
    message: 'There is a Google account of this address or id already, perhaps one that you may not see.',
  },
  GOOGLE_DOMAIN_TAKEN: { status: 409, message: 'This domain is here already.' },
  GOOGLE_STREAM_TAKEN: { status: 409, message: 'This collection of the account has a stream already.' },
  GOOGLE_TIMES: { status: 422, message: 'The end must not be before the start.' },
})
