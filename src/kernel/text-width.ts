const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])|\ufe0f/u
const PLAIN = /^[\x20-\x7e]*$/

/** How many columns of a terminal the text takes; exact for ASCII, close for everything else. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}

/** Filled with spaces up to `width`, or cut with `…`; no character is split. */
export function fitWidth(text: string, width: number): string {
  const own = textWidth(text)
  if (own <= width) return text + ' '.repeat(width - own)
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const next = WIDE.test(segment) ? 2 : 1
    if (used + next > width - 1) break
    kept += segment
    used += next
  }
  return `${kept}…${' '.repeat(Math.max(0, width - used - 1))}`
}
