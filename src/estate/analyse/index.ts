import type { Analysis } from './finding.ts'
import { lookLive } from './live/look-live.ts'
import type { AnalyseOptions, Tell } from './progress.ts'
import { readEstate, type AnalyseRequest } from './read-estate.ts'
import { reportOf } from './report/report.ts'
import { Scratch } from './scratch/scratch.ts'
import { trySources } from './try-sources.ts'

export type { AnalyseRequest } from './read-estate.ts'

/**
 * Reads an estate, tries it in a database of nobody, and judges it. Writes nothing anywhere. Throws PATH_NOT_FOUND and
 * NO_SQL_FOUND; what else cannot be looked at is said in the summary.
 */
export async function analyse(request: AnalyseRequest, options: AnalyseOptions = {}): Promise<Analysis> {
  const { signal, database } = request
  const tell: Tell = (doing, done, total) => options.onProgress?.({ doing, done, total })
  const { problems, ...read } = await readEstate(request, tell)
  if (database !== null) tell('asking the database', 0, 0)
  const { live, incomplete, failed } = await lookLive(database, signal)
  const own = options.scratch === undefined ? new Scratch() : null
  try {
    const scratch = own ?? options.scratch ?? null
    const estate = await trySources({ ...read, live }, { scratch, signal, tell })
    return reportOf(estate, { incomplete: [...problems, ...incomplete], failed })
  } finally {
    await own?.close()
  }
}
