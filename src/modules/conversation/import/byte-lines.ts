const lineFeed = 0x0a

/**
 * A line that is not empty; `text` is null if it is longer than allowed. Only a file's last line can lack its
 * end.
 */
export type Line = { number: number; text: string | null; hasEnd: boolean }

/**
 * Splits valid UTF-8 at line feeds, counting from 1. A line longer than `maxBytes` costs no more memory than
 * that.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let number = 1
  let pieces: Uint8Array[] = []
  let size = 0
  const add = (piece: Uint8Array): void => {
    size += piece.length
    if (size > maxBytes) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }
  const take = (hasEnd: boolean): Line => {
    const line = { number, text: size > maxBytes ? null : Buffer.concat(pieces).toString('utf8'), hasEnd }
    number += 1
    pieces = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, at))
      if (size > 0) yield take(true)
      else number += 1
      start = at + 1
    }
    add(chunk.subarray(start))
  }
  if (size > 0) yield take(false)
}
