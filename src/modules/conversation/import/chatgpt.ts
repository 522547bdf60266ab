import { assembleConversation, type MessageBody } from './assemble.ts'
import { isStandingContext, readBody } from './chatgpt-content.ts'
import { TextCleaner } from './clean-text.ts'
import { readConversations } from './conversation-file.ts'
import { hashedId, ownId } from './external-id.ts'
import type { ImportedMessage, ImportRecord } from './imported.ts'
import { instantFromEpoch } from './instants.ts'
import { field, isRecord, listField, textField, type JsonRecord } from './json-access.ts'
import type { TreeNode } from './message-tree.ts'
import { SkipTally } from './skip-tally.ts'

const roles = new Map<string, ImportedMessage['role']>([
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['system', 'system'],
  ['tool', 'tool'],
])

/** The message of one node, or null after noting why it is left out. */
function readMessage(
  message: JsonRecord,
  place: string,
  cleaner: TextCleaner,
  tally: SkipTally,
): MessageBody | null {
  const isContext = isStandingContext(message)
  if (field(field(message, 'metadata'), 'is_visually_hidden_from_conversation') === true && !isContext) {
    tally.add('HIDDEN_MESSAGE', place)
    return null
  }
  const body = readBody(message)
  if (body.leftOut !== null) {
    tally.add(body.leftOut, place)
    return null
  }
  const named = textField(field(message, 'author'), 'role') ?? ''
  const role = isContext ? 'system' : roles.get(named)
  if (role === undefined) tally.add('UNKNOWN_ROLE', place)
  const speaker =
    textField(field(message, 'author'), 'name') ?? (role === undefined && named !== '' ? named : null)
  return {
    role: role ?? 'tool',
    speaker: speaker === null || speaker === '' ? null : cleaner.clean(speaker),
    at: instantFromEpoch(field(message, 'create_time')),
    content: cleaner.clean(body.text),
  }
}

/** One entry of `mapping`. A node without a message is part of the tree's frame: nothing is lost with it. */
function readNode(key: string, node: unknown, cleaner: TextCleaner, tally: SkipTally): TreeNode<MessageBody> {
  const id = ownId(key) ?? hashedId('id', key)
  const children = listField(node, 'children').map(ownId)
  const message = field(node, 'message')
  const isFrame = isRecord(node) && (message === null || message === undefined)
  if (!isFrame && !isRecord(message)) tally.add('NOT_A_MESSAGE', id)
  return {
    id,
    parentId: ownId(field(node, 'parent')),
    children: children.filter((child) => child !== null),
    kept: isRecord(message) ? readMessage(message, id, cleaner, tally) : null,
  }
}

function toRecords(conversation: unknown): ImportRecord[] {
  const cleaner = new TextCleaner()
  const tally = new SkipTally()
  const named = ownId(field(conversation, 'conversation_id')) ?? ownId(field(conversation, 'id'))
  const mapping = field(conversation, 'mapping')
  const nodes = Object.entries(isRecord(mapping) ? mapping : {})
  return assembleConversation({
    source: 'chatgpt',
    externalId: named ?? hashedId('chatgpt', conversation),
    title: textField(conversation, 'title'),
    createdAt: instantFromEpoch(field(conversation, 'create_time')),
    characterName: null,
    nodes: nodes.map(([key, node]) => readNode(key, node, cleaner, tally)),
    current: ownId(field(conversation, 'current_node')),
    cleaner,
    tally,
  })
}

const hasMapping = (value: unknown): boolean => isRecord(field(value, 'mapping'))

/**
 * Reads ChatGPT's `conversations.json`: an array of conversations, each a tree of nodes in `mapping`. Every
 * branch is kept. Standing instructions become system messages; hidden, empty and reasoning nodes are left
 * out with a reason, and what hangs below them moves up to the nearest message that is kept.
 */
export function readChatGpt(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportRecord> {
  return readConversations(chunks, {
    firstKey: 'title',
    isConversation: hasMapping,
    isUnmistakable: (value) => hasMapping(value) && 'title' in value && 'current_node' in value,
    toRecords,
  })
}
