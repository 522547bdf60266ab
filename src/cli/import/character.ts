import type { ImportedCharacter } from '../../modules/conversation/import/imported.ts'
import { cut } from './history.ts'

const MAX_NAME = 200
const MAX_DESCRIPTION = 2_000
const MAX_PROMPT = 50_000
const MAX_CARD = 1_000_000

const MOODS = ['friendly', 'focused', 'playful', 'bossy', 'surprised', 'blushing'] as const

/** A card as `persona.create` takes it; `altered` says what had no room. */
export type NewCharacter = {
  input: Record<string, unknown>
  altered: { code: string; where: string; reason: string }[]
}

/**
 * Turns a card into a personality. What it says of the character becomes the description, or the prompt of every mood
 * where it is longer than a description; the card itself is kept whole.
 */
export function toPersonality(character: ImportedCharacter): NewCharacter {
  const altered: NewCharacter['altered'] = []
  const where = `character ${character.name}`
  const name = cut(character.name.trim(), MAX_NAME)
  const text = describe(character, name)
  const prompt = cut(`You are ${name}. ${text}`, MAX_PROMPT)
  if (prompt.length < text.length) {
    altered.push({
      code: 'TEXT_CUT',
      where,
      reason: 'The prompt is longer than 50,000; the whole stands in the card.',
    })
  }
  const card = fitCard(character)
  if (card.leftOut.length > 0) {
    const reason = `The card is larger than 1 MB; these parts were left out: ${card.leftOut.join(', ')}.`
    altered.push({ code: 'CARD_CUT', where, reason })
  }
  const isLong = text.length > MAX_DESCRIPTION
  return {
    input: {
      name,
      shortDescription: isLong ? cut(text, MAX_DESCRIPTION) : text,
      externalId: `${character.source}:${character.externalId}`,
      card: card.card,
      ...(isLong
        ? { prompts: Object.fromEntries(MOODS.map((mood) => [mood, { systemPrompt: inMood(prompt, mood) }])) }
        : {}),
    },
    altered,
  }
}

function describe(character: ImportedCharacter, name: string): string {
  const parts = [
    character.systemPrompt.replaceAll(/\{\{original\}\}/gi, ''),
    character.description,
    titled('Personality', character.personality),
    titled('Scenario', character.scenario),
    titled('How they speak', character.exampleDialogue.replaceAll(/^<START>\s*$/gim, '')),
    character.postHistoryInstructions.replaceAll(/\{\{original\}\}/gi, ''),
  ]
  const text = parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')
  return fillMacros(text === '' ? `A character called ${name}.` : text, name)
}

function titled(title: string, text: string): string {
  return text.trim() === '' ? '' : `${title}: ${text.trim()}`
}

/** Cards write the two who talk as macros; who the person is, is not known before they talk. */
function fillMacros(text: string, name: string): string {
  return text.replaceAll(/\{\{char\}\}|<BOT>/gi, () => name).replaceAll(/\{\{user\}\}|<USER>/gi, 'the user')
}

function inMood(prompt: string, mood: string): string {
  const ending = `\n\nYour mood now is ${mood}.`
  return cut(prompt, MAX_PROMPT - ending.length) + ending
}

/** The card without the parts that make it too large: what other programs keep in it first, then its lore book. */
function fitCard({ kind: _, ...card }: ImportedCharacter): {
  card: Record<string, unknown>
  leftOut: string[]
} {
  const leftOut: string[] = []
  let kept: Record<string, unknown> = card
  for (const part of ['extensions', 'book', 'alternateGreetings', 'exampleDialogue', 'description']) {
    if (JSON.stringify(kept).length <= MAX_CARD) break
    const { [part]: _part, ...rest } = kept
    kept = rest
    leftOut.push(part)
  }
  return { card: kept, leftOut }
}
