/** Numbers that look drawn by lot and are the same for the same seed. Not for secrets. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A generator of its own for `name`: drawing more for one thing changes nothing of another. */
  static of(seed: number, name: string): Random {
    let hash = 0x811c9dc5 ^ seed
    // FNV-1a, so that names which differ in one letter begin far apart.
    for (let index = 0; index < name.length; index += 1) {
      hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
    }
    return new Random(hash)
  }

  /** At least 0, less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from `low` to `high`, both possible. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!
  }

  /** The list in another order; the given one stays as it is. */
  shuffle<T>(list: readonly T[]): T[] {
    const mixed = [...list]
    for (let index = mixed.length - 1; index > 0; index -= 1) {
      const other = this.int(0, index)
      ;[mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!]
    }
    return mixed
  }
}
