import { deflateSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { readCardJson, readCardPng } from './character-card.ts'
import { cardChunk, cardV2, png, pngChunk } from './fixtures/exports.ts'
import { charactersOf, codesOf, skipsOf } from './fixtures/reading.ts'
import type { ImportedCharacter, ImportRecord } from './imported.ts'

const json = (card: unknown): ImportRecord[] => readCardJson(Buffer.from(JSON.stringify(card)))
const only = (records: ImportRecord[]): ImportedCharacter | undefined => charactersOf(records)[0]
const base64 = (card: unknown): string => Buffer.from(JSON.stringify(card)).toString('base64')
const named = (name: string): unknown => cardV2({ name })

describe('readCardJson', () => {
  it('reads a V2 card with every field', () => {
    expect(json(cardV2())).toEqual([
      {
        kind: 'character',
        source: 'character-card',
        externalId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        name: 'Robbie',
        description: 'A warm and direct copilot.',
        personality: 'Playful, exact.',
        scenario: 'An office in the evening.',
        firstMessage: 'There you are!',
        exampleDialogue: '<START>\n{{user}}: Hi\n{{char}}: Hello!',
        systemPrompt: 'You are {{char}}.',
        postHistoryInstructions: 'Stay in character.',
        creator: 'Ann',
        creatorNotes: 'Best with short replies.',
        characterVersion: '1.2',
        alternateGreetings: ['Back already?', 'Coffee first.'],
        tags: ['copilot', 'warm'],
        book: expect.objectContaining({
          entries: [expect.objectContaining({ content: 'It has a green door.' })],
        }),
        extensions: { 'example/voice': { pitch: 3 }, 'robbieverse/card': { spec: 'chara_card_v2' } },
      },
    ])
  })

  it('reads a V1 card', () => {
    const v1 = {
      name: 'Mia',
      description: 'd',
      personality: 'p',
      scenario: 's',
      first_mes: 'f',
      mes_example: 'm',
      avatar: 'none',
    }
    expect(json(v1)).toMatchObject([
      {
        name: 'Mia',
        firstMessage: 'f',
        exampleDialogue: 'm',
        systemPrompt: '',
        tags: [],
        book: null,
        extensions: { 'robbieverse/card': { spec: 'chara_card_v1', avatar: 'none' } },
      },
    ])
  })

  it('reads a V3 card and keeps the fields that only V3 has', () => {
    const { data } = cardV2({ nickname: 'Rob', group_only_greetings: ['All here?'] }) as { data: unknown }
    expect(only(json({ spec: 'chara_card_v3', spec_version: '3.0', data }))).toMatchObject({
      name: 'Robbie',
      extensions: {
        'robbieverse/card': { spec: 'chara_card_v3', nickname: 'Rob', group_only_greetings: ['All here?'] },
      },
    })
  })

  it('gives equal cards equal ids, whatever their order of keys, container or extensions', () => {
    const { data } = cardV2() as { data: Record<string, unknown> }
    const id = only(json(cardV2()))?.externalId
    const turned = (value: unknown): Record<string, unknown> =>
      Object.fromEntries(Object.entries(value as object).toReversed())
    const other = { ...turned(data), character_book: turned(data['character_book']) }
    expect(only(json({ data: other, spec: 'x' }))?.externalId).toBe(id)
    expect(only(json(cardV2({ extensions: { fav: true } })))?.externalId).toBe(id)
    expect(only(readCardPng(png(cardChunk('chara', cardV2()))))?.externalId).toBe(id)
    expect(only(json(cardV2({ first_mes: 'Other' })))?.externalId).not.toBe(id)
    expect(only(json(cardV2({ character_book: null })))?.externalId).not.toBe(id)
  })

  it('leaves out fields of a wrong type by name and keeps the rest', () => {
    const records = json(
      cardV2({
        description: 5,
        tags: ['a', 1, 'b'],
        alternate_greetings: 'x',
        extensions: [],
        creator: null,
      }),
    )
    expect(only(records)).toMatchObject({
      description: '',
      tags: ['a', 'b'],
      alternateGreetings: [],
      creator: '',
    })
    expect(skipsOf(records)).toMatchObject([
      {
        code: 'MALFORMED_FIELD',
        reason: expect.stringContaining('description, alternate_greetings, tags, extensions'),
      },
    ])
  })

  it('cleans texts, the book and the extensions, and reports it once', () => {
    const records = json(
      cardV2({ name: 'Rob\u0000', character_book: { 'k\u0000': ['\ud800'] }, extensions: { a: '\u0000' } }),
    )
    expect(only(records)).toMatchObject({
      name: 'Rob\ufffd',
      book: { 'k\ufffd': ['\ufffd'] },
      extensions: { a: '\ufffd' },
    })
    expect(codesOf(records)).toEqual(['REPLACED_CHARACTERS'])
  })

  it('keeps a key named __proto__ from becoming a prototype', () => {
    const text = JSON.stringify(cardV2()).replace('"example/voice"', '"__proto__"')
    const extensions = only(readCardJson(Buffer.from(text)))?.extensions
    expect(Object.getPrototypeOf(extensions)).toBe(Object.prototype)
    expect(Object.getPrototypeOf(extensions?.['robbieverse/card'])).toBe(Object.prototype)
  })

  it('reports a card without a name, JSON that is no card, broken JSON and JSON that nests too deeply', () => {
    expect(codesOf(json(cardV2({ name: ' ' })))).toEqual(['CARD_WITHOUT_NAME'])
    expect(codesOf(json({ hello: 1 }))).toEqual(['NO_CARD'])
    expect(codesOf(readCardJson(Buffer.from('{"spec":')))).toEqual(['BROKEN_JSON'])
    const deep = `{"name":"x","first_mes":"y","extensions":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(codesOf(readCardJson(Buffer.from(deep)))).toEqual(['TOO_DEEP'])
  })

  it('does not read a card of more values than fit into memory', () => {
    const text = JSON.stringify(cardV2({ extensions: 'HERE' })).replace(
      '"HERE"',
      `{"x":[${'{},'.repeat(1_000_000)}{}]}`,
    )
    expect(codesOf(readCardJson(Buffer.from(text)))).toEqual(['TOO_LARGE'])
  })

  it('reads a card whose bytes are not all UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify(named('Zo\u00eb')))
    bytes[bytes.indexOf(Buffer.from('\u00eb'))] = 0xfe
    expect(only(readCardJson(bytes))?.name).toBe('Zo\ufffd\ufffd')
    expect(codesOf(readCardJson(bytes))).toEqual(['INVALID_UTF8'])
  })
})

describe('readCardPng', () => {
  it('prefers ccv3 to chara, wherever they stand', () => {
    const chunks = [cardChunk('chara', named('Two')), cardChunk('ccv3', named('Three'))]
    expect(only(readCardPng(png(...chunks)))?.name).toBe('Three')
    expect(only(readCardPng(png(...chunks.toReversed())))?.name).toBe('Three')
  })

  it('reads tEXt, zTXt and iTXt, compressed and not, with a keyword in any case', () => {
    const chunks = [
      pngChunk('tEXt', Buffer.from(`Chara\0${base64(named('A'))}`)),
      pngChunk('zTXt', Buffer.concat([Buffer.from('chara\0\0'), deflateSync(base64(named('A')))])),
      pngChunk('iTXt', Buffer.from(`chara\0\0\0en\0\0${base64(named('A'))}`)),
      pngChunk('iTXt', Buffer.concat([Buffer.from('chara\0\u0001\0\0\0'), deflateSync(base64(named('A')))])),
      pngChunk('iTXt', Buffer.from(`chara\0\0\0\0\0${JSON.stringify(named('A'))}`)),
    ]
    for (const chunk of chunks)
      expect(readCardPng(png(chunk))).toMatchObject([{ kind: 'character', name: 'A' }])
  })

  it('does not use a text whose checksum is wrong, and takes the other one', () => {
    const broken = pngChunk('tEXt', Buffer.from(`ccv3\0${base64(named('Three'))}`), 12345)
    const records = readCardPng(png(broken, cardChunk('chara', named('Two'))))
    expect(only(records)?.name).toBe('Two')
    expect(skipsOf(records)).toMatchObject([{ code: 'BROKEN_CHUNK', where: 'chunk 2 (tEXt)' }])
  })

  it('falls back on chara when ccv3 is no card', () => {
    const records = readCardPng(
      png(pngChunk('tEXt', Buffer.from('ccv3\0bm9wZQ==')), cardChunk('chara', named('Two'))),
    )
    expect(only(records)?.name).toBe('Two')
    expect(skipsOf(records)).toMatchObject([{ code: 'BROKEN_JSON', where: 'chunk 2 (tEXt), ccv3' }])
  })

  it('does not unpack a small chunk into a flood', () => {
    const bomb = Buffer.concat([Buffer.from('chara\0\0'), deflateSync(Buffer.alloc(40 * 1024 * 1024))])
    expect(bomb.length).toBeLessThan(100_000)
    const records = readCardPng(png(pngChunk('zTXt', bomb)))
    expect(codesOf(records)).toEqual(['NO_CARD', 'TOO_LARGE'])
  })

  it('reports text chunks that cannot be unpacked', () => {
    for (const data of ['no end', 'chara\0\u0007abc', 'chara\0\0not zlib']) {
      expect(codesOf(readCardPng(png(pngChunk('zTXt', Buffer.from(data)))))).toEqual([
        'NO_CARD',
        'BROKEN_CHUNK',
      ])
    }
    expect(codesOf(readCardPng(png(pngChunk('iTXt', Buffer.from('chara\0\0'))))).at(-1)).toBe('BROKEN_CHUNK')
  })

  it('says that a picture without a card has none', () => {
    expect(readCardPng(png(pngChunk('tEXt', Buffer.from('Software\0Paint'))))).toMatchObject([
      { code: 'NO_CARD', where: 'picture' },
    ])
  })

  it('reads a card from a picture that is cut off after it, and says where', () => {
    const whole = png(cardChunk('chara', cardV2()))
    const records = readCardPng(whole.subarray(0, whole.length - 20))
    expect(only(records)?.name).toBe('Robbie')
    expect(skipsOf(records)).toMatchObject([{ code: 'TRUNCATED_FILE', where: 'chunk 3' }])
    expect(codesOf(readCardPng(whole.subarray(0, 60)))).toEqual(['NO_CARD', 'TRUNCATED_FILE'])
  })

  it('reads nothing behind the end of the picture', () => {
    expect(codesOf(readCardPng(Buffer.concat([png(), cardChunk('chara', cardV2())])))).toEqual(['NO_CARD'])
  })
})
