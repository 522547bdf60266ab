import { createHash } from 'node:crypto'

import { canonicalJson } from './json-access.ts'

/** Longer ids than this are hashed: an id is a key in a database, not a place for text. */
const longestId = 200

/**
 * A stable id made of content: `sha256:` and the hash of the parts' canonical JSON. Parts must be of bounded
 * depth.
 */
export function hashedId(...parts: unknown[]): string {
  return `sha256:${createHash('sha256').update(canonicalJson(parts)).digest('hex')}`
}

/**
 * The product's own id where it can be stored as it is, else its hash; null where there is none. Injective.
 */
export function ownId(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw === '') return null
  const isStorable = raw.length <= longestId && raw.isWellFormed() && !raw.includes('\u0000')
  return isStorable ? raw : hashedId('id', raw)
}
