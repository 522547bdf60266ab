import { isUtf8 } from 'node:buffer'

/** How many bytes at the end start a character that the next chunk may complete. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/**
 * Passes chunks on as valid UTF-8: a leading byte-order mark is dropped, bytes that are no UTF-8 become
 * U+FFFD, and no character is split between two chunks. `onRepair` is called once, when the first such byte
 * is met.
 */
export async function* repairUtf8(
  chunks: AsyncIterable<Uint8Array>,
  onRepair: () => void,
): AsyncGenerator<Uint8Array> {
  let carried: Uint8Array = new Uint8Array(0)
  let isFirst = true
  let isIntact = true
  for await (const chunk of chunks) {
    let bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk])
    if (isFirst && bytes.length < 3) {
      carried = bytes
      continue
    }
    if (isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    isFirst = false
    const end = bytes.length - unfinishedTail(bytes)
    carried = bytes.subarray(end)
    const whole = bytes.subarray(0, end)
    if (whole.length === 0) continue
    if (isUtf8(whole)) {
      yield whole
      continue
    }
    if (isIntact) onRepair()
    isIntact = false
    yield Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole))
  }
  // What is left is part of a character that the file's end cut off; the reader sees a truncated file anyway.
  if (isFirst && carried.length > 0 && isUtf8(carried)) yield carried
}
