import { crc32, inflateSync } from 'node:zlib'

import type { ImportSkip } from './imported.ts'
import { skip } from './skip-tally.ts'

/** The eight bytes every PNG begins with. */
export const pngSignature: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/**
 * The most that one compressed text may unpack to: a few kilobytes of a chunk could otherwise fill the
 * memory.
 */
const maxInflatedBytes = 32 * 1024 * 1024

/** A text that a PNG carries; `where` names the chunk it stands in. */
export type PngText = { keyword: string; text: string; where: string }

export type PngTexts = { texts: PngText[]; skips: ImportSkip[] }

/** Whether bytes begin like a PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return pngSignature.every((byte, index) => bytes[index] === byte)
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function inflate(bytes: Uint8Array): Buffer {
  return inflateSync(bytes, { maxOutputLength: maxInflatedBytes })
}

/** Splits at the first zero byte; throws where there is none. */
function splitAtZero(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const zero = bytes.indexOf(0)
  if (zero === -1) throw new Error('it has no end of its first field')
  return [bytes.subarray(0, zero), bytes.subarray(zero + 1)]
}

function readCompressed(data: Uint8Array): string {
  if (data[0] !== 0) throw new Error('its compression is not zlib')
  return latin1(inflate(data.subarray(1)))
}

/** iTXt: compression flag, compression method, language, translated keyword, then text in UTF-8. */
function readInternational(data: Uint8Array): string {
  const isCompressed = data[0] === 1
  if (isCompressed && data[1] !== 0) throw new Error('its compression is not zlib')
  const [, afterLanguage] = splitAtZero(data.subarray(2))
  const [, text] = splitAtZero(afterLanguage)
  return (isCompressed ? inflate(text) : Buffer.from(text)).toString('utf8')
}

const textReaders: Record<string, (data: Uint8Array) => string> = {
  tEXt: latin1,
  zTXt: readCompressed,
  iTXt: readInternational,
}

/** Reads one text chunk if its keyword is wanted; throws when it is broken. */
function readTextChunk(type: string, data: Uint8Array, keywords: string[]): Omit<PngText, 'where'> | null {
  const [keywordBytes, rest] = splitAtZero(data)
  const keyword = latin1(keywordBytes).toLowerCase()
  if (!keywords.includes(keyword)) return null
  const reader = textReaders[type] ?? latin1
  return { keyword, text: reader(rest) }
}

type Chunk = { type: string; data: Uint8Array; isIntact: boolean; where: string }

/** Walks the chunks as far as the file is whole; the last element tells where it is not. */
function* walkChunks(bytes: Uint8Array): Generator<Chunk | ImportSkip> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = pngSignature.length
  for (let number = 1; at < bytes.length; number += 1) {
    const cutOff = skip('TRUNCATED_FILE', `chunk ${number}`, 'The picture ends in the middle of this chunk.')
    if (at + 12 > bytes.length) return yield cutOff
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return yield cutOff
    const type = latin1(bytes.subarray(at + 4, at + 8))
    const checked = bytes.subarray(at + 4, at + 8 + length)
    const isIntact = crc32(checked) === view.getUint32(at + 8 + length)
    yield {
      type,
      data: checked.subarray(4),
      isIntact,
      where: `chunk ${number} (${type.replace(/[^A-Za-z]/g, '?')})`,
    }
    if (type === 'IEND') return undefined
    at += 12 + length
  }
  return undefined
}

/**
 * The texts of a PNG whose keyword (in lower case) is wanted, in file order, from tEXt, zTXt and iTXt chunks.
 * A text chunk that is broken, too large or fails its checksum is skipped. The bytes must begin with the
 * signature.
 */
export function readPngTexts(bytes: Uint8Array, keywords: string[]): PngTexts {
  const texts: PngText[] = []
  const skips: ImportSkip[] = []
  for (const chunk of walkChunks(bytes)) {
    if ('kind' in chunk) {
      skips.push(chunk)
      continue
    }
    if (!Object.hasOwn(textReaders, chunk.type)) continue
    if (!chunk.isIntact) {
      skips.push(
        skip('BROKEN_CHUNK', chunk.where, 'The checksum of this text does not fit, so it was not used.'),
      )
      continue
    }
    try {
      const found = readTextChunk(chunk.type, chunk.data, keywords)
      if (found !== null) texts.push({ ...found, where: chunk.where })
    } catch (error) {
      const isTooLarge = error instanceof RangeError
      const reason = isTooLarge
        ? 'This text unpacks to more than 32 MiB and was not read.'
        : 'This text is broken and could not be unpacked.'
      skips.push(skip(isTooLarge ? 'TOO_LARGE' : 'BROKEN_CHUNK', chunk.where, reason))
    }
  }
  return { texts, skips }
}
