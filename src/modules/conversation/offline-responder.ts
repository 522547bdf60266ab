import { cutText, RECALLED_CHARACTERS, type Recalled } from '../search/index.ts'

const QUOTES = 3
const QUOTE_CHARACTERS = 280

/** The name kept as the model of an offline reply. */
export const OFFLINE_MODEL = 'offline'

/**
 * The reply when no model is configured: it says that it is none, and quotes what is remembered about the message.
 * The same input gives the same reply.
 */
export function respondOffline(name: string, recalled: Recalled[]): string {
  // A question that was asked before matches the question best and answers nothing.
  const told = recalled.filter((item) => !item.content.trimEnd().endsWith('?'))
  const intro =
    `This is ${name}'s offline responder: no language model is configured, so I cannot think about your message, ` +
    'but it is kept, and here is what I remember about it.'
  if (told.length === 0) {
    return intro.replace('and here is what I remember about it.', 'and I remember nothing about it yet.')
  }
  const quotes = told.slice(0, QUOTES).map((item) => {
    const day = new Date(item.at).toISOString().slice(0, 10)
    const who = item.kind === 'memory' ? (item.subject ?? 'a memory') : sayer(item.speaker, name)
    return `- ${day}, ${quoteOf(who, item.content)}`
  })
  return [intro, ...quotes].join('\n')
}

function sayer(speaker: string | null, name: string): string {
  if (speaker === 'assistant') return name
  return speaker === 'user' || speaker === null ? 'you' : speaker
}

/** How a remembered text stands in an offline reply: one line, cut at 280 characters, with whom or what it is about. */
export function quoteOf(who: string, text: string): string {
  return `${who}: “${shorten(text)}”`
}

function shorten(text: string): string {
  // First as recall cuts it, so that the quote of a whole text is that of the recalled one, and can be found again.
  const line = cutText(text, RECALLED_CHARACTERS).replaceAll(/\s+/g, ' ').trim()
  return line.length <= QUOTE_CHARACTERS ? line : `${cutText(line, QUOTE_CHARACTERS)}…`
}
