import { describe, expect, it } from 'vitest'

import { readChatGpt } from './chatgpt.ts'
import { chatGptConversation, chatGptNode, chatGptText } from './fixtures/exports.ts'
import { codesOf, collect, conversationsOf, inPieces, skipsOf } from './fixtures/reading.ts'
import type { ImportedConversation, ImportedMessage, ImportRecord } from './imported.ts'

type Json = Record<string, unknown>

const read = (...conversations: unknown[]): Promise<ImportRecord[]> =>
  collect(readChatGpt(inPieces(JSON.stringify(conversations))))

/** A conversation whose messages follow each other; ids are n0, n1, ... */
function line(...messages: (Json | null)[]): Json {
  const nodes = messages.map((message, index) =>
    chatGptNode(`n${index}`, index === 0 ? null : `n${index - 1}`, message),
  )
  return {
    title: 'T',
    create_time: null,
    mapping: Object.fromEntries(nodes),
    current_node: null,
    conversation_id: 'c',
  }
}

async function readLine(
  ...messages: (Json | null)[]
): Promise<{ messages: ImportedMessage[]; records: ImportRecord[] }> {
  const records = await read(line(...messages))
  return { records, messages: conversationsOf(records)[0]?.messages ?? [] }
}

const content = (type: string, more: Json): Json =>
  chatGptText('assistant', '', { content: { content_type: type, ...more } })

async function textOf(message: Json): Promise<string | undefined> {
  return (await readLine(message)).messages[0]?.content
}

describe('readChatGpt', () => {
  it('keeps every branch and knows on which one the person was', async () => {
    const [conversation] = conversationsOf(await read(chatGptConversation('c1')))
    expect(conversation).toEqual<ImportedConversation>({
      kind: 'conversation',
      source: 'chatgpt',
      externalId: 'c1',
      title: 'About c1',
      createdAt: '2024-06-03T16:00:00.250Z',
      currentLeaf: 'c1-a2',
      characterName: null,
      messages: [
        ['c1-q', null, 'user', 'How long does bread rise?'] as const,
        ['c1-a1', 'c1-q', 'assistant', 'About an hour.'] as const,
        ['c1-a2', 'c1-q', 'assistant', 'Until it has doubled.'] as const,
      ].map(([externalId, parentExternalId, role, text]) => ({
        externalId,
        parentExternalId,
        role,
        speaker: null,
        at: '2024-06-03T16:00:00.250Z',
        content: text,
      })),
    })
  })

  it('reports a hidden node, but not the frame of the tree', async () => {
    expect(skipsOf(await read(chatGptConversation('c1')))).toEqual([
      {
        kind: 'skipped',
        code: 'HIDDEN_MESSAGE',
        where: 'conversation c1: c1-sys',
        reason: '1 message that the product itself hides from the conversation was left out.',
      },
    ])
  })

  it('moves replies to what is left out up to the nearest message that is kept', async () => {
    const hidden = chatGptText('tool', 'secret', { metadata: { is_visually_hidden_from_conversation: true } })
    const { messages, records } = await readLine(
      chatGptText('user', 'Hi'),
      null,
      hidden,
      chatGptText('system', ' '),
      chatGptText('assistant', 'Hello'),
    )
    expect(messages.map((one) => [one.externalId, one.parentExternalId])).toEqual([
      ['n0', null],
      ['n4', 'n0'],
    ])
    expect(codesOf(records)).toEqual(['HIDDEN_MESSAGE', 'EMPTY_MESSAGE'])
  })

  it('takes the nearest kept message for a current node that is left out, and the newest leaf for none', async () => {
    const conversation = line(chatGptText('user', 'Hi'), chatGptText('assistant', ''))
    const [withLeaf] = conversationsOf(await read({ ...conversation, current_node: 'n1' }))
    expect(withLeaf?.currentLeaf).toBe('n0')
    const [without] = conversationsOf(await read({ ...chatGptConversation('c1'), current_node: 'gone' }))
    expect(without?.currentLeaf).toBe('c1-a2')
  })

  it('orders messages by the tree and not by the file', async () => {
    const conversation = chatGptConversation('c1')
    const reversed = Object.fromEntries(Object.entries(conversation['mapping'] as Json).toReversed())
    const [found] = conversationsOf(await read({ ...conversation, mapping: reversed }))
    expect(found?.messages.map((one) => one.externalId)).toEqual(['c1-q', 'c1-a1', 'c1-a2'])
  })

  it('cuts a circle of parents, keeps all its messages and says so', async () => {
    const mapping = Object.fromEntries([
      chatGptNode('a', 'c', chatGptText('user', 'one')),
      chatGptNode('b', 'a', chatGptText('assistant', 'two')),
      chatGptNode('c', 'b', chatGptText('user', 'three')),
    ])
    const records = await read({ title: 'T', conversation_id: 'c', mapping, current_node: 'c' })
    expect(conversationsOf(records)[0]?.messages.map((one) => one.content)).toEqual(['one', 'two', 'three'])
    expect(skipsOf(records)).toMatchObject([{ code: 'CYCLE', where: 'conversation c: a' }])
  })

  describe('content', () => {
    it('joins parts and marks pictures, sounds and files', async () => {
      const picture = { content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_1', width: 10 }
      const voice = {
        content_type: 'real_time_user_audio_video_asset_pointer',
        audio_asset_pointer: { asset_pointer: 'sediment://a' },
      }
      const heard = { content_type: 'audio_transcription', text: 'What is this?' }
      const message = chatGptText('user', '', {
        content: { content_type: 'multimodal_text', parts: [picture, heard, voice, 'A bird.', '', null, 7] },
        metadata: { attachments: [{ id: 'file-1', name: 'bird.png' }, { id: 'file-2' }] },
      })
      expect(await textOf(message)).toBe(
        '[image: sediment://file_1]\n\nWhat is this?\n\n[audio: sediment://a]\n\nA bird.\n\n[file: bird.png]\n[file: file-2]',
      )
    })

    it('fences code, with a fence that the code does not contain', async () => {
      expect(await textOf(content('code', { language: 'python', text: 'print(1)' }))).toBe(
        '```python\nprint(1)\n```',
      )
      expect(await textOf(content('code', { language: 'unknown', text: 'a```b' }))).toBe('````\na```b\n````')
    })

    it('reads what tools returned', async () => {
      const tool = (type: string, more: Json): Json => ({
        ...content(type, more),
        author: { role: 'tool', name: 'python' },
      })
      const { messages } = await readLine(tool('execution_output', { text: '42' }))
      expect(messages).toMatchObject([{ role: 'tool', speaker: 'python', content: '42' }])
      expect(
        await textOf(tool('tether_quote', { url: 'https://example.org', title: 'T', text: 'quoted' })),
      ).toBe('T\n\nhttps://example.org\n\nquoted')
      expect(await textOf(tool('tether_browsing_display', { result: 'found', summary: null }))).toBe('found')
      expect(await textOf(tool('system_error', { name: 'Error', text: 'no access' }))).toBe(
        'Error\n\nno access',
      )
      expect(await textOf(tool('something_new', { text: 'readable' }))).toBe('readable')
    })

    it('keeps standing instructions as a system message even though they are hidden', async () => {
      const hidden = { is_visually_hidden_from_conversation: true }
      const newer = chatGptText('user', '', {
        content: {
          content_type: 'user_editable_context',
          user_profile: 'I bake.',
          user_instructions: 'Be brief.',
        },
        metadata: hidden,
      })
      const older = chatGptText('system', '', {
        metadata: {
          is_user_system_message: true,
          user_context_message_data: { about_user_message: 'I bake.', about_model_message: 'Be brief.' },
        },
      })
      for (const message of [newer, older]) {
        expect((await readLine(message)).messages).toMatchObject([
          { role: 'system', content: 'I bake.\n\nBe brief.' },
        ])
      }
    })

    it('leaves out reasoning and unreadable kinds, and names the reason', async () => {
      const thoughts = content('thoughts', { thoughts: [{ summary: 'a', content: 'b' }] })
      const recap = content('reasoning_recap', { content: 'Thought for 3 s' })
      const { messages, records } = await readLine(
        chatGptText('user', 'Hi'),
        thoughts,
        recap,
        content('hologram', { data: [1] }),
      )
      expect(messages).toHaveLength(1)
      expect(skipsOf(records)).toMatchObject([
        {
          code: 'MODEL_REASONING',
          where: 'conversation c: n1, n2',
          reason: expect.stringContaining('2 pieces'),
        },
        { code: 'UNSUPPORTED_CONTENT', where: 'conversation c: n3' },
      ])
    })

    it('keeps a message of an unknown role as a tool message with the role as its speaker', async () => {
      const { messages, records } = await readLine(chatGptText('critic', 'Too long.'))
      expect(messages).toMatchObject([{ role: 'tool', speaker: 'critic', content: 'Too long.' }])
      expect(codesOf(records)).toEqual(['UNKNOWN_ROLE'])
    })

    it('replaces what a database cannot store and reports it once for the whole conversation', async () => {
      const { messages, records } = await readLine(
        chatGptText('user', 'a\u0000b\ud800'),
        chatGptText('assistant', '\udc00 \u{1f600}'),
      )
      expect(messages.map((one) => one.content)).toEqual(['a\ufffdb\ufffd', '\ufffd \u{1f600}'])
      expect(skipsOf(records)).toMatchObject([
        {
          code: 'REPLACED_CHARACTERS',
          where: 'conversation c',
          reason: expect.stringContaining('3 characters'),
        },
      ])
    })
  })

  describe('ids', () => {
    it('are hashes of the content where a conversation has none', async () => {
      const { conversation_id: _, id: __, ...nameless } = chatGptConversation('c1')
      const [first, second] = conversationsOf(await read(nameless, { ...nameless, title: 'Other' }))
      const [again] = conversationsOf(await read({ ...nameless }))
      expect(first?.externalId).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(again?.externalId).toBe(first?.externalId)
      expect(second?.externalId).not.toBe(first?.externalId)
    })

    it('are hashes where the own id cannot be stored, and stay linked', async () => {
      const long = 'x'.repeat(5000)
      const mapping = Object.fromEntries([
        chatGptNode('a\u0000', null, chatGptText('user', 'one')),
        chatGptNode(long, 'a\u0000', chatGptText('assistant', 'two')),
      ])
      const [found] = conversationsOf(
        await read({ title: 'T', conversation_id: 'c', mapping, current_node: long }),
      )
      const [first, second] = found?.messages ?? []
      expect(first?.externalId).toMatch(/^sha256:/)
      expect(second?.externalId).toMatch(/^sha256:/)
      expect(second?.parentExternalId).toBe(first?.externalId)
      expect(found?.currentLeaf).toBe(second?.externalId)
    })
  })

  describe('damage', () => {
    it('reads a message of 130,000 parts', async () => {
      const parts = Array.from({ length: 130_000 }, () => 'x')
      expect((await textOf(content('text', { parts })))?.length).toBe(390_000 - 2)
    })

    it('passes over what is no conversation and one without text, and goes on', async () => {
      const records = await read(null, { title: 'x' }, line(null), chatGptConversation('c4'))
      expect(conversationsOf(records).map((one) => one.externalId)).toEqual(['c4'])
      expect(skipsOf(records).slice(0, 3)).toMatchObject([
        { code: 'NOT_A_CONVERSATION', where: 'conversation 1 of the file' },
        { code: 'NOT_A_CONVERSATION', where: 'conversation 2 of the file' },
        { code: 'EMPTY_CONVERSATION', where: 'conversation c' },
      ])
    })

    it('passes over nodes that are not nodes', async () => {
      const mapping = {
        ...(line(chatGptText('user', 'Hi'))['mapping'] as Json),
        x: 5,
        y: { message: 'no', parent: 'n0' },
      }
      const records = await read({ ...line(), mapping })
      expect(conversationsOf(records)[0]?.messages).toHaveLength(1)
      expect(skipsOf(records)).toMatchObject([{ code: 'NOT_A_MESSAGE', where: 'conversation c: x, y' }])
    })

    it('yields everything before the place where the file ends, then says so', async () => {
      const text = JSON.stringify([
        chatGptConversation('c1'),
        chatGptConversation('c2'),
        chatGptConversation('c3'),
      ])
      const cut = text.slice(0, text.indexOf('About c3') + 40)
      const records = await collect(readChatGpt(inPieces(cut)))
      expect(conversationsOf(records).map((one) => one.externalId)).toEqual(['c1', 'c2'])
      expect(records.at(-1)).toEqual({
        kind: 'skipped',
        code: 'TRUNCATED_FILE',
        where: 'conversation 3 of the file',
        reason: 'The file ends in the middle of conversation 3 of the file; everything before it was read.',
      })
    })

    it('loses one conversation to broken JSON and reads the rest', async () => {
      const text = ['c1', 'c2', 'c3'].map((id) => JSON.stringify(chatGptConversation(id), null, 2))
      const broken = `[${text[0]},${text[1]?.replace('"parts"', '"parts')},${text[2]}]`
      const records = await collect(readChatGpt(inPieces(broken)))
      expect(conversationsOf(records).map((one) => one.externalId)).toEqual(['c1', 'c3'])
      expect(codesOf(records)).toContain('BROKEN_JSON')
    })

    it('keeps a conversation whose bytes are not all UTF-8', async () => {
      const bytes = Buffer.from(JSON.stringify([chatGptConversation('c1', 'Where is Zürich?')]))
      bytes[bytes.indexOf(Buffer.from('ü'))] = 0xff
      for (const size of [1, 3, 64]) {
        const records = await collect(readChatGpt(inPieces(bytes, size)))
        expect(conversationsOf(records)[0]?.messages[0]?.content).toBe('Where is Z\ufffd\ufffdrich?')
        expect(codesOf(records).at(-1)).toBe('INVALID_UTF8')
      }
    })
  })
})
