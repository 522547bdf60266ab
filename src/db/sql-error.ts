/** The parts of a database error that both back ends report alike. */
export type SqlError = { code: string; constraint: string | null; table: string | null; message: string }

/** The SQLSTATE and constraint of `error`, following causes; undefined when it is not from the database. */
export function findSqlError(error: unknown): SqlError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const fields = current as Error & { code?: unknown; constraint?: unknown; table?: unknown }
    if (typeof fields.code === 'string' && /^[0-9A-Z]{5}$/.test(fields.code)) {
      return {
        code: fields.code,
        constraint: typeof fields.constraint === 'string' ? fields.constraint : null,
        table: typeof fields.table === 'string' ? fields.table : null,
        message: current.message,
      }
    }
  }
  return undefined
}

/** SQLSTATEs that we act on, by PostgreSQL's own condition names. */
export const SQLSTATE = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  insufficientPrivilege: '42501',
  undefinedTable: '42P01',
  undefinedSchema: '3F000',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  duplicateObject: '42710',
} as const

/** Whether `error` is a violation of the named constraint. */
export function violates(error: unknown, constraint: string): boolean {
  return findSqlError(error)?.constraint === constraint
}
