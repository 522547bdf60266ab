import { assembleConversation, type MessageBody } from './assemble.ts'
import { readLines, type Line } from './byte-lines.ts'
import { TextCleaner } from './clean-text.ts'
import { hashedId } from './external-id.ts'
import type { ImportRecord, ImportSkip } from './imported.ts'
import { instantFromSillyTavern } from './instants.ts'
import { field, hasMoreValuesThan, isRecord, textField, type JsonRecord } from './json-access.ts'
import type { TreeNode } from './message-tree.ts'
import { isChatMessage, readChatLine, type ChatLine, type Swipe } from './sillytavern-message.ts'
import { invalidUtf8, skip, SkipTally } from './skip-tally.ts'
import { repairUtf8 } from './utf8-repair.ts'

/** The longest line that is read; pictures within a message can make lines of a few MB. */
const maxLineBytes = 32 * 1024 * 1024

/** The most values of a line; what other programs keep beside a message may be long, but not that long. */
const maxLineValues = 4_000_000

type Chat = { header: JsonRecord; lines: { number: number; line: ChatLine }[] }

function parse(line: Line): { value: unknown } | { problem: ImportSkip } {
  const where = `line ${line.number}`
  if (line.text === null || hasMoreValuesThan(line.text, maxLineValues))
    return { problem: skip('TOO_LARGE', where, 'The line is longer than any message and was passed over.') }
  try {
    return { value: JSON.parse(line.text) }
  } catch {
    const problem = line.hasEnd
      ? skip('BROKEN_JSON', where, 'The line is not valid JSON; the lines around it were read.')
      : skip(
          'TRUNCATED_FILE',
          where,
          'The file ends in the middle of this line; everything before it was read.',
        )
    return { problem }
  }
}

/** Newer versions write the word "unused" where the names were. */
const usedName = (name: string | null): string | null =>
  name === null || name === '' || name === 'unused' ? null : name

function findCharacter(chat: Chat): string | null {
  const isCharacter = ({ line }: Chat['lines'][number]): boolean =>
    !line.isUser && !line.isSystem && !line.isNarration
  return usedName(textField(chat.header, 'character_name')) ?? chat.lines.find(isCharacter)?.line.name ?? null
}

/**
 * A chat has no id of its own: newer files carry an `integrity` that stays the same for as long as the chat
 * lives; for older ones the header's names and date stand for it, and where those are missing the first
 * message does.
 */
function identifyChat(chat: Chat): string {
  const integrity = textField(field(chat.header, 'chat_metadata'), 'integrity')
  if (integrity !== null && integrity !== '') return hashedId('sillytavern', 'integrity', integrity)
  const date = field(chat.header, 'create_date') ?? null
  const names = [textField(chat.header, 'character_name'), textField(chat.header, 'user_name')]
  const isDated = typeof date === 'string' || typeof date === 'number'
  if (isDated) return hashedId('sillytavern', 'header', date, ...names)
  const first = chat.lines[0]?.line.chosen ?? null
  return hashedId(
    'sillytavern',
    'first',
    first?.text ?? null,
    typeof first?.date === 'string' ? first.date : null,
    ...names,
  )
}

/** What turning lines into messages carries along; `parentId` is the message that the next line answers. */
type Writing = {
  chatId: string
  character: string | null
  user: string | null
  cleaner: TextCleaner
  tally: SkipTally
}

/**
 * A hidden message (`is_system`) of the character or the person is still theirs; others are the program's
 * remarks.
 */
function roleOf(line: ChatLine, character: string | null): MessageBody['role'] {
  if (line.isUser) return 'user'
  const isCharacters = line.name !== null && line.name === character
  return line.isNarration || (line.isSystem && !isCharacters) ? 'system' : 'assistant'
}

/**
 * The id of a message is the hash of what it answers, its place and its text: a chat that has grown keeps the
 * ids of what was there, and a message that was edited becomes a branch with everything after it.
 */
function toNode(
  swipe: Swipe,
  position: { place: number; parentId: string | null },
  body: MessageBody,
  writing: Writing,
): TreeNode<MessageBody> {
  const { place, parentId } = position
  const content = writing.cleaner.clean(swipe.text)
  const at = instantFromSillyTavern(swipe.date)
  const id = hashedId('sillytavern', parentId ?? writing.chatId, place, content)
  return { id, parentId, children: [], kept: { ...body, content, at } }
}

function toNodes(chat: Chat, writing: Writing): { nodes: TreeNode<MessageBody>[]; last: string | null } {
  const nodes: TreeNode<MessageBody>[] = []
  let last: string | null = null
  for (const [place, { number, line }] of chat.lines.entries()) {
    if (line.hasReasoning) writing.tally.add('MODEL_REASONING', `line ${number}`)
    if (line.chosen === null && line.others.length === 0) {
      writing.tally.add('EMPTY_MESSAGE', `line ${number}`)
      continue
    }
    const name = line.name ?? (line.isUser ? writing.user : null)
    const speaker = name === null ? null : writing.cleaner.clean(name)
    const body: MessageBody = { role: roleOf(line, writing.character), speaker, at: null, content: '' }
    const parentId: string | null = last
    const swipes = line.chosen === null ? line.others : [line.chosen, ...line.others]
    const siblings: TreeNode<MessageBody>[] = swipes.map((swipe) =>
      toNode(swipe, { place, parentId }, body, writing),
    )
    const isUndated =
      swipes[0]?.date !== undefined && swipes[0].date !== null && siblings[0]?.kept?.at === null
    if (isUndated) writing.tally.add('UNREADABLE_DATE', `line ${number}`)
    for (const sibling of siblings) nodes.push(sibling)
    last = siblings[0]?.id ?? last
  }
  return { nodes, last }
}

function toRecords(chat: Chat, fileName: string): ImportRecord[] {
  const cleaner = new TextCleaner()
  const tally = new SkipTally()
  const externalId = identifyChat(chat)
  const character = findCharacter(chat)
  const user = usedName(textField(chat.header, 'user_name'))
  const { nodes, last } = toNodes(chat, { chatId: externalId, character, user, cleaner, tally })
  const created = instantFromSillyTavern(field(chat.header, 'create_date'))
  return assembleConversation({
    source: 'sillytavern',
    externalId,
    title: fileName.replace(/\.jsonl?$/i, ''),
    createdAt: created ?? nodes.find((node) => node.parentId === null)?.kept?.at ?? null,
    characterName: character === null ? null : cleaner.clean(character),
    nodes,
    current: last,
    cleaner,
    tally,
  })
}

/**
 * Reads a SillyTavern chat: one JSON object per line, the first a header (older group chats have none). The
 * file's name is the chat's title. The answers that were not chosen become branches beside the chosen one, on
 * which the chat goes on.
 */
export async function* readSillyTavern(
  chunks: AsyncIterable<Uint8Array>,
  fileName: string,
): AsyncGenerator<ImportRecord> {
  let isRepaired = false
  let isFirst = true
  const chat: Chat = { header: {}, lines: [] }
  for await (const line of readLines(
    repairUtf8(chunks, () => (isRepaired = true)),
    maxLineBytes,
  )) {
    if (line.text !== null && line.text.trim() === '') continue
    const parsed = parse(line)
    if ('problem' in parsed) yield parsed.problem
    else if (isChatMessage(parsed.value))
      chat.lines.push({ number: line.number, line: readChatLine(parsed.value) })
    else if (isFirst && isRecord(parsed.value)) chat.header = parsed.value
    else
      yield skip(
        'NOT_A_MESSAGE',
        `line ${line.number}`,
        'The line is not a message of a chat and was left out.',
      )
    isFirst = false
  }
  yield* toRecords(chat, fileName)
  if (isRepaired) yield invalidUtf8('file')
}
