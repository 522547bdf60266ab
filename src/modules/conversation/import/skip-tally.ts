import type { ImportSkip, ImportSkipCode } from './imported.ts'

const listedAtMost = 5

const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`)
const messages = (n: number): string => count(n, 'message', 'messages')

/** One sentence for `n` things of one kind within one conversation. */
const sentences = {
  NOT_A_MESSAGE: (n) =>
    `${count(n, 'entry is', 'entries are')} not shaped like a message and could not be read.`,
  EMPTY_MESSAGE: (n) => `${messages(n)} without any text ${n === 1 ? 'was' : 'were'} left out.`,
  HIDDEN_MESSAGE: (n) =>
    `${messages(n)} that the product itself hides from the conversation ${n === 1 ? 'was' : 'were'} left out.`,
  MODEL_REASONING: (n) =>
    `${count(n, 'piece', 'pieces')} of the model's private reasoning ${n === 1 ? 'was' : 'were'} left out.`,
  TOOL_RESULT: (n) =>
    `${count(n, 'result', 'results')} that a tool handed to the model ${n === 1 ? 'was' : 'were'} left out; the reply made of it is kept.`,
  UNSUPPORTED_CONTENT: (n) =>
    `${messages(n)} of a kind without readable text ${n === 1 ? 'was' : 'were'} left out.`,
  UNKNOWN_ROLE: (n) =>
    `${messages(n)} of an unknown role ${n === 1 ? 'was' : 'were'} kept as written by a tool.`,
  REPEATED_ID: (n) =>
    `${messages(n)} ${n === 1 ? 'repeats' : 'repeat'} the id of another one and got an id made of the content.`,
  CYCLE: (n) =>
    `The messages' parents form ${n === 1 ? 'a circle' : `${n} circles`}; the link back was cut and every message is kept.`,
  UNREADABLE_DATE: (n) =>
    `${count(n, 'date was', 'dates were')} not understood; the text is kept without a time.`,
  REPLACED_CHARACTERS: (n) =>
    `${count(n, 'character that cannot be stored (U+0000 or half a surrogate pair) was', 'characters that cannot be stored (U+0000 or half a surrogate pair) were')} replaced by U+FFFD; the text is kept.`,
} satisfies Partial<Record<ImportSkipCode, (n: number) => string>>

/** The codes that are counted per conversation instead of being reported one by one. */
export type TalliedCode = keyof typeof sentences

/**
 * Gathers what was left out of one conversation, so that its report is one record per reason and not one per
 * message.
 */
export class SkipTally {
  readonly #seen = new Map<TalliedCode, { count: number; places: string[] }>()

  /** Notes one case; `place` names it within the conversation (a message id, a line). */
  add(code: TalliedCode, place: string | null, count = 1): void {
    const entry = this.#seen.get(code) ?? { count: 0, places: [] }
    entry.count += count
    if (place !== null && entry.places.length < listedAtMost) entry.places.push(place)
    this.#seen.set(code, entry)
  }

  /** One record per code in order of first appearance; `where` starts with the given place. */
  records(where: string): ImportSkip[] {
    return [...this.#seen].map(([code, { count, places }]) => {
      const rest = places.length > 0 && count > places.length ? ` and ${count - places.length} more` : ''
      const at = places.length > 0 ? `${where}: ${places.join(', ')}${rest}` : where
      return { kind: 'skipped', where: at, reason: sentences[code](count), code }
    })
  }
}

/** A single record. */
export function skip(code: ImportSkipCode, where: string, reason: string): ImportSkip {
  return { kind: 'skipped', where, reason, code }
}

/** Bytes that are no UTF-8 were met and replaced. */
export function invalidUtf8(where: string): ImportSkip {
  return skip(
    'INVALID_UTF8',
    where,
    'Bytes that are not UTF-8 were replaced by U+FFFD; the text around them is kept.',
  )
}
