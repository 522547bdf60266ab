import { isIdempotencyKey } from '../doors/door.ts'
import { newId } from '../kernel/ids.ts'
import { httpErrors } from './http.errors.ts'

const REQUEST_ID = /^[\w.:-]{1,100}$/
const INTERFACE = /^[a-z0-9][a-z0-9._-]{0,59}$/i

/** The caller's own request id where it is fit for logs, else a new one. */
export function readRequestId(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given !== null && REQUEST_ID.test(given) ? given : newId()
}

/** The interface the caller says it is. Throws INVALID_HEADER. */
export function readInterface(request: Request): string | undefined {
  return read(
    request,
    'robbieverse-interface',
    (value) => INTERFACE.test(value),
    '1-60 letters, digits, dots, hyphens or underscores',
  )
}

/** The idempotency key of a command. Throws INVALID_HEADER. */
export function readIdempotencyKey(request: Request): string | undefined {
  return read(request, 'idempotency-key', isIdempotencyKey, '1-200 visible ASCII characters')
}

/** Whether the client asks for an event stream. */
export function acceptsEventStream(request: Request): boolean {
  return /(^|,)\s*text\/event-stream\s*(;|,|$)/i.test(request.headers.get('accept') ?? '')
}

/** Whether the client is a browser that shows pages. */
export function acceptsHtml(request: Request): boolean {
  return /text\/html/i.test(request.headers.get('accept') ?? '')
}

function read(
  request: Request,
  header: string,
  isFit: (value: string) => boolean,
  rule: string,
): string | undefined {
  const value = request.headers.get(header)
  if (value === null) return undefined
  if (isFit(value)) return value
  throw httpErrors.INVALID_HEADER({ message: `The header ${header} must be ${rule}.`, data: { header } })
}
