import { describe, expect, it } from 'vitest'

import type { ImportedCharacter } from '../../modules/conversation/import/imported.ts'
import { modules } from '../../modules/index.ts'
import { toPersonality } from './character.ts'

const card: ImportedCharacter = {
  kind: 'character',
  source: 'character-card',
  externalId: 'sha256:1',
  name: 'Mara',
  description: '{{char}} runs a lighthouse. She likes {{user}}.',
  personality: 'Dry.',
  scenario: '',
  firstMessage: 'Ahoy',
  alternateGreetings: [],
  exampleDialogue: '<START>\n{{user}}: Hi\n{{Char}}: Mind the stairs.',
  systemPrompt: '{{original}}',
  postHistoryInstructions: '',
  tags: ['sea'],
  creator: 'Ann',
  creatorNotes: '',
  characterVersion: '1',
  book: { entries: [] },
  extensions: { 'example/voice': { pitch: 3 } },
}

const create = modules
  .flatMap((module) => module.operations)
  .find((operation) => operation.id === 'persona.create')!
const fits = (input: unknown) => create.input.safeParse(input).error?.issues ?? []

describe('an imported character', () => {
  it('becomes a personality that is described by its card, which is kept whole', () => {
    const { input, altered } = toPersonality(card)
    const { kind: _, ...whole } = card
    expect(input).toEqual({
      name: 'Mara',
      shortDescription:
        'Mara runs a lighthouse. She likes the user.\n\nPersonality: Dry.\n\nHow they speak: the user: Hi\nMara: Mind the stairs.',
      externalId: 'character-card:sha256:1',
      card: whole,
    })
    expect(altered).toEqual([])
    expect(fits(input)).toEqual([])
  })

  it('has its prompts made of its whole text when that is longer than a short description', () => {
    const { input } = toPersonality({ ...card, description: 'word '.repeat(1_000).trim() })
    expect(String(input['description'])).toContain('Mind the stairs.')
    expect(String(input['shortDescription'])).toHaveLength(2_000)
    expect(fits(input)).toEqual([])
  })

  it('is accepted whatever its sizes, and what has no room is told', () => {
    const { input, altered } = toPersonality({
      ...card,
      name: '😀'.repeat(300),
      description: 'd'.repeat(100_000),
      book: { entries: ['b'.repeat(600_000)] },
      extensions: { other: 'e'.repeat(600_000) },
    })
    expect(fits(input)).toEqual([])
    expect(altered.map((item) => item.code)).toEqual(['TEXT_CUT', 'CARD_CUT'])
    expect(Object.keys(input['card'] as object)).toContain('book')
    expect(Object.keys(input['card'] as object)).not.toContain('extensions')
  })

  it('that says nothing of itself still has a description', () => {
    const { input } = toPersonality({ ...card, description: '', personality: '', exampleDialogue: '' })
    expect(input['shortDescription']).toBe('A character called Mara.')
  })
})
