import { randomInt } from 'node:crypto'

import type { Parameters as RunParameters } from 'fast-check'

/** The seed of this run: ROBBIEVERSE_TEST_SEED repeats an earlier one, which printed it. */
export const seed = Number(process.env['ROBBIEVERSE_TEST_SEED'] ?? randomInt(2 ** 31))

let isTold = false

/** Prints the seed, once a process. */
export function tellSeed(): void {
  if (!isTold) console.info(`Random with ROBBIEVERSE_TEST_SEED=${seed}`)
  isTold = true
}

/** fast-check's parameters for a run that can be repeated. */
export function seededRun<T>(parameters: RunParameters<T>): RunParameters<T> {
  tellSeed()
  return { seed, ...parameters }
}

/** Numbers from 0 to 1 that follow from the seed and a name (mulberry32). */
export function seededRandom(name: string): () => number {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193), seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Some items, others with each seed and name. */
export function pickSeeded<T>(items: readonly T[], count: number, name = 'pick'): T[] {
  const random = seededRandom(name)
  const ranked = items.map((item) => ({ item, rank: random() }))
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ item }) => item)
}
