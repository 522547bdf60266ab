import { describe, expect, it } from 'vitest'

import { decode, looksBinary } from './decode.ts'

const SQL = "create table größe (a text default 'é');\r\n"
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

describe('decode', () => {
  it.each([
    ['UTF-8', Buffer.from(SQL), 'utf-8', false],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${SQL}`), 'utf-8', true],
    ['UTF-16 LE with its mark', Buffer.from(`\uFEFF${SQL}`, 'utf16le'), 'utf-16le', true],
    ['UTF-16 LE without', Buffer.from(SQL, 'utf16le'), 'utf-16le', false],
    ['UTF-16 BE with its mark', utf16be(`\uFEFF${SQL}`), 'utf-16be', true],
    ['UTF-16 BE without', utf16be(SQL), 'utf-16be', false],
    ['Latin-1', Buffer.from(SQL, 'latin1'), 'latin-1', false],
  ])('reads %s', (_name, bytes, encoding, hasBom) => {
    expect(decode(bytes)).toEqual({ text: SQL, encoding, hasBom, nulls: 0 })
    expect(looksBinary(bytes)).toBe(false)
  })

  it('reads the quotes and dashes of Windows', () => {
    expect(decode(Buffer.from([0x2d, 0x2d, 0x93, 0x96, 0x94])).text).toBe('--“–”')
  })

  it('makes a space of a NUL, and counts them', () => {
    expect(decode(Buffer.from('select\u00001;\0'))).toMatchObject({ text: 'select 1; ', nulls: 2 })
  })

  it('reads a half character at the end, and nothing at all', () => {
    expect(decode(Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x62])).text).toBe('a\uFFFD')
    expect(decode(new Uint8Array())).toMatchObject({ text: '', encoding: 'utf-8' })
  })
})

describe('looksBinary', () => {
  it('knows what is no text', () => {
    expect(looksBinary(Buffer.from('PGDMP\u0001\u000e'))).toBe(true)
    expect(looksBinary(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 0, 0]))).toBe(true)
    expect(looksBinary(Buffer.from(`${'select 1;\n'.repeat(20)}\0`))).toBe(false)
    expect(looksBinary(new Uint8Array())).toBe(false)
  })
})
