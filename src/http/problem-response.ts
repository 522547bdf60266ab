import { toRobbieError } from '../db/sql-error.ts'
import { toLoggable, toProblem, type Problem } from '../doors/problem.ts'
import type { RobbieError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** The problem document of whatever was thrown. What is not the caller's fault is logged with its cause. */
export function describeFailure(
  thrown: unknown,
  about: { requestId: string; route: string; log: Logger },
): { error: RobbieError; problem: Problem } {
  const error = toRobbieError(thrown)
  if (error.status >= 500 && error.code !== 'CANCELLED') {
    const { requestId, route } = about
    const cause = error.cause ?? error
    const facts = { requestId, route, code: error.code }
    // While the database is away every request fails alike: a stack for each says nothing more.
    if (error.status === 503) about.log.warn({ ...facts, reason: messageOf(cause) }, 'a request was put off')
    else about.log.error({ ...facts, err: toLoggable(cause) }, 'a request failed')
  }
  return { error, problem: toProblem(error, about.requestId) }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** An error as an HTTP answer. */
export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  })
}
