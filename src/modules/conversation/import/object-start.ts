const opening = 0x7b
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** More space than this between a brace and its first key is not looked through. */
const longestSpace = 64

/** The most bytes of a start whose key has at most 64 letters: a brace, space, and the key in quotes. */
export const longestStart = 1 + longestSpace + 66

/**
 * Finds the first place where an object with the given first key may start. If there is none, `at` is where
 * one could still start once more bytes follow, the end at the latest, and `isCertain` is false.
 */
export function findObjectStart(bytes: Uint8Array, key: string): { at: number; isCertain: boolean } {
  const quoted = Buffer.from(`"${key}"`)
  for (let at = bytes.indexOf(opening); at !== -1; at = bytes.indexOf(opening, at + 1)) {
    let next = at + 1
    while (next - at <= longestSpace && isSpace(bytes[next])) next += 1
    const seen = bytes.subarray(next, next + quoted.length)
    if (quoted.equals(seen)) return { at, isCertain: true }
    if (next + seen.length === bytes.length && quoted.subarray(0, seen.length).equals(seen)) {
      return { at, isCertain: false }
    }
  }
  return { at: bytes.length, isCertain: false }
}
