/** C0 but tab and newline, DEL, and C1: what a terminal would take as a command. */
const CONTROL = /[^\P{Cc}\t\n]/gu

/** Makes text harmless to a terminal: control characters show as `\x1b`, a CRLF as a newline. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL, visible)
}

/** The text on one line: runs of white space, newlines among them, become one space. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll(/\s+/g, ' ').trim()
}

/** JSON text of the same value without raw control characters: JSON itself escapes C0 only. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value ?? null, null, indent).replaceAll(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** `safeText` for text that comes in pieces: a CRLF may be split between two of them. */
export class SafeStream {
  #held = ''

  push(piece: string): string {
    const text = this.#held + piece
    this.#held = text.endsWith('\r') ? '\r' : ''
    return safeText(this.#held === '' ? text : text.slice(0, -1))
  }

  /** What was held back. */
  end(): string {
    const rest = safeText(this.#held)
    this.#held = ''
    return rest
  }
}

function visible(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
