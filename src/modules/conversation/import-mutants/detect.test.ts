import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { detectFormat } from './detect.ts'
import {
  cardChunk,
  cardV2,
  chatGptConversation,
  claudeConversation,
  jsonLines,
  png,
  sillyTavernHeader,
  sillyTavernLine,
} from './fixtures/exports.ts'

const detect = (content: unknown, fileName: string): string | null =>
  detectFormat(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), fileName)

describe('detectFormat', () => {
  it('tells a ChatGPT from a Claude export although both are called conversations.json', () => {
    expect(detect([chatGptConversation('c1')], 'conversations.json')).toBe('chatgpt')
    expect(detect([claudeConversation('c1')], 'conversations.json')).toBe('claude')
  })

  it('goes by the content and not by the name', () => {
    expect(detect([chatGptConversation('c1')], 'claude.jsonl')).toBe('chatgpt')
    expect(detectFormat(png(cardChunk('chara', cardV2())), 'chat.json')).toBe('character-card-png')
  })

  it('knows a single conversation, an object around the array, and a byte-order mark', () => {
    expect(detect(chatGptConversation('c1'), 'chat.json')).toBe('chatgpt')
    expect(detect({ conversations: [chatGptConversation('c1')] }, 'x.json')).toBe('chatgpt')
    expect(detect(`\ufeff${JSON.stringify(claudeConversation('c1'))}`, 'chat.json')).toBe('claude')
  })

  it('knows a SillyTavern chat by its header, old or new, and by its lines where there is none', () => {
    const newHeader = { chat_metadata: { integrity: 'x' }, user_name: 'unused', character_name: 'unused' }
    expect(detect(jsonLines(sillyTavernHeader, sillyTavernLine('Ann', 'Hi')), 'chat.txt')).toBe('sillytavern')
    expect(detect(jsonLines(newHeader, sillyTavernLine('Ann', 'Hi')), 'chat.txt')).toBe('sillytavern')
    expect(detect(jsonLines(sillyTavernLine('Robbie', 'Hi')), 'chat.txt')).toBe('sillytavern')
  })

  it('knows cards of all versions', () => {
    const { data } = cardV2() as { data: Record<string, unknown> }
    expect(detect(cardV2(), 'a.json')).toBe('character-card-json')
    expect(detect({ data, spec: 'chara_card_v3' }, 'a.json')).toBe('character-card-json')
    expect(detect({ name: 'Robbie', description: 'x', first_mes: 'Hi' }, 'a.json')).toBe(
      'character-card-json',
    )
  })

  it('needs no more than the beginning of the file', () => {
    const text = JSON.stringify([claudeConversation('c1')])
    expect(detect(text.slice(0, text.indexOf('chat_messages') + 20), 'conversations.json')).toBe('claude')
  })

  it('is not misled by a first element that is damaged or by words in a text', () => {
    expect(detect([null, {}, chatGptConversation('c1')], 'x')).toBe('chatgpt')
    expect(
      detect({ name: 'npm', description: 'mapping chat_messages spec', data: 1 }, 'package.json'),
    ).toBeNull()
    expect(detect([{ id: 1, content: { mapping: {} } }], 'other.json')).toBeNull()
  })

  it('falls back on the name where the beginning is damaged', () => {
    const chat = jsonLines(sillyTavernLine('Ann', 'Hi'))
    expect(detect(`{"user_na\n${chat}`, 'chat.jsonl')).toBe('sillytavern')
    expect(detect(`{"user_na\n${chat}`, 'chat.txt')).toBeNull()
    expect(detect(`[{"title: ${JSON.stringify(chatGptConversation('c1'))}`, 'conversations.json')).toBe(
      'chatgpt',
    )
  })

  it('knows nothing else', () => {
    for (const content of [
      '',
      'hello',
      '[]',
      '{}',
      '[1,2]',
      '{"messages":[{"role":"user"}]}',
      '%PDF-1.7',
      '\u0000\u0001',
    ]) {
      expect(detect(content, 'conversations.json')).toBeNull()
    }
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('a.json', 'a.jsonl', 'a.png'),
        (head, name) => {
          expect(() => detectFormat(head, name)).not.toThrow()
        },
      ),
    )
  })
})
