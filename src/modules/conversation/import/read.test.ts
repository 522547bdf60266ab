import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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
import { codesOf, collect, heldBytes } from './fixtures/reading.ts'
import { ImportError } from './import.errors.ts'
import type { ImportRecord } from './imported.ts'
import { readImport } from './read.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function failure(path: string): Promise<ImportError> {
  const error = await collect(readImport(path)).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ImportError)) throw new Error('an ImportError was expected', { cause: error })
  return error
}

describe('readImport', () => {
  it('reads every known export', async () => {
    const lines = jsonLines(sillyTavernHeader, sillyTavernLine('Robbie', 'Hi'))
    const files: [string, string | Uint8Array, string, string][] = [
      ['conversations.json', JSON.stringify([chatGptConversation('c1')]), 'conversation', 'chatgpt'],
      ['conversations-001.json', JSON.stringify([claudeConversation('c1')]), 'conversation', 'claude'],
      [
        'single.json',
        `\ufeff${JSON.stringify(chatGptConversation('c1'), null, 2)}`,
        'conversation',
        'chatgpt',
      ],
      ['chat.jsonl', lines, 'conversation', 'sillytavern'],
      ['card.json', JSON.stringify(cardV2()), 'character', 'character-card'],
      ['card.png', png(cardChunk('chara', cardV2())), 'character', 'character-card'],
    ]
    for (const [name, content, kind, source] of files) {
      const [first] = await collect(readImport(await file(name, content)))
      expect(first).toMatchObject({ kind, source })
    }
  })

  it('yields a conversation before it has read the whole file', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => chatGptConversation(`c${index}`))
    const path = await file('early.json', JSON.stringify(many))
    const progress: [number, number][] = []
    for await (const record of readImport(path, { onBytes: (done, total) => progress.push([done, total]) })) {
      expect(record.kind).toBe('conversation')
      break
    }
    const [done = 0, total = 0] = progress.at(-1) ?? []
    expect(done).toBeLessThan(total === 0 ? 1 : total)
  })

  it('tells how far it is, never backwards and up to the end', async () => {
    const content = JSON.stringify(
      Array.from({ length: 2000 }, (_, index) => chatGptConversation(`c${index}`)),
    )
    const calls: [number, number][] = []
    await collect(
      readImport(await file('progress.json', content), {
        onBytes: (done, total) => calls.push([done, total]),
      }),
    )
    expect(calls.length).toBeGreaterThan(5)
    expect(calls.map(([done]) => done)).toEqual(calls.map(([done]) => done).toSorted((a, b) => a - b))
    expect(calls.at(-1)).toEqual([content.length, content.length])
  })

  it('refuses what is no readable file, with the cause', async () => {
    const missing = await failure(join(folder, 'nowhere.json'))
    expect(missing).toMatchObject({ code: 'IMPORT_FILE_UNREADABLE', cause: { code: 'ENOENT' } })
    expect(await failure(folder)).toMatchObject({ code: 'IMPORT_FILE_UNREADABLE' })
    expect(await failure('/dev/zero')).toMatchObject({ code: 'IMPORT_FILE_UNREADABLE' })
  })

  it('refuses an unknown file and says which ones it knows', async () => {
    const error = await failure(await file('notes.json', '{"notes": ["mapping"]}'))
    expect(error.code).toBe('IMPORT_UNKNOWN_FORMAT')
    for (const known of ['notes.json', 'ChatGPT', 'Claude', 'SillyTavern', 'character card']) {
      expect(error.message).toContain(known)
    }
  })

  it('says what to do about an archive, UTF-16 and an empty file', async () => {
    const zip = await failure(await file('export.zip', Buffer.from('PK\u0003\u0004 and so on')))
    expect(zip.code).toBe('IMPORT_ARCHIVE_UNSUPPORTED')
    expect(zip.message).toContain('Unzip it first')
    expect(zip.message).toContain('conversations.json')
    const wide = Buffer.from(`\ufeff${JSON.stringify([chatGptConversation('c1')])}`, 'utf16le')
    expect((await failure(await file('wide.json', wide))).code).toBe('IMPORT_ENCODING_UNSUPPORTED')
    for (const empty of ['', ' \n', '[]', ' [ ] ', '{}']) {
      expect((await failure(await file('empty.json', empty))).code).toBe('IMPORT_FILE_EMPTY')
    }
  })

  it('refuses a picture that is larger than any card', async () => {
    const huge = Buffer.concat([png(cardChunk('chara', cardV2())), Buffer.alloc(32 * 1024 * 1024)])
    expect((await failure(await file('huge.png', huge))).code).toBe('IMPORT_FILE_TOO_LARGE')
  })

  it('lets an error of the progress callback through', async () => {
    const path = await file('callback.json', JSON.stringify([chatGptConversation('c1')]))
    const stop = new Error('stop')
    const reading = collect(
      readImport(path, {
        onBytes: () => {
          throw stop
        },
      }),
    )
    await expect(reading).rejects.toBe(stop)
  })
})

async function writeLargeExport(path: string, megabytes: number): Promise<number> {
  const out = createWriteStream(path)
  const question = 'Wie lange geht ein Teig? \u{1f35e} "Bis er sich verdoppelt hat."\n'.repeat(400)
  let written = 0
  let count = 0
  for (; written < megabytes * 1e6; count += 1) {
    const text = `${count === 0 ? '[' : ','}${JSON.stringify(chatGptConversation(`c${count}`, question))}`
    written += Buffer.byteLength(text)
    if (!out.write(text)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  await new Promise<void>((resolve) => out.end(']', () => resolve()))
  return count
}

describe('a file of 50 MB', () => {
  it('is read without holding more of it than a small part', { timeout: 60_000 }, async () => {
    const path = join(folder, 'large.json')
    const written = await writeLargeExport(path, 50)
    const before = heldBytes()
    let conversations = 0
    let most = 0
    for await (const record of readImport(path)) {
      if (record.kind !== 'conversation') continue
      conversations += 1
      if (conversations % 100 === 0) most = Math.max(most, heldBytes() - before)
    }
    expect(conversations).toBe(written)
    expect(most).toBeLessThan(15e6)
  })

  it('would be noticed if its records were held', { timeout: 60_000 }, async () => {
    const before = heldBytes()
    const all: ImportRecord[] = await collect(readImport(join(folder, 'large.json')))
    expect(heldBytes() - before).toBeGreaterThan(40e6)
    expect(codesOf(all.slice(0, 4))).toEqual(['HIDDEN_MESSAGE', 'HIDDEN_MESSAGE'])
  })
})
