import type { Scratch } from './scratch/scratch.ts'

/** How far an analysis is: what it is doing, and how many of how many are done; `total` is 0 where that is unknown. */
export type AnalyseProgress = { doing: string; done: number; total: number }
export type AnalyseOptions = {
  onProgress?: (progress: AnalyseProgress) => void
  /** A database to try statements in, which the caller closes: starting one takes a second. Null tries nothing. */
  scratch?: Scratch | null
}

/** Takes note of how far an analysis is. */
export type Tell = (doing: string, done: number, total: number) => void
