import { assembleConversation, type MessageBody } from './assemble.ts'
import { TextCleaner } from './clean-text.ts'
import { readConversations } from './conversation-file.ts'
import { hashedId, ownId } from './external-id.ts'
import type { ImportedMessage, ImportRecord } from './imported.ts'
import { instantFromIso } from './instants.ts'
import { field, isRecord, listField, textField } from './json-access.ts'
import { fenced, marker, paragraphs } from './message-text.ts'
import type { TreeNode } from './message-tree.ts'
import { SkipTally } from './skip-tally.ts'

/**
 * What the assistant handed to a tool is its own writing (an artifact's text, a query), so it stays readable.
 */
function toolCall(block: unknown): string {
  const input = field(block, 'input')
  const written = ['content', 'code', 'new_str', 'file_text']
    .map((name) => textField(input, name))
    .find((text) => text !== null)
  const heading = marker('tool', textField(block, 'name'))
  if (written !== undefined && written !== null) {
    return `${heading}\n${paragraphs([textField(input, 'title'), fenced(written, textField(input, 'language'))])}`
  }
  const isEmpty =
    input === undefined || input === null || (isRecord(input) && Object.keys(input).length === 0)
  return isEmpty ? heading : `${heading}\n${fenced(JSON.stringify(input, null, 2), 'json')}`
}

function readBlock(block: unknown, place: string, tally: SkipTally): string | null {
  const type = textField(block, 'type')
  if (type === 'text' || type === 'voice_note') return textField(block, 'text')
  if (type === 'tool_use') return toolCall(block)
  if (type === 'thinking' || type === 'redacted_thinking') tally.add('MODEL_REASONING', place)
  else if (type === 'tool_result') tally.add('TOOL_RESULT', place)
  // Marks where a budget of tokens stood; there is nothing to it.
  else if (type !== 'token_budget')
    return textField(block, 'text') ?? (type === null ? null : marker(type, null))
  return null
}

/** The text handed over with a message, between two lines that say where it came from. */
function attachment(file: unknown): string {
  const name = textField(file, 'file_name')
  const text = textField(file, 'extracted_content')
  if (text === null || text.trim() === '') return marker('attachment', name)
  return `${marker('attachment', name)}\n${text}\n${marker('end of attachment', name)}`
}

function listedFiles(message: unknown): string {
  const files = [...listField(message, 'files'), ...listField(message, 'files_v2')]
  const names = files.map((file) => textField(file, 'file_name') ?? textField(file, 'file_uuid') ?? '')
  return [...new Set(names)].map((name) => marker('file', name)).join('\n')
}

/**
 * The blocks hold what was said; the flat `text` beside them replaces everything but text by a remark, and
 * newer exports leave it empty. It is used where there are no blocks with text.
 */
function readText(message: unknown, place: string, tally: SkipTally): string {
  const blocks = listField(message, 'content').map((block) => readBlock(block, place, tally))
  const said = paragraphs(blocks)
  const attachments = listField(message, 'attachments').map(attachment)
  return paragraphs([said === '' ? textField(message, 'text') : said, ...attachments, listedFiles(message)])
}

const roles = new Map<string, ImportedMessage['role']>([
  ['human', 'user'],
  ['user', 'user'],
  ['assistant', 'assistant'],
])

/** What reading one conversation carries along. */
type Reading = { conversationId: string; cleaner: TextCleaner; tally: SkipTally; seen: Set<string> }

function readMessage(message: unknown, place: string, reading: Reading): MessageBody | null {
  const { cleaner, tally } = reading
  const text = readText(message, place, tally)
  if (text === '') {
    tally.add('EMPTY_MESSAGE', place)
    return null
  }
  const sender = textField(message, 'sender') ?? ''
  const role = roles.get(sender)
  if (role === undefined) tally.add('UNKNOWN_ROLE', place)
  const at = instantFromIso(field(message, 'created_at'))
  if (at === null && textField(message, 'created_at') !== null) tally.add('UNREADABLE_DATE', place)
  const speaker = role === undefined && sender !== '' ? cleaner.clean(sender) : null
  return { role: role ?? 'tool', speaker, at, content: cleaner.clean(text) }
}

/** The message's own id, unless it has none or an earlier message has the same. */
function identify(message: unknown, position: number, reading: Reading): string {
  const own = ownId(field(message, 'uuid'))
  const isRepeated = own !== null && reading.seen.has(own)
  const id = own === null || isRepeated ? hashedId('claude', reading.conversationId, position, message) : own
  if (isRepeated) reading.tally.add('REPEATED_ID', id)
  reading.seen.add(id)
  return id
}

function readNodes(conversation: unknown, reading: Reading): TreeNode<MessageBody>[] {
  const list = listField(conversation, 'chat_messages')
  const isTree = list.some((message) => textField(message, 'parent_message_uuid') !== null)
  let previous: string | null = null
  return list.map((message, position) => {
    const id = identify(message, position, reading)
    const parentId = isTree ? ownId(field(message, 'parent_message_uuid')) : previous
    previous = id
    if (!isRecord(message)) reading.tally.add('NOT_A_MESSAGE', id)
    return { id, parentId, children: [], kept: isRecord(message) ? readMessage(message, id, reading) : null }
  })
}

function toRecords(conversation: unknown): ImportRecord[] {
  const externalId = ownId(field(conversation, 'uuid')) ?? hashedId('claude', conversation)
  const cleaner = new TextCleaner()
  const tally = new SkipTally()
  return assembleConversation({
    source: 'claude',
    externalId,
    title: textField(conversation, 'name'),
    createdAt: instantFromIso(field(conversation, 'created_at')),
    characterName: null,
    nodes: readNodes(conversation, { conversationId: externalId, cleaner, tally, seen: new Set() }),
    current: ownId(field(conversation, 'current_leaf_message_uuid')),
    cleaner,
    tally,
  })
}

const hasMessages = (value: unknown): boolean => Array.isArray(field(value, 'chat_messages'))

/**
 * Reads the `conversations.json` of Claude's export: an array of conversations with `chat_messages`, which
 * form a tree where they name `parent_message_uuid` and a line where they do not. Texts of attachments follow
 * the message between markers, files are listed by name; reasoning and what tools returned are left out with
 * a reason.
 */
export function readClaude(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportRecord> {
  return readConversations(chunks, {
    firstKey: 'uuid',
    isConversation: hasMessages,
    isUnmistakable: (value) => hasMessages(value) && 'uuid' in value,
    toRecords,
  })
}
