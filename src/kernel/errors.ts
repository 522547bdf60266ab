/** How an error is told to the outside: the HTTP status is the one vocabulary all doors translate from. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504

/** What went wrong with one field of an input; `path` is dotted, as in `messages.3.at`. */
export type FieldProblem = { path: string; message: string }

export type ErrorDetails = {
  /** Facts a program can use, camelCase, safe to show to the caller. */
  data?: Record<string, unknown>
  fields?: FieldProblem[]
  cause?: unknown
}

/**
 * The one error that reaches a caller. `code` is stable and closed per module, `message` says what to do next.
 * Anything else that is thrown is a defect and is shown as INTERNAL without its text.
 */
export class RobbieError extends Error {
  readonly code: string
  readonly status: ErrorStatus
  readonly data: Record<string, unknown>
  readonly fields: FieldProblem[]

  constructor(code: string, status: ErrorStatus, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'RobbieError'
    this.code = code
    this.status = status
    this.data = details.data ?? {}
    this.fields = details.fields ?? []
  }
}

/** One row of a module's closed list of errors. */
export type ErrorDefinition = { status: ErrorStatus; message: string }

/** Turns a module's list into constructors: `memoryErrors.MEMORY_NOT_FOUND({ data: { id } })`. */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(definitions: T) {
  const make =
    (code: string, definition: ErrorDefinition) => (details?: ErrorDetails & { message?: string }) =>
      new RobbieError(code, definition.status, details?.message ?? definition.message, details)
  return Object.fromEntries(
    Object.entries(definitions).map(([code, definition]) => [code, make(code, definition)]),
  ) as { [K in keyof T]: (details?: ErrorDetails & { message?: string }) => RobbieError }
}

/** Errors that belong to no module: every door can answer them. */
export const kernelErrors = defineErrors({
  INTERNAL: { status: 500, message: 'Something failed on our side. The log has the request id.' },
  INVALID_INPUT: {
    status: 422,
    message: 'The input does not fit; each field that is wrong is named with what is wrong.',
  },
  MALFORMED_JSON: { status: 400, message: 'The body is not valid JSON in UTF-8.' },
  BODY_TOO_LARGE: { status: 413, message: 'The body is larger than this server accepts.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send JSON with content-type application/json.' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this address.' },
  UNKNOWN_OPERATION: { status: 404, message: 'There is no operation of that name.' },
  INVALID_CURSOR: { status: 400, message: 'The cursor is not one that this list gave out.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: 'This Idempotency-Key was used before with another request. Use a fresh key.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    message: 'The first request with this Idempotency-Key is still running. Ask again shortly.',
  },
  IDEMPOTENCY_REPLY_ERASED: {
    status: 409,
    message:
      'The request with this Idempotency-Key was carried out, but something its answer named was forgotten since. Do not repeat it.',
  },
  IDEMPOTENCY_UNSUPPORTED: {
    status: 422,
    message:
      'The answer of this operation may hold a secret and is not kept, so it takes no Idempotency-Key.',
  },
  CANCELLED: { status: 503, message: 'The request was cancelled before it finished.' },
  DATABASE_UNAVAILABLE: { status: 503, message: 'The database does not answer. Try again shortly.' },
  CONFLICT: { status: 409, message: 'Something else with this identity exists already.' },
  DATABASE_BUSY: { status: 503, message: 'The database was busy with a competing change. Try again.' },
})
