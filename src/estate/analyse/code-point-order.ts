/**
 * Compares by code points, as the bytes of UTF-8 and PostgreSQL's collation "C" do: the same on every machine. `<` alone
 * compares UTF-16 units, which puts U+10000 and above before U+E000.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (left !== right) return raised(left) - raised(right)
  }
  return a.length - b.length
}

/** Surrogates above everything else, since what they stand for is. */
function raised(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Compares by several keys: the first that differs decides. */
export function byKeys<T>(...orders: ((a: T, b: T) => number)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const order of orders) {
      const decided = order(a, b)
      if (decided !== 0) return decided
    }
    return 0
  }
}
