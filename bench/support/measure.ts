/** Times of repeated runs, milliseconds. */
export type Times = { p50: number; p95: number; p99: number; mean: number; count: number }

/** One line of a benchmark: what was measured, against what, and the bar. */
export type BenchResult = {
  bench: string
  backend: 'embedded' | 'server'
  measured: Record<string, unknown>
  /** Ours divided by the bare alternative's of the same run, or the figure that the bar is about. */
  figure: number
  bar: string
  holds: boolean
}

/** The bar of a result that shows something beside the bars; it always holds. */
export const FOR_INFORMATION = 'none, for information'

/** Percentiles of `samples`, milliseconds. */
export function summarise(samples: number[]): Times {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    mean: round(sorted.reduce((total, value) => total + value, 0) / sorted.length),
    count: sorted.length,
  }
}

/**
 * Runs the sides in turns, so that whatever else the machine does falls on all alike, and the side that goes first
 * changes with each round. The first `warmUp` rounds do not count.
 */
export async function inTurns<Side extends string>(
  rounds: number,
  warmUp: number,
  sides: Record<Side, (round: number) => Promise<unknown>>,
): Promise<Record<Side, Times>> {
  const names = Object.keys(sides) as Side[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  for (let round = -warmUp; round < rounds; round++) {
    const first = (round + warmUp) % names.length
    for (const side of [...names.slice(first), ...names.slice(0, first)]) {
      const start = performance.now()
      await sides[side](round + warmUp)
      if (round >= 0) samples[side].push(performance.now() - start)
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(samples[name])])) as Record<Side, Times>
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits))
}

/** A seeded source of numbers in [0, 1) (mulberry32), so that every run has the same data. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
