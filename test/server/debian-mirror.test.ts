import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { debianMirrors } from './debian-mirror.ts'

const fallback = 'http://deb.debian.org/debian'
let apt: string

beforeEach(() => {
  apt = mkdtempSync(join(tmpdir(), 'apt-'))
})

afterEach(() => rmSync(apt, { recursive: true }))

function write(name: string, lines: string[]): void {
  mkdirSync(dirname(join(apt, name)), { recursive: true })
  writeFileSync(join(apt, name), lines.join('\n'))
}

it('falls back to deb.debian.org when apt has no sources', () => {
  expect(debianMirrors(apt)).toEqual([fallback])
})

it('reads the one-line format with options, comments and a trailing slash', () => {
  write('sources.list', [
    '# deb http://off.test/debian trixie main',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://one.test/debian/ bookworm main contrib # near',
    'deb-src http://source.test/debian bookworm main',
    '  deb http://two.test/debian stable non-free main',
  ])
  expect(debianMirrors(apt)).toEqual(['http://one.test/debian', 'http://two.test/debian', fallback])
})

it('reads the deb822 format with folded fields, several addresses and paragraphs that are switched off', () => {
  write('sources.list.d/debian.sources', [
    'Types: deb deb-src',
    '# a comment between fields',
    'URIs: https://one.test/debian',
    '  https://two.test/debian',
    'suites: bookworm bookworm-updates',
    'Components:',
    ' main',
    '',
    'Types: deb',
    'Enabled: no',
    'URIs: http://off.test/debian',
    'Suites: trixie',
    'Components: main',
    '',
    'Types: deb-src',
    'URIs: http://source.test/debian',
    'Suites: trixie',
    'Components: main',
  ])
  expect(debianMirrors(apt)).toEqual(['https://one.test/debian', 'https://two.test/debian', fallback])
})

it('passes over security archives, other vendors and addresses that are not HTTP', () => {
  write('sources.list', [
    'deb http://one.test/debian-security bookworm-security main',
    'deb http://security.test/debian bookworm main',
    'deb http://vendor.test/debian bookworm stable',
    'deb http://vendor.test/apt cloud-sdk-bookworm main',
    'deb cdrom:[Debian]/ bookworm main',
    'deb file:/srv/debian bookworm main',
  ])
  expect(debianMirrors(apt)).toEqual([fallback])
})

it('puts addresses that name Debian first and names none twice', () => {
  write('sources.list', [
    'deb http://proxy.test/archive bookworm main',
    'deb http://mirror.test/debian bookworm main',
    'deb http://mirror.test/debian/ trixie main',
    `deb ${fallback} trixie main`,
  ])
  write('sources.list.d/more.list', ['deb http://more.test/debian trixie main'])
  const named = ['http://mirror.test/debian', fallback, 'http://more.test/debian']
  expect(debianMirrors(apt)).toEqual([...named, 'http://proxy.test/archive'])
})
