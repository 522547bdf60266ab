import type { ImportRecord } from './imported.ts'
import { JsonElementReader, maxDepth, type JsonElement, type JsonProblem } from './json-elements.ts'
import { invalidUtf8, skip } from './skip-tally.ts'
import { repairUtf8 } from './utf8-repair.ts'

/** How the conversations of one product look within its JSON file. */
export type ConversationFormat = {
  /** The key a conversation usually begins with. */
  firstKey: string
  /** Whether a value is a conversation at all, however damaged its inside may be. */
  isConversation: (value: unknown) => boolean
  /** Whether it is one beyond doubt, even if it is found where none should be. */
  isUnmistakable: (value: object) => boolean
  /** The conversation with its skips after it; only called for values that `isConversation` accepts. */
  toRecords: (value: unknown) => ImportRecord[]
}

const problems: Record<JsonProblem, (place: string) => string> = {
  BROKEN_JSON: (place) =>
    `The JSON is broken in ${place}; reading went on at the next conversation that could be found.`,
  TOO_LARGE: (place) => `What stands as ${place} is larger than any conversation and was passed over.`,
  TOO_DAMAGED: (place) => `The file is broken in too many places; nothing after ${place} was read.`,
  TRUNCATED_FILE: (place) => `The file ends in the middle of ${place}; everything before it was read.`,
}

function* elementRecords(element: JsonElement, format: ConversationFormat): Generator<ImportRecord> {
  const where = `conversation ${element.index} of the file`
  if (element.kind === 'problem') {
    yield skip(element.code, where, problems[element.code](where))
    return
  }
  if (element.isCut) {
    yield skip(
      'TOO_DEEP',
      where,
      `Values nested deeper than ${maxDepth} levels were left out; the rest was read.`,
    )
  }
  if (format.isConversation(element.value)) yield* format.toRecords(element.value)
  else
    yield skip('NOT_A_CONVERSATION', where, 'It does not have the shape of a conversation and was left out.')
}

/**
 * Reads the conversations of a JSON file one at a time while its bytes arrive. Throws only what `chunks`
 * throws.
 */
export async function* readConversations(
  chunks: AsyncIterable<Uint8Array>,
  format: ConversationFormat,
): AsyncGenerator<ImportRecord> {
  let isRepaired = false
  const reader = new JsonElementReader({ firstKey: format.firstKey, isElement: format.isUnmistakable })
  for await (const chunk of repairUtf8(chunks, () => (isRepaired = true))) {
    for (const element of reader.write(chunk)) yield* elementRecords(element, format)
  }
  for (const element of reader.end()) yield* elementRecords(element, format)
  if (isRepaired) yield invalidUtf8('file')
}
