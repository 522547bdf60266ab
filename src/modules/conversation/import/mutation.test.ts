import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  cardChunk,
  cardV2,
  chatGptConversation,
  claudeConversation,
  claudeMessage,
  jsonLines,
  png,
  pngChunk,
  sillyTavernHeader,
  sillyTavernLine,
} from './fixtures/exports.ts'
import { collect, conversationsOf } from './fixtures/reading.ts'
import { ImportError } from './import.errors.ts'
import type { ImportedConversation, ImportRecord } from './imported.ts'
import { readImport } from './read.ts'

type Json = Record<string, unknown>

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutation-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What reading a file comes to; only the documented error counts as an outcome. */
async function outcome(name: string, bytes: Uint8Array): Promise<ImportRecord[] | string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  try {
    return await collect(readImport(path))
  } catch (error) {
    if (error instanceof ImportError) return error.code
    throw error
  }
}

const swiped = sillyTavernLine('Robbie', 'Two', {
  swipes: ['One', 'Two'],
  swipe_id: 1,
  swipe_info: [{ send_date: 1717430400000 }],
})
const chatLines = [sillyTavernHeader, sillyTavernLine('Ann', 'Hi é'), swiped, sillyTavernLine('Ann', 'Bye')]
const claudeTree = [
  claudeMessage('a', 'human', 'One', {
    parent_message_uuid: null,
    attachments: [{ file_name: 'a', extracted_content: 'b' }],
  }),
  claudeMessage('b', 'assistant', '', {
    parent_message_uuid: 'a',
    content: [{ type: 'tool_use', name: 't', input: { q: [1] } }],
  }),
  claudeMessage('c', 'human', 'Two é', { parent_message_uuid: 'a' }),
]
const values: Record<string, unknown> = {
  'conversations.json': [chatGptConversation('c1', 'é'), chatGptConversation('c2')],
  'claude.json': [claudeConversation('c1', claudeTree), claudeConversation('c2')],
  'card.json': cardV2(),
}
const files: Record<string, Uint8Array> = {
  ...Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Buffer.from(JSON.stringify(value))]),
  ),
  'chat.jsonl': Buffer.from(jsonLines(...chatLines)),
  'card.png': png(cardChunk('ccv3', cardV2()), cardChunk('chara', cardV2())),
}

/** What every conversation keeps, however damaged its file was. */
function expectSound(conversation: ImportedConversation): void {
  const seen = new Set<string | null>([null])
  for (const message of conversation.messages) {
    expect(seen.has(message.parentExternalId)).toBe(true)
    expect(seen.has(message.externalId)).toBe(false)
    seen.add(message.externalId)
    expect(message.content.trim()).not.toBe('')
    if (message.at !== null) expect(new Date(message.at).toISOString()).toBe(message.at)
  }
  expect(conversation.currentLeaf).not.toBeNull()
  expect(seen.has(conversation.currentLeaf)).toBe(true)
}

/** No text anywhere that a database would refuse. */
function expectStorable(value: unknown): void {
  if (typeof value === 'string') expect(value.isWellFormed() && !value.includes('\u0000')).toBe(true)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      expectStorable(key)
      expectStorable(item)
    }
  }
}

async function expectDocumentedOutcome(name: string, bytes: Uint8Array): Promise<void> {
  const first = await outcome(name, bytes)
  expect(await outcome(name, bytes)).toEqual(first)
  if (typeof first === 'string') return
  expectStorable(first)
  for (const conversation of conversationsOf(first)) expectSound(conversation)
}

const hostile = [
  '\u0000',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\\u0000',
  '\\ud800',
  '\u{1f600}',
  'null',
  '-1e999',
  '__proto__',
]
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(400) }),
  insert: fc.oneof(
    fc.constantFrom(...hostile).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  ),
})
const edits = fc.array(edit, { minLength: 1, maxLength: 4 })

function applyEdits(bytes: Uint8Array, list: { at: number; remove: number; insert: Buffer }[]): Buffer {
  return list.reduce((current, { at, remove, insert }) => {
    const start = Math.floor(at * current.length)
    return Buffer.concat([current.subarray(0, start), insert, current.subarray(start + remove)])
  }, Buffer.from(bytes))
}

/** Replaces the value at one of the places of a JSON tree. */
function replaceAt(value: unknown, place: { left: number }, replacement: unknown): unknown {
  place.left -= 1
  if (place.left === -1) return replacement
  if (Array.isArray(value)) return value.map((item) => replaceAt(item, place, replacement))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceAt(item, place, replacement)]),
  )
}

const countValues = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, item) => sum + countValues(item), 1)
    : 1

const foreign = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('c1-q', 'c1-root', 'a', 'b', 1e300, -1, '\u0000', '\ud800', '__proto__', 'constructor'),
)

describe('a damaged file', { timeout: 60_000 }, () => {
  it.each(Object.keys(files))(
    '%s yields records or the documented error, the same every time',
    async (name) => {
      const bytes = files[name] ?? Buffer.alloc(0)
      await fc.assert(
        fc.asyncProperty(edits, async (list) => expectDocumentedOutcome(name, applyEdits(bytes, list))),
        { numRuns: 100 },
      )
    },
  )

  it.each(Object.keys(values))('%s with values of the wrong kind does too', async (name) => {
    const size = countValues(values[name])
    const places = fc.array(fc.tuple(fc.nat(size - 1), foreign), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(places, async (list) => {
        const changed = list.reduce<unknown>(
          (value, [left, item]) => replaceAt(value, { left }, item),
          values[name],
        )
        await expectDocumentedOutcome(name, Buffer.from(JSON.stringify(changed)))
      }),
      { numRuns: 100 },
    )
  })

  it('a chat with values of the wrong kind does too', async () => {
    const places = fc.array(fc.tuple(fc.nat(countValues(chatLines) - 1), foreign), {
      minLength: 1,
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(places, async (list) => {
        const changed = list.reduce<unknown>(
          (value, [left, item]) => replaceAt(value, { left }, item),
          chatLines,
        )
        const lines = Array.isArray(changed) ? changed : [changed]
        await expectDocumentedOutcome('chat.jsonl', Buffer.from(jsonLines(...(lines as unknown[]))))
      }),
      { numRuns: 100 },
    )
  })

  it('a picture with any text in its card chunk does too', async () => {
    const kinds = fc.constantFrom('tEXt', 'zTXt', 'iTXt')
    await fc.assert(
      fc.asyncProperty(kinds, fc.uint8Array({ maxLength: 60 }), async (type, data) => {
        const bytes = png(pngChunk(type, Buffer.concat([Buffer.from('chara\0'), data])))
        await expectDocumentedOutcome('card.png', bytes)
      }),
      { numRuns: 100 },
    )
  })
})

describe('one damaged byte', { timeout: 60_000 }, () => {
  const three: Record<string, (id: string) => Json> = {
    chatgpt: chatGptConversation,
    claude: claudeConversation,
  }

  it.each(Object.keys(three))('in a %s conversation does not cost its neighbours', async (name) => {
    const texts = ['c1', 'c2', 'c3'].map((id) => JSON.stringify(three[name]?.(id)))
    const start = 2 + (texts[0]?.length ?? 0)
    const whole = Buffer.from(`[${texts.join(',')}]`)
    const whole3 = conversationsOf((await outcome('whole.json', whole)) as ImportRecord[])
    const damage = fc.tuple(
      fc.nat((texts[1]?.length ?? 1) - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[],: '))),
    )
    await fc.assert(
      fc.asyncProperty(damage, async ([at, byte]) => {
        const bytes = Buffer.from(whole)
        bytes[start + at] = byte
        const found = conversationsOf((await outcome('damaged.json', bytes)) as ImportRecord[])
        expect(found).toContainEqual(whole3[0])
        expect(found).toContainEqual(whole3[2])
      }),
      { numRuns: 250 },
    )
  })
})
