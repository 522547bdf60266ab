import { describe, expect, it } from 'vitest'

import { readClaude } from './claude.ts'
import { claudeConversation, claudeMessage } from './fixtures/exports.ts'
import { codesOf, collect, conversationsOf, inPieces, skipsOf } from './fixtures/reading.ts'
import type { ImportedConversation, ImportedMessage, ImportRecord } from './imported.ts'

type Json = Record<string, unknown>

const read = (...conversations: unknown[]): Promise<ImportRecord[]> =>
  collect(readClaude(inPieces(JSON.stringify(conversations))))

async function readMessages(
  ...messages: unknown[]
): Promise<{ messages: ImportedMessage[]; records: ImportRecord[] }> {
  const records = await read(claudeConversation('c', messages as Json[]))
  return { records, messages: conversationsOf(records)[0]?.messages ?? [] }
}

const rootParent = '00000000-0000-4000-8000-000000000000'

describe('readClaude', () => {
  it('reads a conversation of the older form as one line of messages', async () => {
    const at = '2025-03-04T08:15:30.123Z'
    expect(await read(claudeConversation('c1'))).toEqual<ImportedConversation[]>([
      {
        kind: 'conversation',
        source: 'claude',
        externalId: 'c1',
        title: 'About c1',
        createdAt: '2025-03-04T08:15:00.000Z',
        currentLeaf: 'c1-2',
        characterName: null,
        messages: [
          {
            externalId: 'c1-1',
            parentExternalId: null,
            role: 'user',
            speaker: null,
            at,
            content: 'Which tea has no caffeine?',
          },
          {
            externalId: 'c1-2',
            parentExternalId: 'c1-1',
            role: 'assistant',
            speaker: null,
            at,
            content: 'Rooibos has none.',
          },
        ],
      },
    ])
  })

  it('keeps the branches that parent_message_uuid tells of', async () => {
    const conversation = claudeConversation('c', [
      claudeMessage('a', 'human', 'First try', { parent_message_uuid: rootParent }),
      claudeMessage('b', 'assistant', 'First reply', { parent_message_uuid: 'a' }),
      claudeMessage('c', 'human', 'Second try', { parent_message_uuid: rootParent }),
      claudeMessage('d', 'assistant', '', { parent_message_uuid: 'c', content: [] }),
      claudeMessage('e', 'human', 'Still there?', { parent_message_uuid: 'd' }),
    ])
    const [found] = conversationsOf(await read({ ...conversation, current_leaf_message_uuid: 'b' }))
    expect(found?.messages.map((one) => [one.externalId, one.parentExternalId])).toEqual([
      ['a', null],
      ['b', 'a'],
      ['c', null],
      ['e', 'c'],
    ])
    expect(found?.currentLeaf).toBe('b')
    expect(conversationsOf(await read(conversation))[0]?.currentLeaf).toBe('e')
  })

  it('prefers the blocks, because the flat text replaces other blocks by a remark or is empty', async () => {
    const blocks = [
      { type: 'text', text: 'Let me look.' },
      { type: 'thinking', thinking: 'private' },
      { type: 'tool_use', name: 'web_search', input: { query: 'tea' } },
      { type: 'tool_result', name: 'web_search', content: [{ type: 'text', text: 'long page' }] },
      { type: 'token_budget' },
      { type: 'text', text: 'Found it.' },
    ]
    const { messages, records } = await readMessages(
      claudeMessage('a', 'assistant', 'This block is not supported on your current device yet.', {
        content: blocks,
      }),
      claudeMessage('b', 'assistant', 'Only the flat text.', { content: [] }),
    )
    expect(messages.map((one) => one.content)).toEqual([
      'Let me look.\n\n[tool: web_search]\n```json\n{\n  "query": "tea"\n}\n```\n\nFound it.',
      'Only the flat text.',
    ])
    expect(codesOf(records)).toEqual(['MODEL_REASONING', 'TOOL_RESULT'])
  })

  it('keeps what was written into an artifact', async () => {
    const input = { command: 'create', title: 'Poem', language: 'markdown', content: '# Tea\n```' }
    const { messages } = await readMessages(
      claudeMessage('a', 'assistant', '', { content: [{ type: 'tool_use', name: 'artifacts', input }] }),
    )
    expect(messages[0]?.content).toBe('[tool: artifacts]\nPoem\n\n````markdown\n# Tea\n```\n````')
  })

  it('appends the text of attachments between markers and lists files once', async () => {
    const { messages } = await readMessages(
      claudeMessage('a', 'human', 'See these', {
        attachments: [
          { file_name: 'notes.txt', file_type: 'txt', file_size: 9, extracted_content: 'Buy tea.' },
          { file_name: '', extracted_content: 'Pasted.' },
          { file_name: 'empty.bin', extracted_content: '' },
        ],
        files: [{ file_name: 'leaf.png' }, { file_uuid: 'f-2' }],
        files_v2: [{ file_name: 'leaf.png' }],
      }),
    )
    expect(messages[0]?.content).toBe(
      'See these\n\n[attachment: notes.txt]\nBuy tea.\n[end of attachment: notes.txt]\n\n' +
        '[attachment]\nPasted.\n[end of attachment]\n\n[attachment: empty.bin]\n\n[file: leaf.png]\n[file: f-2]',
    )
  })

  it('keeps a message that consists of an attachment only', async () => {
    const attachments = [{ file_name: 'a.txt', extracted_content: 'All I wanted to say.' }]
    const { messages } = await readMessages(claudeMessage('a', 'human', '', { content: [], attachments }))
    expect(messages[0]?.content).toContain('All I wanted to say.')
  })

  it('gives messages without an id and with a repeated one ids made of their content', async () => {
    const nameless = { ...claudeMessage('', 'human', 'Hi'), uuid: undefined }
    const input = [nameless, claudeMessage('a', 'assistant', 'Hello'), claudeMessage('a', 'human', 'Again')]
    const { messages, records } = await readMessages(...input)
    expect(messages.map((one) => one.externalId)).toEqual([
      expect.stringMatching(/^sha256:/),
      'a',
      expect.stringMatching(/^sha256:/),
    ])
    expect(new Set(messages.map((one) => one.externalId)).size).toBe(3)
    expect(codesOf(records)).toEqual(['REPEATED_ID'])
    expect((await readMessages(...input)).messages).toEqual(messages)
  })

  it('reports unknown senders, unreadable dates and characters that cannot be stored', async () => {
    const { messages, records } = await readMessages(
      claudeMessage('a', 'robot', 'beep', { created_at: 'last week' }),
      claudeMessage('b', 'human', 'x\u0000'),
      17,
    )
    expect(messages).toMatchObject([
      { role: 'tool', speaker: 'robot', at: null },
      { role: 'user', content: 'x\ufffd' },
    ])
    expect(codesOf(records)).toEqual([
      'UNKNOWN_ROLE',
      'UNREADABLE_DATE',
      'NOT_A_MESSAGE',
      'REPLACED_CHARACTERS',
    ])
  })

  it('cuts a circle of parents', async () => {
    const { messages, records } = await readMessages(
      claudeMessage('a', 'human', 'one', { parent_message_uuid: 'b' }),
      claudeMessage('b', 'assistant', 'two', { parent_message_uuid: 'a' }),
    )
    expect(messages.map((one) => one.parentExternalId)).toEqual([null, 'a'])
    expect(codesOf(records)).toEqual(['CYCLE'])
  })

  it('loses one conversation to broken JSON and reads the rest', async () => {
    const texts = ['c1', 'c2', 'c3'].map((id) => JSON.stringify(claudeConversation(id)))
    const broken = `[${texts[0]},${texts[1]?.replace('"sender":', '"sender"')},${texts[2]}]`
    const records = await collect(readClaude(inPieces(broken)))
    expect(conversationsOf(records).map((one) => one.externalId)).toEqual(['c1', 'c3'])
    expect(skipsOf(records)).toMatchObject([{ code: 'BROKEN_JSON', where: 'conversation 2 of the file' }])
  })

  it('yields everything before the place where the file ends, then says so', async () => {
    const text = JSON.stringify([claudeConversation('c1'), claudeConversation('c2')])
    const records = await collect(readClaude(inPieces(text.slice(0, -30))))
    expect(conversationsOf(records).map((one) => one.externalId)).toEqual(['c1'])
    expect(codesOf(records)).toEqual(['TRUNCATED_FILE'])
  })

  it('reports a conversation that was never begun', async () => {
    expect(await read(claudeConversation('c', []))).toMatchObject([
      { code: 'EMPTY_CONVERSATION', where: 'conversation c' },
    ])
  })
})
