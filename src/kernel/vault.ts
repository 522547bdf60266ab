import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

import type { Vault } from './services.ts'

/** Bytes of the key: AES-256. */
export const VAULT_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Thrown for what a vault cannot open. */
export class VaultError extends Error {
  readonly code = 'VAULT_CANNOT_OPEN'
}

/**
 * AES-256-GCM, and HMAC-SHA256 with a key derived from the same for fingerprints. What is sealed reads `v1.KEY.DATA`: a mark of the key, and in base64url the nonce (12 bytes), the tag (16)
 * and the text. `about` is authenticated with it, so that a sealed text is of no use in another row. `readKey` is asked
 * for the key (32 bytes) at the first use.
 */
export function createVault(readKey: () => Buffer): Vault {
  let key: { bytes: Buffer; mark: string } | null = null
  const getKey = () => (key ??= markedKey(readKey()))
  return {
    seal: (text, about) => {
      const { bytes, mark } = getKey()
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce)
      cipher.setAAD(Buffer.from(about))
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${mark}.${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`
    },
    open: (sealed, about) => {
      const { bytes, mark } = getKey()
      const [version, sealedWith, data = ''] = sealed.split('.')
      if (version !== 'v1') throw new VaultError('This was not sealed by a vault.')
      if (sealedWith !== mark) throw new VaultError('This was sealed with another key.')
      return decrypt(bytes, Buffer.from(data, 'base64url'), about)
    },
    fingerprint: (text) => {
      const derived = createHmac('sha256', getKey().bytes).update('vault fingerprint').digest()
      return createHmac('sha256', derived).update(text).digest('hex')
    },
  }
}

function decrypt(key: Buffer, data: Buffer, about: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    const text = [decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
    return Buffer.concat(text).toString('utf8')
  } catch (error) {
    throw new VaultError('This was changed after it was sealed, or is about something else.', {
      cause: error,
    })
  }
}

function markedKey(bytes: Buffer): { bytes: Buffer; mark: string } {
  if (bytes.length !== VAULT_KEY_BYTES) throw new VaultError('The key of a vault has 32 bytes.')
  // Tells which key it was, and nothing about it.
  return { bytes, mark: createHash('sha256').update('vault mark').update(bytes).digest('hex').slice(0, 8) }
}
