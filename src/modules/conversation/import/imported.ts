/** The products whose exports can be read. */
export type ImportSource = 'chatgpt' | 'claude' | 'sillytavern' | 'character-card'

/**
 * One message of another product. `externalId` is unique within its conversation and the same on every read;
 * `at` is ISO 8601 in UTC, null where the export has no usable time. Text holds neither U+0000 nor lone
 * surrogates.
 */
export type ImportedMessage = {
  externalId: string
  parentExternalId: string | null
  role: 'user' | 'assistant' | 'system' | 'tool'
  speaker: string | null
  at: string | null
  content: string
}

/**
 * A whole conversation with all its branches; `messages` lists parents before children, and is never empty.
 */
export type ImportedConversation = {
  kind: 'conversation'
  source: ImportSource
  externalId: string
  title: string | null
  createdAt: string | null
  /** The last message of the branch that the person was on. */
  currentLeaf: string | null
  characterName: string | null
  messages: ImportedMessage[]
}

/**
 * A character card, whichever version it was written in; absent texts are empty strings. `externalId` is a
 * hash of the card's own content. Fields of the card that have no place here stand in
 * `extensions['robbieverse/card']`.
 */
export type ImportedCharacter = {
  kind: 'character'
  source: ImportSource
  externalId: string
  name: string
  description: string
  personality: string
  scenario: string
  firstMessage: string
  alternateGreetings: string[]
  exampleDialogue: string
  systemPrompt: string
  postHistoryInstructions: string
  tags: string[]
  creator: string
  creatorNotes: string
  characterVersion: string
  book: unknown
  extensions: Record<string, unknown>
}

/** Why something of a file was left out or altered. Stable: reports and translations key on it. */
export type ImportSkipCode =
  | 'BROKEN_JSON'
  | 'TRUNCATED_FILE'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'TOO_DAMAGED'
  | 'INVALID_UTF8'
  | 'NOT_A_CONVERSATION'
  | 'EMPTY_CONVERSATION'
  | 'NOT_A_MESSAGE'
  | 'EMPTY_MESSAGE'
  | 'HIDDEN_MESSAGE'
  | 'MODEL_REASONING'
  | 'TOOL_RESULT'
  | 'UNSUPPORTED_CONTENT'
  | 'UNKNOWN_ROLE'
  | 'REPEATED_ID'
  | 'CYCLE'
  | 'UNREADABLE_DATE'
  | 'REPLACED_CHARACTERS'
  | 'NO_CARD'
  | 'CARD_WITHOUT_NAME'
  | 'MALFORMED_FIELD'
  | 'BROKEN_CHUNK'

/** Something that was not taken over as it stood: `where` finds it in the file, `reason` is one sentence. */
export type ImportSkip = { kind: 'skipped'; where: string; reason: string; code: ImportSkipCode }

/** What reading an export yields, one at a time. */
export type ImportRecord = ImportedConversation | ImportedCharacter | ImportSkip
