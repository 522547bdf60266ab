import { isUtf8 } from 'node:buffer'

import { TextCleaner } from './clean-text.ts'
import { hashedId } from './external-id.ts'
import type { ImportedCharacter, ImportRecord } from './imported.ts'
import {
  field,
  hasMoreValuesThan,
  isDeeperThan,
  isRecord,
  textField,
  type JsonRecord,
} from './json-access.ts'
import { readPngTexts, type PngText } from './png-text.ts'
import { invalidUtf8, skip, SkipTally } from './skip-tally.ts'

/** Real cards nest about 8 levels; extensions written by other programs rarely more. */
const maxCardDepth = 64

/** The largest real cards have some 10,000 values. */
const maxCardValues = 1_000_000

type CardTexts = Pick<
  ImportedCharacter,
  | 'name'
  | 'description'
  | 'personality'
  | 'scenario'
  | 'firstMessage'
  | 'exampleDialogue'
  | 'systemPrompt'
  | 'postHistoryInstructions'
  | 'creator'
  | 'creatorNotes'
  | 'characterVersion'
>

/**
 * Our names for the texts of a card and the names they have in V2 and V3. V1 has the first six, at the top
 * level.
 */
const textNames: Record<keyof CardTexts, string> = {
  name: 'name',
  description: 'description',
  personality: 'personality',
  scenario: 'scenario',
  firstMessage: 'first_mes',
  exampleDialogue: 'mes_example',
  systemPrompt: 'system_prompt',
  postHistoryInstructions: 'post_history_instructions',
  creator: 'creator',
  creatorNotes: 'creator_notes',
  characterVersion: 'character_version',
}

const taken = new Set([
  ...Object.values(textNames),
  'alternate_greetings',
  'tags',
  'character_book',
  'extensions',
])

/** Reads fields of a card and remembers those that are not of their type. */
class CardReader {
  readonly malformed: string[] = []
  readonly #data: JsonRecord
  readonly #cleaner: TextCleaner

  constructor(data: JsonRecord, cleaner: TextCleaner) {
    this.#data = data
    this.#cleaner = cleaner
  }

  #missing(name: string): undefined {
    const value = field(this.#data, name)
    if (value !== undefined && value !== null) this.malformed.push(name)
    return undefined
  }

  text(name: string): string {
    const value = field(this.#data, name)
    return typeof value === 'string' ? this.#cleaner.clean(value) : (this.#missing(name) ?? '')
  }

  texts(name: string): string[] {
    const value = field(this.#data, name)
    if (!Array.isArray(value)) return this.#missing(name) ?? []
    if (value.some((item) => typeof item !== 'string')) this.malformed.push(name)
    return value.filter((item) => typeof item === 'string').map((item) => this.#cleaner.clean(item))
  }

  record(name: string): JsonRecord | null {
    const value = field(this.#data, name)
    const cleaned = isRecord(value) ? this.#cleaner.cleanJson(value) : this.#missing(name)
    return isRecord(cleaned) ? cleaned : null
  }

  /** What has no field of its own, so that a card can be written again without losing it. */
  rest(): JsonRecord {
    const others = Object.entries(this.#data).filter(([name]) => !taken.has(name))
    return this.#cleaner.cleanJson(Object.fromEntries(others)) as JsonRecord
  }
}

function readTexts(reader: CardReader): CardTexts {
  const entries = Object.entries(textNames).map(([ours, theirs]) => [ours, reader.text(theirs)])
  return Object.fromEntries(entries) as CardTexts
}

/** The object that holds the fields: `data` in V2 and V3, the card itself in V1. */
function cardData(card: JsonRecord): { data: JsonRecord; spec: string } {
  const data = field(card, 'data')
  const spec = textField(card, 'spec')
  return isRecord(data) ? { data, spec: spec ?? 'chara_card_v2' } : { data: card, spec: 'chara_card_v1' }
}

function toRecords(card: JsonRecord, where: string): ImportRecord[] {
  const cleaner = new TextCleaner()
  const { data, spec } = cardData(card)
  const reader = new CardReader(data, cleaner)
  const texts = readTexts(reader)
  if (texts.name.trim() === '')
    return [skip('CARD_WITHOUT_NAME', where, 'The card has no name, so there is no one to import.')]
  const lists = { alternateGreetings: reader.texts('alternate_greetings'), tags: reader.texts('tags') }
  const book = reader.record('character_book')
  const extensions = reader.record('extensions') ?? {}
  const rest = reader.rest()
  const character: ImportedCharacter = {
    kind: 'character',
    source: 'character-card',
    // Extensions are left out of the hash: programs keep their own state there, which changes no character.
    externalId: hashedId('character-card', texts, lists, book),
    ...texts,
    ...lists,
    book,
    extensions: { ...extensions, 'robbieverse/card': { ...rest, spec: cleaner.clean(spec) } },
  }
  const records: ImportRecord[] = [character]
  if (reader.malformed.length > 0) {
    const names = [...new Set(reader.malformed)].join(', ')
    records.push(
      skip('MALFORMED_FIELD', where, `These fields are not of their type and were left out: ${names}.`),
    )
  }
  const tally = new SkipTally()
  if (cleaner.replaced > 0) tally.add('REPLACED_CHARACTERS', null, cleaner.replaced)
  return [...records, ...tally.records(where)]
}

/** Whether an object is shaped like a card of any version; a missing name is told of later. */
function isCard(value: unknown): value is JsonRecord {
  const data = field(value, 'data')
  const fields = isRecord(data) ? data : value
  return isRecord(fields) && [...taken].some((name) => Object.hasOwn(fields, name))
}

/** The records of a card's JSON text, or a skip that says why it is none. */
function readCardText(text: string, where: string): ImportRecord[] {
  if (hasMoreValuesThan(text, maxCardValues)) {
    return [skip('TOO_LARGE', where, `The card has more than ${maxCardValues} values and was not read.`)]
  }
  let card: unknown
  try {
    card = JSON.parse(text)
  } catch {
    return [skip('BROKEN_JSON', where, 'The card is not valid JSON.')]
  }
  if (isDeeperThan(card, maxCardDepth)) {
    return [skip('TOO_DEEP', where, `The card nests deeper than ${maxCardDepth} levels and was not read.`)]
  }
  if (!isCard(card)) return [skip('NO_CARD', where, 'The JSON is not a character card.')]
  return toRecords(card, where)
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Reads a card that is a JSON file: V1, V2 or V3. Never throws. */
export function readCardJson(bytes: Uint8Array): ImportRecord[] {
  const records = readCardText(decode(bytes), 'card')
  return isUtf8(bytes) ? records : [...records, invalidUtf8('card')]
}

function readPngText(found: PngText): ImportRecord[] {
  const where = `${found.where}, ${found.keyword}`
  if (found.text.trimStart().startsWith('{')) return readCardText(found.text, where)
  const bytes = Buffer.from(found.text, 'base64')
  const records = readCardText(decode(bytes), where)
  return isUtf8(bytes) ? records : [...records, invalidUtf8(where)]
}

/**
 * Reads a card that is a picture: `ccv3` where it is there and readable, else `chara`. Never throws; a
 * picture without a card yields skips only. The bytes must begin with the PNG signature.
 */
export function readCardPng(bytes: Uint8Array): ImportRecord[] {
  const { texts, skips } = readPngTexts(bytes, ['ccv3', 'chara'])
  const tried: ImportRecord[] = []
  for (const keyword of ['ccv3', 'chara']) {
    for (const found of texts.filter((text) => text.keyword === keyword)) {
      const records = readPngText(found)
      if (records.some((record) => record.kind === 'character')) return [...records, ...tried, ...skips]
      tried.push(...records)
    }
  }
  const none = skip('NO_CARD', 'picture', 'The picture holds no character card that could be read.')
  return [none, ...tried, ...skips]
}
