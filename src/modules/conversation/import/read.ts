import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'

import { readCardJson, readCardPng } from './character-card.ts'
import { readChatGpt } from './chatgpt.ts'
import { readClaude } from './claude.ts'
import { detectFormat, type ImportFormat } from './detect.ts'
import { ImportError, unknownFormat } from './import.errors.ts'
import type { ImportRecord } from './imported.ts'
import { readSillyTavern } from './sillytavern.ts'

const headBytes = 256 * 1024
const chunkBytes = 256 * 1024

/** Formats that are held in memory as a whole have a limit; conversations.json is streamed and has none. */
const limits: Partial<Record<ImportFormat, number>> = {
  'character-card-json': 32 * 1024 * 1024,
  'character-card-png': 32 * 1024 * 1024,
  sillytavern: 256 * 1024 * 1024,
}

export type ReadImportOptions = {
  /**
   * Told after every piece how many of the file's bytes have been read; the last call has `done === total`.
   */
  onBytes?: (done: number, total: number) => void
}

type OpenFile = { handle: FileHandle; name: string; size: number }

function unreadable(name: string, cause: unknown): ImportError {
  const detail = cause instanceof Error ? ` (${cause.message})` : ''
  const message = `${name} could not be read${detail}. Check that the path is right and that you may read it.`
  return new ImportError('IMPORT_FILE_UNREADABLE', message, { cause })
}

async function openFile(path: string): Promise<OpenFile> {
  const name = basename(path)
  let handle: FileHandle | null = null
  try {
    handle = await open(path, 'r')
    const stat = await handle.stat()
    if (!stat.isFile()) throw new Error('it is not a file')
    return { handle, name, size: stat.size }
  } catch (error) {
    await handle?.close()
    throw unreadable(name, error)
  }
}

/** Up to `length` bytes from `position`; fewer only at the end of the file. */
async function readAt({ handle, name }: OpenFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    let bytesRead: number
    try {
      bytesRead = (await handle.read(buffer, filled, length - filled, position + filled)).bytesRead
    } catch (error) {
      throw unreadable(name, error)
    }
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/**
 * The file in pieces, as long as it was when it was opened: a file that still grows does not grow the import.
 */
async function* readChunks(file: OpenFile, onBytes: ReadImportOptions['onBytes']): AsyncGenerator<Buffer> {
  let done = 0
  while (done < file.size) {
    const chunk = await readAt(file, done, Math.min(chunkBytes, file.size - done))
    if (chunk.length === 0) break
    yield chunk
    done += chunk.length
    onBytes?.(done, file.size)
  }
  if (done < file.size) onBytes?.(file.size, file.size)
}

async function readWhole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const chunk of chunks) pieces.push(chunk)
  return Buffer.concat(pieces)
}

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte)

/** Says what to do about files that are recognised but cannot be read as they are. */
function explainUnknown(head: Uint8Array, name: string): ImportError {
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) {
    const advice =
      'Unzip it first, then import conversations.json (or each conversations-000.json, -001, ...) of a ChatGPT or Claude export, or card.json of a character.'
    return new ImportError('IMPORT_ARCHIVE_UNSUPPORTED', `${name} is a zip archive. ${advice}`)
  }
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
    return new ImportError(
      'IMPORT_ENCODING_UNSUPPORTED',
      `${name} is UTF-16 text. Save it as UTF-8 and import it again.`,
    )
  }
  if (/^(?:\ufeff)?\s*(?:\[\s*\]\s*|\{\s*\}\s*)?$/.test(Buffer.from(head).toString('utf8'))) {
    return new ImportError('IMPORT_FILE_EMPTY', `${name} is empty: there is nothing in it to import.`)
  }
  return unknownFormat(name)
}

async function* readAs(
  format: ImportFormat,
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<ImportRecord> {
  if (format === 'chatgpt') yield* readChatGpt(chunks)
  else if (format === 'claude') yield* readClaude(chunks)
  else if (format === 'sillytavern') yield* readSillyTavern(chunks, name)
  else if (format === 'character-card-png') yield* readCardPng(await readWhole(chunks))
  else yield* readCardJson(await readWhole(chunks))
}

/**
 * Reads an export of another product record by record, whatever it is. What is damaged or has no place here
 * comes as a `skipped` record; only a file that cannot be read or recognised at all throws, an `ImportError`.
 * Reading the same file again yields the same records. Stopping early closes the file.
 */
export async function* readImport(
  path: string,
  options: ReadImportOptions = {},
): AsyncGenerator<ImportRecord> {
  const file = await openFile(path)
  try {
    const head = await readAt(file, 0, Math.min(headBytes, file.size))
    const format = detectFormat(head, file.name)
    if (format === null) throw explainUnknown(head, file.name)
    const limit = limits[format]
    if (limit !== undefined && file.size > limit) {
      const message = `${file.name} has ${file.size} bytes; a file of this kind may have ${limit}.`
      throw new ImportError('IMPORT_FILE_TOO_LARGE', message)
    }
    yield* readAs(format, readChunks(file, options.onBytes), file.name)
  } finally {
    await file.handle.close()
  }
}
