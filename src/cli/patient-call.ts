import { setTimeout as delay } from 'node:timers/promises'

import type { CallRequest, Door } from '../doors/door.ts'
import { RobbieError } from '../kernel/errors.ts'

const PASSING = new Set([
  'DATABASE_BUSY',
  'DATABASE_UNAVAILABLE',
  'SERVER_CONNECTION_LOST',
  'SERVER_UNREACHABLE',
])
const ATTEMPTS = 5
const FIRST_WAIT_MS = 200

/** Calls what does no harm when it is repeated, so that a busy or restarted database is simply asked again. */
export async function callPatiently(door: Door, request: CallRequest): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await door.call(request)
    } catch (error) {
      const isPassing = error instanceof RobbieError && PASSING.has(error.code)
      if (!isPassing || attempt === ATTEMPTS || request.signal.aborted) throw error
      await delay(FIRST_WAIT_MS * 2 ** (attempt - 1))
    }
  }
}
