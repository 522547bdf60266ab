import { defineErrors } from '../kernel/errors.ts'

/** What the HTTP door itself refuses, before any operation runs. */
export const httpErrors = defineErrors({
  MALFORMED_REQUEST: { status: 400, message: 'This is not an HTTP request that can be read.' },
  INVALID_HEADER: { status: 400, message: 'A header has a value that cannot be used; see data.header.' },
  INVALID_LAST_EVENT_ID: {
    status: 400,
    message: 'Last-Event-ID is the sequence of an event of this town, or 0 for all of them.',
  },
  HOST_NOT_ALLOWED: {
    status: 403,
    message:
      'This server does not answer to that name: it answers to localhost, 127.0.0.1, [::1] and its public address (ROBBIEVERSE_PUBLIC_URL).',
  },
  ORIGIN_NOT_ALLOWED: { status: 403, message: 'Requests from pages of another site are not answered.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'This address does not take this method; see the Allow header.',
  },
  EVENTS_CLOSED: { status: 503, message: 'The server is shutting down.' },
  SIGN_IN_LINK_INVALID: {
    status: 403,
    message:
      'This sign-in link was used already, has expired, or is not one of ours. Make a new one with `robbieverse sign-in`, or ask an admin of your town for one.',
  },
  SIGN_IN_UNKNOWN_PERSON: { status: 404, message: 'Nobody here has this e-mail address.' },
})
