import type { LineMark } from './line-marks.ts'

/** A text that is made of another one, token by token, with the lines of its source. */
export class RewrittenText {
  /** Lines of the text it is made of. */
  readonly #source: readonly LineMark[]
  readonly #pieces: string[] = []
  readonly #lines: LineMark[] = []
  #length = 0
  /** The first mark of the source that has not been passed. */
  #mark = 0

  constructor(source: readonly LineMark[]) {
    this.#source = source
  }

  /** Appends `text`, which stands for `length` characters of the source from `at` on. */
  write(text: string, at: number, length = text.length) {
    const source = this.#source
    while (this.#mark < source.length && source[this.#mark]!.at <= at) this.#mark += 1
    this.#addLine(this.#length, source[this.#mark - 1]?.line ?? 1)
    while (this.#mark < source.length && source[this.#mark]!.at < at + length) {
      const { at: offset, line } = source[this.#mark]!
      this.#addLine(this.#length + Math.min(offset - at, text.length), line)
      this.#mark += 1
    }
    this.#pieces.push(text)
    this.#length += text.length
  }

  done(): { text: string; lines: LineMark[] } {
    return { text: this.#pieces.join(''), lines: this.#lines }
  }

  #addLine(at: number, line: number) {
    if (this.#lines.at(-1)?.line !== line) this.#lines.push({ at, line })
  }
}
