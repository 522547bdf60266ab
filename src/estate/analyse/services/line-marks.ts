/** From `at` on, a text is of this line of its file, up to the next mark. */
export type LineMark = { at: number; line: number }

/** The line of an offset, among marks in order. */
export function lineAtMark(lines: readonly LineMark[], offset: number): number {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (lines[middle]!.at <= offset) low = middle + 1
    else high = middle
  }
  return lines[Math.max(low - 1, 0)]?.line ?? 1
}

/** The line in its source file of each offset in a text, counted in bytes as libpg-query counts them. */
export function lineFinder(parsable: string, lines: readonly LineMark[]): (offset: number) => number {
  // Where all is ASCII, bytes are characters.
  if (Buffer.byteLength(parsable) === parsable.length) return (offset) => lineAtMark(lines, offset)
  const bytes = lines.reduce<{ marks: LineMark[]; at: number; length: number }>(
    ({ marks, at, length }, mark) => {
      const now = length + Buffer.byteLength(parsable.slice(at, mark.at))
      marks.push({ at: now, line: mark.line })
      return { marks, at: mark.at, length: now }
    },
    { marks: [], at: 0, length: 0 },
  )
  return (offset) => lineAtMark(bytes.marks, offset)
}
