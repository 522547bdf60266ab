import type { FieldProblem, RobbieError } from '../kernel/errors.ts'

/** An error as every door shows it: a problem document of RFC 9457 with our own members. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  /** Stable; programs decide by it. */
  code: string
  requestId: string
  errors?: FieldProblem[]
  data?: Record<string, unknown>
}

/** The problem document of an error. Never holds a cause or a stack. */
export function toProblem(error: RobbieError, requestId: string): Problem {
  return {
    type: `urn:robbieverse:error:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
    ...(Object.keys(error.data).length > 0 ? { data: error.data } : {}),
  }
}

/**
 * What a log may hold of an error: its message and stack, and those of its causes. Not the rest of what drivers attach,
 * such as the row that broke a constraint, which holds people's words.
 */
export function toLoggable(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    name,
    message,
    stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause === undefined || depth >= 3 ? {} : { cause: toLoggable(cause, depth + 1) }),
  }
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
