import { field, isRecord, listField, textField, type JsonRecord } from './json-access.ts'
import { marker, paragraphs } from './message-text.ts'

/** One of the answers between which a person could choose. `date` is as the file has it. */
export type Swipe = { text: string; date: unknown }

/** What a line of a chat says: the chosen answer, and the others in file order without doubles. */
export type ChatLine = {
  name: string | null
  isUser: boolean
  isSystem: boolean
  isNarration: boolean
  hasReasoning: boolean
  chosen: Swipe | null
  others: Swipe[]
}

/** Chats that came through another site keep `{ message: "..." }` where SillyTavern itself keeps the text. */
function saidText(value: unknown): string | null {
  const text = typeof value === 'string' ? value : textField(value, 'message')
  return text === null || text.trim() === '' ? null : text
}

/** Pictures and files of a message; their content lies elsewhere, or is a data URL too long to keep. */
function attachments(extra: unknown): string {
  const pictures = [
    textField(extra, 'image'),
    ...listField(extra, 'media').map((item) => textField(item, 'url')),
  ]
  const files = [field(extra, 'file'), ...listField(extra, 'files')].filter(isRecord)
  const named = pictures
    .filter((url) => url !== null)
    .map((url) => marker('image', url.startsWith('data:') ? null : url))
  return [...named, ...files.map((file) => marker('file', textField(file, 'name')))].join('\n')
}

/** Whether a line is a message at all; the header and foreign lines are not. */
export function isChatMessage(line: unknown): line is JsonRecord {
  return isRecord(line) && (Object.hasOwn(line, 'mes') || Array.isArray(field(line, 'swipes')))
}

/** Reads a line that `isChatMessage` accepts. The chosen answer is the one `swipe_id` names, else `mes`. */
export function readChatLine(line: JsonRecord): ChatLine {
  const extra = field(line, 'extra')
  const ownDate = field(line, 'send_date')
  const infos = listField(line, 'swipe_info')
  const swipes = listField(line, 'swipes').map((swipe, index) => ({
    text: saidText(swipe),
    date: field(infos[index], 'send_date') ?? ownDate,
  }))
  const swipeId = field(line, 'swipe_id')
  const selected = typeof swipeId === 'number' ? swipes[swipeId] : undefined
  const chosen = selected?.text
    ? { ...selected, date: ownDate ?? selected.date }
    : { text: saidText(field(line, 'mes')), date: ownDate }
  const texts = new Set<string | null>([null, chosen.text])
  const others: Swipe[] = []
  for (const { text, date } of [...swipes, { text: saidText(field(line, 'mes')), date: ownDate }]) {
    if (text === null || texts.has(text)) continue
    texts.add(text)
    others.push({ text, date })
  }
  const text = paragraphs([chosen.text, attachments(extra)])
  return {
    name: textField(line, 'name') || null,
    isUser: field(line, 'is_user') === true,
    isSystem: field(line, 'is_system') === true,
    isNarration: textField(extra, 'type') === 'narrator',
    hasReasoning: (textField(extra, 'reasoning') ?? '').trim() !== '',
    chosen: text === '' ? null : { text, date: chosen.date },
    others,
  }
}
