import { field, isRecord, listField, textField } from './json-access.ts'
import { fenced, marker, paragraphs } from './message-text.ts'
import type { TalliedCode } from './skip-tally.ts'

/** What a message says, or why nothing of it is taken over. */
export type SaidText = { text: string; leftOut: null } | { text: null; leftOut: TalliedCode }

const says = (text: string): SaidText =>
  text.trim() === '' ? { text: null, leftOut: 'EMPTY_MESSAGE' } : { text, leftOut: null }

/** Names of parts that are files elsewhere in the export; only where they were is kept. */
const pointers = new Map([
  ['image_asset_pointer', 'image'],
  ['audio_asset_pointer', 'audio'],
  ['video_container_asset_pointer', 'video'],
  ['real_time_user_audio_video_asset_pointer', 'audio'],
])

function readPart(part: unknown): string | null {
  if (typeof part === 'string') return part
  if (!isRecord(part)) return null
  const text = textField(part, 'text')
  if (text !== null) return text
  const type = textField(part, 'content_type')
  if (type === null) return null
  const what = pointers.get(type)
  if (what === undefined) return `[${type}]`
  const pointer =
    textField(part, 'asset_pointer') ?? textField(field(part, 'audio_asset_pointer'), 'asset_pointer')
  return marker(what, pointer)
}

const partsOf = (content: unknown): string => paragraphs(listField(content, 'parts').map(readPart))

const cited = (content: unknown): string =>
  paragraphs([
    textField(content, 'title'),
    textField(content, 'url'),
    textField(content, 'text') ?? textField(content, 'snippet'),
  ])

const readers = new Map<string, (content: unknown) => SaidText>(
  Object.entries({
    text: (content) => says(partsOf(content)),
    multimodal_text: (content) => says(partsOf(content)),
    code: (content) => {
      const code = textField(content, 'text') ?? ''
      return says(code.trim() === '' ? '' : fenced(code, textField(content, 'language')))
    },
    system_error: (content) => says(paragraphs([textField(content, 'name'), textField(content, 'text')])),
    tether_quote: (content) => says(cited(content)),
    sonic_webpage: (content) => says(cited(content)),
    tether_browsing_display: (content) =>
      says(paragraphs([textField(content, 'summary'), textField(content, 'result')])),
    user_editable_context: (content) =>
      says(paragraphs([textField(content, 'user_profile'), textField(content, 'user_instructions')])),
    model_editable_context: (content) => says(textField(content, 'model_set_context') ?? ''),
    thoughts: () => ({ text: null, leftOut: 'MODEL_REASONING' }),
    reasoning_recap: () => ({ text: null, leftOut: 'MODEL_REASONING' }),
  }),
)

/**
 * Kinds that are not listed above: their text, if it stands in one of the usual places (execution_output
 * does).
 */
function readOther(content: unknown): SaidText {
  const usual = ['text', 'result', 'content', 'output_str'].map((name) => textField(content, name))
  const text = paragraphs([partsOf(content), ...usual])
  const isNamed = textField(content, 'content_type') !== null
  if (text === '' && isNamed && textField(content, 'text') === null)
    return { text: null, leftOut: 'UNSUPPORTED_CONTENT' }
  return says(text)
}

/**
 * Kinds of content that hold the person's standing instructions or the model's memory instead of something
 * said.
 */
export function isStandingContext(message: unknown): boolean {
  const type = textField(field(message, 'content'), 'content_type')
  const isOlderForm = field(field(message, 'metadata'), 'is_user_system_message') === true
  return type === 'user_editable_context' || type === 'model_editable_context' || isOlderForm
}

/** Older exports keep the person's standing instructions in the metadata of an empty system message. */
function olderContext(metadata: unknown): string | null {
  const data = field(metadata, 'user_context_message_data')
  return paragraphs([textField(data, 'about_user_message'), textField(data, 'about_model_message')]) || null
}

const attachedFiles = (metadata: unknown): string =>
  listField(metadata, 'attachments')
    .map((file) => textField(file, 'name') ?? textField(file, 'id'))
    .filter((name) => name !== null)
    .map((name) => marker('file', name))
    .join('\n')

/**
 * The readable text of a ChatGPT message: code fenced, pictures, sounds and attached files as `[image: ...]`
 * markers.
 */
export function readBody(message: unknown): SaidText {
  const content = field(message, 'content')
  const metadata = field(message, 'metadata')
  if (typeof content === 'string') return says(paragraphs([content, attachedFiles(metadata)]))
  const body = (readers.get(textField(content, 'content_type') ?? '') ?? readOther)(content)
  if (body.leftOut !== null && body.leftOut !== 'EMPTY_MESSAGE') return body
  return says(paragraphs([body.text, olderContext(metadata), attachedFiles(metadata)]))
}
