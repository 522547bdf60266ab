import { RobbieError } from '../../../kernel/errors.ts'
import type { LiveDatabase } from './live-database.ts'
import { readLive } from './read-live.ts'

/** What a live database has, or why nothing of it is known: the rest of a report can do without. */
export type LiveLook = {
  live: LiveDatabase | null
  /** What could not be looked at, one a line. */
  incomplete: string[]
  /** The code of the error that kept us out. */
  failed: string[]
}

/** Reads the database of `url`, if there is one. Rejects only when the signal is aborted, or for a defect. */
export async function lookLive(url: string | null, signal: AbortSignal): Promise<LiveLook> {
  if (url === null) return { live: null, incomplete: [], failed: [] }
  try {
    const live = await readLive(url, signal)
    return { live, incomplete: live.incomplete, failed: [] }
  } catch (error) {
    if (signal.aborted || !(error instanceof RobbieError)) throw error
    return { live: null, incomplete: [error.message], failed: [error.code] }
  }
}
