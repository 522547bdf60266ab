import type { ImportedCharacter } from '../../modules/conversation/import/imported.ts'
import { cut } from './history.ts'

const MAX_NAME = 200
const MAX_DESCRIPTION = 2_000
const MAX_FULL_DESCRIPTION = 40_000
const MAX_CARD = 1_000_000

/** A card as `persona.create` takes it; `altered` says what had no room. */
export type NewCharacter = {
  input: Record<string, unknown>
  altered: { code: string; where: string; reason: string }[]
}

/**
 * Turns a card into a personality. What it says of the character becomes the description that its prompts are
 * made of; the card itself is kept whole.
 */
export function toPersonality(character: ImportedCharacter): NewCharacter {
  const altered: NewCharacter['altered'] = []
  const where = `character ${character.name}`
  const name = cut(character.name.trim(), MAX_NAME)
  const text = describe(character, name)
  const description = cut(text, MAX_FULL_DESCRIPTION)
  if (description.length < text.length) {
    altered.push({
      code: 'TEXT_CUT',
      where,
      reason: 'The description is longer than 40,000; the whole stands in the card.',
    })
  }
  const card = fitCard(character)
  if (card.leftOut.length > 0) {
    const reason = `The card is larger than 1 MB; these parts were left out: ${card.leftOut.join(', ')}.`
    altered.push({ code: 'CARD_CUT', where, reason })
  }
  return {
    input: {
      name,
      shortDescription: cut(text, MAX_DESCRIPTION),
      ...(text.length > MAX_DESCRIPTION ? { description } : {}),
      externalId: `${character.source}:${character.externalId}`,
      card: card.card,
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
