import type { Encoding } from './statement.ts'

export type Decoded = {
  /** Without the byte order mark; NUL bytes, which PostgreSQL's text cannot hold, are spaces. */
  text: string
  encoding: Encoding
  hasBom: boolean
  /** How many NUL characters became spaces. */
  nulls: number
}

/** Text of a file's bytes, whatever they are: UTF-8, UTF-16 with or without its mark, and Windows-1252 for all else. */
export function decode(bytes: Uint8Array): Decoded {
  const mark = markOf(bytes)
  const encoding = mark ?? guessUtf16(bytes)
  const found = encoding ? { encoding, text: read(bytes, encoding) } : utf8OrLatin(bytes)
  const text = found.text.includes('\0') ? found.text.replaceAll('\0', ' ') : found.text
  const nulls = text === found.text ? 0 : countNulls(found.text)
  return { text, encoding: found.encoding, hasBom: mark !== null, nulls }
}

/** Whether the beginning of a file is no text in any encoding that `decode` knows. */
export function looksBinary(head: Uint8Array): boolean {
  if (startsWith(head, [0x50, 0x47, 0x44, 0x4d, 0x50])) return true // PGDMP, pg_dump's own format
  if (markOf(head) || guessUtf16(head)) return false
  let odd = 0
  for (const byte of head) {
    if (byte === 0) odd += 4
    else if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27 && byte !== 26) odd++
  }
  return odd * 20 > head.length
}

function markOf(bytes: Uint8Array): Encoding | null {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8'
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  return startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : null
}

const startsWith = (bytes: Uint8Array, mark: number[]): boolean =>
  mark.every((byte, at) => bytes[at] === byte)

/** UTF-16 without its mark shows in SQL, most of which is ASCII: every other byte is zero, and few of the others. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(bytes.length, 8192) & ~1
  if (length < 4) return null
  let even = 0
  let odd = 0
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even++
    if (bytes[at + 1] === 0) odd++
  }
  const many = length * 0.2
  if (odd > many && even * 10 < odd) return 'utf-16le'
  return even > many && odd * 10 < even ? 'utf-16be' : null
}

const read = (bytes: Uint8Array, encoding: string): string => new TextDecoder(encoding).decode(bytes)

function utf8OrLatin(bytes: Uint8Array): { encoding: Encoding; text: string } {
  try {
    return { encoding: 'utf-8', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { encoding: 'latin-1', text: read(bytes, 'windows-1252') }
  }
}

function countNulls(text: string): number {
  let count = 0
  for (let at = text.indexOf('\0'); at >= 0; at = text.indexOf('\0', at + 1)) count++
  return count
}
