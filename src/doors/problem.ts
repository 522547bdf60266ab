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

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
