import { describe, expect, it } from 'vitest'

import { ConfigError, readConfig } from './config.ts'

describe('the configuration', () => {
  it('of an empty environment is the embedded database in the current folder, on loopback, without a model', () => {
    expect(readConfig({}, '/here')).toEqual({
      home: '/here/.robbieverse',
      databaseUrl: null,
      appUrl: null,
      host: '127.0.0.1',
      port: 4700,
      publicUrl: null,
      logLevel: 'warn',
      model: null,
      secretKey: null,
    })
  })

  it('takes an empty or blank variable for an unset one', () => {
    const names = [
      'DATABASE_URL',
      'ROBBIEVERSE_HOME',
      'ROBBIEVERSE_PORT',
      'ROBBIEVERSE_HOST',
      'ROBBIEVERSE_MODEL',
      'ROBBIEVERSE_LOG',
    ]
    const blank = Object.fromEntries(names.map((name, index) => [name, ' '.repeat(index)]))
    expect(readConfig(blank, '/here')).toEqual(readConfig({}, '/here'))
  })

  it('takes a secret key of 32 bytes in hexadecimal or base64, and nothing shorter', () => {
    const read = (value: string) => readConfig({ ROBBIEVERSE_SECRET_KEY: value }).secretKey
    const key = Buffer.alloc(32, 0xab)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(read(key.toString(encoding)), encoding).toEqual(key)
    }
    for (const value of ['secret', 'ab'.repeat(31), key.subarray(1).toString('base64')])
      expect(() => read(value), value).toThrow(ConfigError)
  })

  it('takes a public address that is an origin, and nothing with a path, a login or another scheme', () => {
    const read = (value: string) => readConfig({ ROBBIEVERSE_PUBLIC_URL: value }).publicUrl
    expect(read('https://Robbie.example.org/')).toBe('https://robbie.example.org')
    expect(read('http://10.0.0.7:8080')).toBe('http://10.0.0.7:8080')
    for (const value of [
      'robbie.example.org',
      'https://x/robbie',
      'ftp://x',
      'https://me:pw@x',
      'https://x?a=1',
    ])
      expect(() => read(value), value).toThrow(ConfigError)
  })

  it('resolves the home against the current folder', () => {
    expect(readConfig({ ROBBIEVERSE_HOME: 'data/home' }, '/here').home).toBe('/here/data/home')
    expect(readConfig({ ROBBIEVERSE_HOME: '/var/lib/rv' }, '/here').home).toBe('/var/lib/rv')
  })

  it.each([
    ['anthropic:some-name', { provider: 'anthropic', name: 'some-name', url: null }],
    [
      'openai:some-name',
      { provider: 'openai-compatible', name: 'some-name', url: 'https://api.openai.com/v1' },
    ],
  ])('reads the model %s by its prefix', (text, expected) => {
    expect(readConfig({ ROBBIEVERSE_MODEL: text }).model).toMatchObject(expected)
  })

  it('reads a bare model name together with the address that serves it', () => {
    const env = {
      ROBBIEVERSE_MODEL: 'llama3:8b',
      ROBBIEVERSE_MODEL_URL: 'http://127.0.0.1:11434/v1',
      ROBBIEVERSE_MODEL_KEY: 'k',
    }
    expect(readConfig(env).model).toEqual({
      provider: 'openai-compatible',
      name: 'llama3:8b',
      url: 'http://127.0.0.1:11434/v1',
      key: 'k',
      silenceMs: 120_000,
    })
  })

  it.each([
    ['DATABASE_URL', 'mysql://x/y'],
    ['DATABASE_URL', 'localhost:5432'],
    ['ROBBIEVERSE_APP_URL', 'postgres://['],
    ['ROBBIEVERSE_PORT', '70000'],
    ['ROBBIEVERSE_PORT', '-1'],
    ['ROBBIEVERSE_PORT', '80.5'],
    ['ROBBIEVERSE_PORT', 'http'],
    ['ROBBIEVERSE_LOG', 'loud'],
    ['ROBBIEVERSE_MODEL', 'llama3'],
    ['ROBBIEVERSE_MODEL_URL', 'ftp://models'],
    ['ROBBIEVERSE_MODEL_TIMEOUT', '0'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    const env = { ROBBIEVERSE_MODEL: 'openai:some-name', [name]: value }
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(name)
  })
})
