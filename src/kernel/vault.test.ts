import { randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createVault, VaultError } from './vault.ts'

const key = randomBytes(32)
const vault = createVault(() => key)

describe('a vault', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
        expect(vault.open(vault.seal(text, about), about)).toBe(text)
      }),
    )
  })

  it('shows nothing of the text, and seals the same text differently each time', () => {
    const [one, two] = [vault.seal('a well known secret', 'x'), vault.seal('a well known secret', 'x')]
    expect(one).not.toBe(two)
    expect(Buffer.from(one.split('.')[2]!, 'base64url').toString('latin1')).not.toContain('known')
  })

  it('knows a text again by a fingerprint that another key does not make', () => {
    const print = vault.fingerprint('1234')
    expect(print).toMatch(/^[0-9a-f]{64}$/)
    expect(createVault(() => key).fingerprint('1234')).toBe(print)
    expect(vault.fingerprint('1235')).not.toBe(print)
    expect(createVault(() => randomBytes(32)).fingerprint('1234')).not.toBe(print)
  })

  it('refuses what is about something else, was changed or cut, or needs another key', () => {
    const sealed = vault.seal('text', 'town:a')
    const [version, mark, data] = sealed.split('.') as [string, string, string]
    const bytes = Buffer.from(data, 'base64url')
    const changed = [0, 12, 28].map((place) => {
      const copy = Buffer.from(bytes)
      copy[place]! ^= 1
      return [version, mark, copy.toString('base64url')].join('.')
    })
    for (const other of [...changed, `v1.${mark}.`, `v1.${mark}.${data.slice(0, 10)}`, 'text', '']) {
      expect(() => vault.open(other, 'town:a'), other).toThrow(VaultError)
    }
    expect(() => vault.open(sealed, 'town:b')).toThrow(VaultError)
    expect(() => createVault(() => randomBytes(32)).open(sealed, 'town:a')).toThrow('another key')
    expect(() => createVault(() => randomBytes(16)).seal('text', '')).toThrow('32 bytes')
  })

  it('asks for the key when it is first used, once', () => {
    let asked = 0
    const lazy = createVault(() => ((asked += 1), key))
    expect(asked).toBe(0)
    lazy.open(lazy.seal('text', ''), '')
    expect(asked).toBe(1)
  })
})
