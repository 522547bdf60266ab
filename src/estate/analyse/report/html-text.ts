import { shownLine } from './shown-text.ts'

/** Markup that may stand in a page as it is. */
export type Html = { readonly markup: string }
type Part = Html | string | number | readonly Part[]

/** Of our own source only, where it is half of a large page. */
const INDENTATION = /\n\s*/g

/**
 * Markup with holes: a text in a hole is shown as text, wherever it comes from. Holes stand between tags or in quoted
 * attributes, nowhere else.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const [first, ...rest] = strings.map((text) => text.replaceAll(INDENTATION, '\n'))
  return { markup: first! + rest.map((text, index) => markupOf(parts[index]!) + text).join('') }
}

/** Own text that is markup already; never text of a user. */
export function rawHtml(markup: string): Html {
  return { markup }
}

function markupOf(part: Part): string {
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(shownLine(part))
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign]!)
}
