import { isRecord } from './json-access.ts'

/** Replaces what PostgreSQL cannot store, U+0000 and lone surrogates, by U+FFFD, and counts how often. */
export class TextCleaner {
  replaced = 0

  /** The text with every such character replaced; all others are untouched. */
  clean(text: string): string {
    if (text.isWellFormed() && !text.includes('\u0000')) return text
    const cleaned = text.toWellFormed().replaceAll('\u0000', '\ufffd')
    for (let index = 0; index < text.length; index += 1) {
      if (text.charCodeAt(index) !== cleaned.charCodeAt(index)) this.replaced += 1
    }
    return cleaned
  }

  /** The same for every string and key of a JSON value of bounded depth. */
  cleanJson(value: unknown): unknown {
    if (typeof value === 'string') return this.clean(value)
    if (Array.isArray(value)) return value.map((item) => this.cleanJson(item))
    if (!isRecord(value)) return value
    // fromEntries defines members, so that a key named __proto__ stays a plain member.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.clean(key), this.cleanJson(item)]),
    )
  }
}
