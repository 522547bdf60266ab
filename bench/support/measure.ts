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
 * Runs both sides in turns, so that whatever else the machine does falls on both alike, and the side that goes first
 * changes with each round. The first `warmUp` rounds do not count.
 */
export async function inTurns(
  rounds: number,
  warmUp: number,
  sides: { ours(round: number): Promise<unknown>; bare(round: number): Promise<unknown> },
): Promise<{ ours: Times; bare: Times }> {
  const samples = { ours: [] as number[], bare: [] as number[] }
  for (let round = -warmUp; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)
    for (const side of order) {
      const start = performance.now()
      await sides[side](round + warmUp)
      if (round >= 0) samples[side].push(performance.now() - start)
    }
  }
  return { ours: summarise(samples.ours), bare: summarise(samples.bare) }
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
