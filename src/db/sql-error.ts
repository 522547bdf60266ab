import { kernelErrors, RobbieError } from '../kernel/errors.ts'

/** The parts of a database error that both back ends report alike. */
export type SqlError = {
  code: string
  constraint: string | null
  table: string | null
  /** Function of PostgreSQL that raised it: the same in every language, unlike the message. */
  routine: string | null
  message: string
}

/** The SQLSTATE and constraint of `error`, following causes; undefined when it is not from the database. */
export function findSqlError(error: unknown): SqlError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const fields = current as Error & Record<'code' | 'constraint' | 'table' | 'routine', unknown>
    if (typeof fields.code === 'string' && /^[0-9A-Z]{5}$/.test(fields.code)) {
      return {
        code: fields.code,
        constraint: typeof fields.constraint === 'string' ? fields.constraint : null,
        table: typeof fields.table === 'string' ? fields.table : null,
        routine: typeof fields.routine === 'string' ? fields.routine : null,
        message: current.message,
      }
    }
  }
  return undefined
}

/** SQLSTATEs that we act on, by PostgreSQL's own condition names. */
export const SQLSTATE = {
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  checkViolation: '23514',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  insufficientPrivilege: '42501',
} as const

/** What the database cannot see: a row that was looked for came to be while we went on. The operation is tried again. */
export class CompetingChange extends Error {
  readonly code = SQLSTATE.serializationFailure
}

/** Whether `error` is a violation of the named constraint. */
export function violates(error: unknown, constraint: string): boolean {
  return findSqlError(error)?.constraint === constraint
}

/** Whether a statement was prepared before a deploy changed what it answers: it works when it is prepared anew. */
export function isStalePlan(error: unknown): boolean {
  const sql = findSqlError(error)
  return sql?.code === '0A000' && sql.routine === 'RevalidateCachedQuery'
}

/** Whether a competing change is to blame, so that the same may succeed when it is tried again. */
export function isCompeting(error: unknown): boolean {
  const code = findSqlError(error)?.code
  return code === SQLSTATE.serializationFailure || code === SQLSTATE.deadlockDetected || isStalePlan(error)
}

/** A `RobbieError` as it is; what else came from the database as a code that a caller can act on; the rest as INTERNAL. */
export function toRobbieError(error: unknown): RobbieError {
  if (error instanceof RobbieError) return error
  const sql = findSqlError(error)
  if (isCompeting(error) || sql?.code === SQLSTATE.lockNotAvailable || sql?.code === SQLSTATE.queryCanceled) {
    return kernelErrors.DATABASE_BUSY({ cause: error })
  }
  if (sql?.code === SQLSTATE.uniqueViolation) {
    return kernelErrors.CONFLICT({ cause: error, data: { constraint: sql.constraint } })
  }
  if ((sql && CONNECTION_STATES.test(sql.code)) || isConnectionLoss(error)) {
    return kernelErrors.DATABASE_UNAVAILABLE({ cause: error })
  }
  return kernelErrors.INTERNAL({ cause: error })
}

/** No connection (08, 57P), no resources (53), a login (28) or a database (3D) that is not there. */
const CONNECTION_STATES = /^(08|28|3D|53|57P)/
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EMBEDDED_START_FAILED',
])
/** What node-postgres, its pool and the embedded engine say when the conversation is over; they give it no code. */
const CONNECTION_LOST =
  /connection terminated|not queryable|timeout exceeded when trying to connect|embedded database (ended|is closed)|was ended/i

function isConnectionLoss(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return (typeof code === 'string' && CONNECTION_CODES.has(code)) || CONNECTION_LOST.test(String(error))
}
