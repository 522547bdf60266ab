import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ImportedConversation, ImportedMessage } from '../../modules/conversation/import/imported.ts'
import { conversationId, cut, toHistory } from './history.ts'

const now = new Date('2026-01-02T03:04:05.000Z')
const limits = { messages: 500, bytes: 1_000_000, messageBytes: 1_000_000 }

const message = (externalId: string, more: Partial<ImportedMessage> = {}): ImportedMessage => ({
  externalId,
  parentExternalId: null,
  role: 'user',
  speaker: null,
  at: null,
  content: `text of ${externalId}`,
  ...more,
})

const conversation = (
  messages: ImportedMessage[],
  more: Partial<ImportedConversation> = {},
): ImportedConversation => ({
  kind: 'conversation',
  source: 'chatgpt',
  externalId: 'c1',
  title: 'A title',
  createdAt: '2024-06-03T16:00:00.000Z',
  currentLeaf: messages.at(-1)!.externalId,
  characterName: null,
  messages,
  ...more,
})

const timesOf = (imported: ImportedConversation) =>
  toHistory(imported, limits, now)
    .batches.flat()
    .map(({ externalId, at }) => [externalId, at])

describe('imported history', () => {
  it('keeps the conversation, its messages and its branches', () => {
    const messages = [
      message('q', { at: '2024-06-03T16:01:00.000Z', speaker: 'Ann' }),
      message('a1', { parentExternalId: 'q', role: 'assistant', at: '2024-06-03T16:02:00.000Z' }),
      message('a2', { parentExternalId: 'q', role: 'assistant', at: '2024-06-03T16:03:00.000Z' }),
    ]
    expect(toHistory(conversation(messages), limits, now)).toEqual({
      create: {
        title: 'A title',
        interface: 'chatgpt',
        externalId: 'chatgpt:c1',
        createdAt: '2024-06-03T16:00:00.000Z',
      },
      batches: [
        [
          {
            externalId: 'q',
            role: 'user',
            speaker: 'Ann',
            at: '2024-06-03T16:01:00.000Z',
            content: 'text of q',
          },
          {
            externalId: 'a1',
            parentExternalId: 'q',
            role: 'assistant',
            at: '2024-06-03T16:02:00.000Z',
            content: 'text of a1',
          },
          {
            externalId: 'a2',
            parentExternalId: 'q',
            role: 'assistant',
            at: '2024-06-03T16:03:00.000Z',
            content: 'text of a2',
          },
        ],
      ],
      currentLeaf: 'a2',
      altered: [],
    })
  })

  it('gives a message without a time that of the message it answers', () => {
    const messages = [
      message('q'),
      message('a1', { parentExternalId: 'q', at: '2024-06-03T17:00:00.000Z' }),
      message('a2', { parentExternalId: 'q' }),
      message('b1', { parentExternalId: 'a1' }),
    ]
    expect(timesOf(conversation(messages))).toEqual([
      ['q', '2024-06-03T16:00:00.000Z'],
      ['a1', '2024-06-03T17:00:00.000Z'],
      ['a2', '2024-06-03T16:00:00.000Z'],
      ['b1', '2024-06-03T17:00:00.000Z'],
    ])
    expect(timesOf(conversation(messages, { createdAt: null }))[0]).toEqual(['q', '2024-06-03T17:00:00.000Z'])
    expect(timesOf(conversation([message('q')], { createdAt: null }))).toEqual([['q', now.toISOString()]])
  })

  it('leaves out what is dated in the future, and keeps the rest in its place', () => {
    const future = '2026-01-03T03:04:05.001Z'
    const messages = [
      message('q', { at: '2024-06-03T16:00:00.000Z' }),
      message('f1', { parentExternalId: 'q', at: future }),
      message('f2', { parentExternalId: 'f1', at: '2999-01-01T00:00:00.000Z' }),
      message('a', { parentExternalId: 'f2', at: '2026-01-03T03:04:05.000Z' }),
      message('f3', { parentExternalId: 'a', at: future }),
    ]
    const { batches, currentLeaf, altered } = toHistory(conversation(messages), limits, now)
    expect(batches.flat().map((item) => [item.externalId, item.parentExternalId])).toEqual([
      ['q', undefined],
      ['a', 'q'],
    ])
    expect(currentLeaf).toBe('a')
    expect(altered.map(({ code, where }) => [code, where])).toEqual(
      ['f1', 'f2', 'f3'].map((id) => ['FUTURE_DATE', `conversation c1: ${id}`]),
    )
    expect(altered[0]!.reason).toContain(future)
    const undated = conversation([message('q')], { createdAt: '2999-01-01T00:00:00.000Z' })
    expect(timesOf(undated)).toEqual([['q', now.toISOString()]])
  })

  it('is cut into requests that are within both limits and hold everything in order', () => {
    const content = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.integer({ min: 1, max: 4_000 }).map((length) => '\u0001'.repeat(length)),
    )
    fc.assert(
      fc.property(
        fc.array(content, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (texts, count) => {
          const bytes = 30_000
          const messages = texts.map((text, index) => message(`m${index}`, { content: text }))
          const { batches } = toHistory(
            conversation(messages),
            { messages: count, bytes, messageBytes: bytes },
            now,
          )
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(count)
            expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(bytes + 1)
          }
          expect(batches.flat().map((item) => item.content)).toEqual(texts)
        },
      ),
    )
  })

  it('cuts what no request could carry, and says so', () => {
    const messages = [
      message('m', { content: `${'é'.repeat(40_000)}😀` }),
      message('n', { parentExternalId: 'm' }),
    ]
    const { batches, altered, create } = toHistory(
      conversation(messages, { title: 'x'.repeat(501) }),
      { messages: 500, bytes: 10_000, messageBytes: 20_000 },
      now,
    )
    const kept = batches.flat()[0]!.content
    expect(messages[0]!.content.startsWith(kept)).toBe(true)
    expect(kept.length).toBeGreaterThan(7_000)
    expect(Buffer.byteLength(JSON.stringify(batches[0]))).toBeLessThanOrEqual(20_000)
    expect(create.title).toHaveLength(500)
    expect(altered.map((item) => item.code)).toEqual(['TITLE_CUT', 'TEXT_CUT'])
  })

  it('knows conversations of two products apart and keeps ids short', () => {
    const ids = [
      conversationId({ source: 'chatgpt', externalId: 'x' }),
      conversationId({ source: 'claude', externalId: 'x' }),
      conversationId({ source: 'claude', externalId: 'x'.repeat(200) }),
      conversationId({ source: 'claude', externalId: `${'x'.repeat(199)}y` }),
    ]
    expect(new Set(ids).size).toBe(4)
    expect(ids.every((id) => id.length <= 200)).toBe(true)
  })

  it('never cuts a character in half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, length) => {
        const wellFormed = text.toWellFormed()
        const kept = cut(wellFormed, length)
        return kept.isWellFormed() && kept.length <= length && wellFormed.startsWith(kept)
      }),
    )
  })
})
