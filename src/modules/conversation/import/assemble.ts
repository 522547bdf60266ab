import type { TextCleaner } from './clean-text.ts'
import type { ImportedConversation, ImportedMessage, ImportRecord } from './imported.ts'
import { arrangeTree, newestLeaf, type TreeNode } from './message-tree.ts'
import { skip, type SkipTally } from './skip-tally.ts'

/** A message without its place in the tree. */
export type MessageBody = Pick<ImportedMessage, 'role' | 'speaker' | 'at' | 'content'>

/** A conversation as far as its product's reader has understood it. Texts of `nodes` are already clean. */
export type ReadConversation = Pick<
  ImportedConversation,
  'source' | 'externalId' | 'createdAt' | 'characterName'
> & {
  title: string | null
  nodes: TreeNode<MessageBody>[]
  /** The node the person was on; if it was left out, the nearest kept one above counts. */
  current: string | null
  cleaner: TextCleaner
  tally: SkipTally
}

/**
 * The conversation followed by its skips; skips alone if no message of it is kept. A conversation that does
 * not say where the person was is taken to be at its newest leaf.
 */
export function assembleConversation(read: ReadConversation): ImportRecord[] {
  const { source, externalId, createdAt, characterName, cleaner, tally } = read
  const where = `conversation ${externalId}`
  const tree = arrangeTree(read.nodes)
  for (const id of tree.cut) tally.add('CYCLE', id)
  const title = cleaner.clean(read.title ?? '').trim()
  const messages = tree.placed.map((node) => ({
    externalId: node.id,
    parentExternalId: node.parentId,
    ...node.value,
  }))
  if (cleaner.replaced > 0) tally.add('REPLACED_CHARACTERS', null, cleaner.replaced)
  if (messages.length === 0) {
    const reason = 'No message of it holds text that could be taken over.'
    return [skip('EMPTY_CONVERSATION', where, reason), ...tally.records(where)]
  }
  const currentLeaf =
    (read.current === null ? null : tree.nearestKept.get(read.current)) ?? newestLeaf(messages)
  const conversation: ImportedConversation = {
    kind: 'conversation',
    source,
    externalId,
    title: title === '' ? null : title,
    createdAt,
    currentLeaf,
    characterName,
    messages,
  }
  return [conversation, ...tally.records(where)]
}
