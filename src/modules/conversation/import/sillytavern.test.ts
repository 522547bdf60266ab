import { describe, expect, it } from 'vitest'

import { jsonLines, sillyTavernHeader, sillyTavernLine as line } from './fixtures/exports.ts'
import { codesOf, collect, conversationsOf, heldBytes, inPieces, skipsOf } from './fixtures/reading.ts'
import type { ImportedConversation, ImportRecord } from './imported.ts'
import { readChatLine } from './sillytavern-message.ts'
import { readSillyTavern } from './sillytavern.ts'

const readText = (text: string | Uint8Array, name = 'Evening.jsonl'): Promise<ImportRecord[]> =>
  collect(readSillyTavern(inPieces(text), name))

async function read(
  ...lines: unknown[]
): Promise<{ chat: ImportedConversation | undefined; records: ImportRecord[] }> {
  const records = await readText(jsonLines(...lines))
  return { chat: conversationsOf(records)[0], records }
}

const tree = (chat: ImportedConversation | undefined): [string, string | undefined][] =>
  (chat?.messages ?? []).map((one) => [
    one.content,
    chat?.messages.find((other) => other.externalId === one.parentExternalId)?.content,
  ])

const opening = [sillyTavernHeader, line('Robbie', 'Good evening.'), line('Ann', 'Hello!')]

describe('readSillyTavern', () => {
  it('reads a chat with its names, dates and title', async () => {
    const { chat, records } = await read(...opening)
    expect(records).toHaveLength(1)
    expect(chat).toMatchObject({
      source: 'sillytavern',
      title: 'Evening',
      characterName: 'Robbie',
      createdAt: '2024-06-03T16:02:12.123Z',
      currentLeaf: chat?.messages[1]?.externalId,
      messages: [
        {
          role: 'assistant',
          speaker: 'Robbie',
          at: '2024-06-03T16:02:00.000Z',
          content: 'Good evening.',
          parentExternalId: null,
        },
        { role: 'user', speaker: 'Ann', content: 'Hello!', parentExternalId: chat?.messages[0]?.externalId },
      ],
    })
  })

  it('puts the chosen swipe on the main line and the others beside it', async () => {
    const swiped = line('Robbie', 'Two', { swipes: ['One', 'Two', 'Three', 'One', ''], swipe_id: 1 })
    const { chat } = await read(...opening, swiped, line('Ann', 'Fine.'))
    expect(tree(chat)).toEqual([
      ['Good evening.', undefined],
      ['Hello!', 'Good evening.'],
      ['Two', 'Hello!'],
      ['Fine.', 'Two'],
      ['One', 'Hello!'],
      ['Three', 'Hello!'],
    ])
    expect(chat?.messages.find((one) => one.externalId === chat.currentLeaf)?.content).toBe('Fine.')
  })

  it('gives each swipe its own time', async () => {
    const infos = [{ send_date: '2024-06-03T10:00:00Z' }, { send_date: '2024-06-03T11:00:00Z' }, {}]
    const swiped = line('Robbie', 'B', {
      swipes: ['A', 'B', 'C'],
      swipe_id: 1,
      swipe_info: infos,
      send_date: '2024-06-03T11:00:00Z',
    })
    const { chat } = await read(sillyTavernHeader, swiped)
    expect(chat?.messages.map((one) => [one.content, one.at?.slice(11, 13)])).toEqual([
      ['B', '11'],
      ['A', '10'],
      ['C', '11'],
    ])
  })

  it('keeps the ids of what was there when a chat grows or another swipe is chosen', async () => {
    const swipes = { swipes: ['One', 'Two'], swipe_id: 0 }
    const before = (await read(...opening, line('Robbie', 'One', swipes))).chat
    const after = (
      await read(...opening, line('Robbie', 'Two', { ...swipes, swipe_id: 1 }), line('Ann', 'More'))
    ).chat
    const ids = new Map(after?.messages.map((one) => [one.content, one.externalId]))
    expect(after?.externalId).toBe(before?.externalId)
    for (const message of before?.messages ?? []) expect(ids.get(message.content)).toBe(message.externalId)
  })

  it('makes a branch of everything after a message that was edited', async () => {
    const before = (await read(...opening, line('Robbie', 'Yes.'))).chat
    const after = (
      await read(
        sillyTavernHeader,
        line('Robbie', 'Good evening.'),
        line('Ann', 'Hello?'),
        line('Robbie', 'Yes.'),
      )
    ).chat
    const known = new Set(before?.messages.map((one) => one.externalId))
    expect(after?.messages.map((one) => known.has(one.externalId))).toEqual([true, false, false])
  })

  it('tells chats apart by integrity, by header, and failing both by the first message', async () => {
    const id = async (...lines: unknown[]): Promise<string | undefined> =>
      (await read(...lines)).chat?.externalId
    const newer = (integrity: string) => ({
      chat_metadata: { integrity },
      user_name: 'unused',
      character_name: 'unused',
    })
    const message = line('Robbie', 'Hi')
    expect(await id(newer('i-1'), message)).not.toBe(await id(newer('i-2'), message))
    expect(await id(newer('i-1'), message)).toBe(await id(newer('i-1'), line('Robbie', 'Other')))
    expect(await id(sillyTavernHeader, message)).not.toBe(
      await id({ ...sillyTavernHeader, create_date: '2024-01-01@00h00m00s' }, message),
    )
    expect(await id(message)).not.toBe(await id(line('Robbie', 'Other')))
    expect(await id(message)).toBe(await id(message, line('Ann', 'Later')))
  })

  it('finds the character in the lines when a newer header says "unused", and reads a chat without a header', async () => {
    const lines = [
      line('Ann', 'Hi'),
      line('Note', 'Rain.', { extra: { type: 'narrator' } }),
      line('Mia', 'Hello'),
    ]
    const header = { chat_metadata: {}, user_name: 'unused', character_name: 'unused' }
    for (const { chat } of [await read(header, ...lines), await read(...lines)]) {
      expect(chat?.characterName).toBe('Mia')
      expect(chat?.messages.map((one) => one.role)).toEqual(['user', 'system', 'assistant'])
    }
  })

  it('takes hidden messages of the character or the person as theirs, and the program’s own as system', async () => {
    const hidden = { is_system: true }
    const { chat } = await read(
      sillyTavernHeader,
      line('Robbie', 'a', hidden),
      line('Ann', 'b', hidden),
      line('SillyTavern System', 'c', hidden),
    )
    expect(chat?.messages.map((one) => one.role)).toEqual(['assistant', 'user', 'system'])
  })

  it('marks pictures and files, reads texts kept one level deeper, and leaves out reasoning and empty lines', async () => {
    const extra = {
      image: 'user/images/tea.png',
      files: [{ name: 'a.txt' }],
      media: [{ url: 'data:image/png;base64,AAAA' }],
      reasoning: 'hm',
    }
    const { chat, records } = await read(
      sillyTavernHeader,
      line('Robbie', 'Look', { extra }),
      line('Ann', ''),
      line('Robbie', '', {
        mes: { message: 'Deeper' },
        swipes: [{ message: 'Deeper' }, { message: 'Other' }],
      }),
    )
    expect(tree(chat)).toEqual([
      ['Look\n\n[image: user/images/tea.png]\n[image]\n[file: a.txt]', undefined],
      ['Deeper', 'Look\n\n[image: user/images/tea.png]\n[image]\n[file: a.txt]'],
      ['Other', 'Look\n\n[image: user/images/tea.png]\n[image]\n[file: a.txt]'],
    ])
    expect(skipsOf(records)).toMatchObject([
      { code: 'MODEL_REASONING', where: expect.stringContaining('line 2') },
      { code: 'EMPTY_MESSAGE', where: expect.stringContaining('line 3') },
    ])
  })

  it('keeps a message whose date nobody understands', async () => {
    const { chat, records } = await read(sillyTavernHeader, line('Robbie', 'Hi', { send_date: '３日' }))
    expect(chat?.messages[0]).toMatchObject({ content: 'Hi', at: null })
    expect(codesOf(records)).toEqual(['UNREADABLE_DATE'])
  })

  it('replaces what cannot be stored and reports it once', async () => {
    const { chat, records } = await read(sillyTavernHeader, line('Robbie', 'a\u0000'), line('Ann', '\ud83d'))
    expect(chat?.messages.map((one) => one.content)).toEqual(['a\ufffd', '\ufffd'])
    expect(codesOf(records)).toEqual(['REPLACED_CHARACTERS'])
  })

  it('passes over a broken line by its number and reads the others', async () => {
    const text = `${jsonLines(...opening)}{"name":"Ann","mes":"Hel\n\n5\n${jsonLines(line('Robbie', 'Still here.'))}`
    const records = await readText(text.replaceAll('\n', '\r\n'))
    expect(conversationsOf(records)[0]?.messages.map((one) => one.content)).toEqual([
      'Good evening.',
      'Hello!',
      'Still here.',
    ])
    expect(skipsOf(records)).toMatchObject([
      { code: 'BROKEN_JSON', where: 'line 4' },
      { code: 'NOT_A_MESSAGE', where: 'line 6' },
    ])
  })

  it('says so when the file ends in the middle of a line', async () => {
    const records = await readText(jsonLines(...opening, line('Robbie', 'Lost')).slice(0, -10))
    expect(conversationsOf(records)[0]?.messages).toHaveLength(2)
    expect(codesOf(records)).toEqual(['TRUNCATED_FILE'])
  })

  it('reads a last line without its end, and reports a chat without messages', async () => {
    expect(conversationsOf(await readText(jsonLines(...opening).trimEnd()))[0]?.messages).toHaveLength(2)
    expect(codesOf(await readText(jsonLines(sillyTavernHeader)))).toEqual(['EMPTY_CONVERSATION'])
  })

  it('passes over a line that is longer than any message without holding it', async () => {
    const before = heldBytes()
    let held = 0
    async function* long(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(jsonLines(...opening))
      for (let piece = 0; piece < 40; piece += 1) yield Buffer.alloc(1024 * 1024, 'x')
      held = heldBytes() - before
      yield Buffer.from(`\n${jsonLines(line('Robbie', 'After.'))}`)
    }
    const records = await collect(readSillyTavern(long(), 'a.jsonl'))
    expect(conversationsOf(records)[0]?.messages.map((one) => one.content)).toContain('After.')
    expect(skipsOf(records)).toMatchObject([{ code: 'TOO_LARGE', where: 'line 4' }])
    expect(held).toBeLessThan(20e6)
  })

  it('reads a file that begins with a byte-order mark', async () => {
    const records = await readText(`\ufeff${jsonLines(...opening)}`)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({ kind: 'conversation', createdAt: '2024-06-03T16:02:12.123Z' })
  })

  it('lists a few places of what it left out, and how many more there are', async () => {
    const { records } = await read(...opening, ...Array.from({ length: 8 }, () => line('Ann', ' ')))
    expect(skipsOf(records)).toMatchObject([
      {
        where: expect.stringMatching(/: line 4, line 5, line 6, line 7, line 8 and 3 more$/),
        reason: '8 messages without any text were left out.',
      },
    ])
  })
})

describe('readChatLine', () => {
  it('names every other answer once', () => {
    const swiped = line('Robbie', 'Two', { swipes: ['One', 'Two', 'One', 'Three', 'Two'], swipe_id: 4 })
    expect(readChatLine(swiped).others.map((swipe) => swipe.text)).toEqual(['One', 'Three'])
  })

  it('takes mes where swipe_id names no answer, and keeps mes beside an answer that differs from it', () => {
    expect(readChatLine(line('Robbie', 'Own', { swipes: ['One'], swipe_id: 7 }))).toMatchObject({
      chosen: { text: 'Own' },
      others: [{ text: 'One' }],
    })
    expect(readChatLine(line('Robbie', 'Own', { swipes: ['One', 'Two'], swipe_id: 1 }))).toMatchObject({
      chosen: { text: 'Two' },
      others: [{ text: 'One' }, { text: 'Own' }],
    })
  })
})
