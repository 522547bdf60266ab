import { isAbsolute, resolve } from 'node:path'

import type { LogLevel } from './logger.ts'

/** Everything that decides how a process behaves, read once from the environment. */
export type Config = {
  /** Absolute folder of the embedded database, the lock and the owner's key. */
  home: string
  /** The deployer's connection; null means the embedded database. */
  databaseUrl: string | null
  /** A separate login for requests, a member of robbieverse_app; null means the deployer's. */
  appUrl: string | null
  host: string
  /** TCP port; 0 lets the system choose one. */
  port: number
  /** Origin that people type where a proxy stands before the server; null means the address listened on. */
  publicUrl: string | null
  logLevel: LogLevel
  model: ModelConfig | null
  /** What secrets are encrypted with, 32 bytes; null means the key in the home. */
  secretKey: Buffer | null
}

/** Which model answers; null in `Config` means the offline responder does. */
export type ModelConfig = {
  provider: 'openai-compatible' | 'anthropic'
  name: string
  url: string | null
  key: string | null
  /** How long it may be silent, before its first piece and between two. Milliseconds. */
  silenceMs: number
}

export type Environment = Record<string, string | undefined>

/** Thrown for a setting that cannot be used; the message names the variable and what it accepts. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID'
}

/** Reads the documented variables; unset and empty mean the default. Throws `ConfigError`. */
export function readConfig(env: Environment, cwd: string = process.cwd()): Config {
  const home = text(env, 'ROBBIEVERSE_HOME') ?? '.robbieverse'
  return {
    home: isAbsolute(home) ? home : resolve(cwd, home),
    databaseUrl: databaseUrl(env, 'DATABASE_URL'),
    appUrl: databaseUrl(env, 'ROBBIEVERSE_APP_URL'),
    host: text(env, 'ROBBIEVERSE_HOST') ?? '127.0.0.1',
    port: wholeNumber(env, 'ROBBIEVERSE_PORT', { min: 0, max: 65_535, otherwise: 4700 }),
    publicUrl: publicUrl(env),
    logLevel: logLevel(env),
    model: model(env),
    secretKey: secretKey(env),
  }
}

function text(env: Environment, name: string): string | null {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? null : value
}

function databaseUrl(env: Environment, name: string): string | null {
  const value = text(env, name)
  if (value === null) return null
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new ConfigError(
      `${name} must be a postgres:// address, as in postgres://user:password@host:5432/name.`,
    )
  }
  return value
}

function wholeNumber(
  env: Environment,
  name: string,
  accepts: { min: number; max: number; otherwise: number },
): number {
  const number = Number(text(env, name) ?? accepts.otherwise)
  if (!Number.isInteger(number) || number < accepts.min || number > accepts.max) {
    throw new ConfigError(`${name} must be a whole number from ${accepts.min} to ${accepts.max}.`)
  }
  return number
}

function publicUrl(env: Environment): string | null {
  const value = text(env, 'ROBBIEVERSE_PUBLIC_URL')
  if (value === null) return null
  const url = URL.canParse(value) ? new URL(value) : null
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
  if (!isOrigin) {
    throw new ConfigError(
      'ROBBIEVERSE_PUBLIC_URL must be an http(s) address without a path, as in https://robbie.example.org.',
    )
  }
  return url.origin
}

/** 32 bytes as 64 hexadecimal digits, or in base64 or base64url. */
function secretKey(env: Environment): Buffer | null {
  const value = text(env, 'ROBBIEVERSE_SECRET_KEY')
  if (value === null) return null
  const isHex = /^[0-9a-f]{64}$/i.test(value)
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(value)
  if (!isHex && !isBase64) {
    throw new ConfigError(
      'ROBBIEVERSE_SECRET_KEY must be 32 bytes, as 64 hexadecimal digits or in base64: openssl rand -hex 32 makes one.',
    )
  }
  return Buffer.from(value, isHex ? 'hex' : 'base64')
}

function logLevel(env: Environment): LogLevel {
  const value = text(env, 'ROBBIEVERSE_LOG') ?? 'warn'
  const levels: LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']
  const level = levels.find((known) => known === value)
  if (!level) throw new ConfigError(`ROBBIEVERSE_LOG must be one of ${levels.join(', ')}.`)
  return level
}

/** `anthropic:NAME` or `openai:NAME`; a bare name is served by the OpenAI-compatible ROBBIEVERSE_MODEL_URL. */
function model(env: Environment): ModelConfig | null {
  const value = text(env, 'ROBBIEVERSE_MODEL')
  if (value === null) return null
  const url = text(env, 'ROBBIEVERSE_MODEL_URL')
  const key = text(env, 'ROBBIEVERSE_MODEL_KEY')
  const silence = { min: 1, max: 3_600, otherwise: 120 }
  const silenceMs = 1000 * wholeNumber(env, 'ROBBIEVERSE_MODEL_TIMEOUT', silence)
  if (url !== null && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new ConfigError('ROBBIEVERSE_MODEL_URL must be an http(s) address.')
  const [, prefix, rest] = /^(anthropic|openai):(.+)$/.exec(value) ?? []
  if (prefix === 'anthropic') return { provider: 'anthropic', name: rest!, url, key, silenceMs }
  if (prefix === 'openai') {
    const address = url ?? 'https://api.openai.com/v1'
    return { provider: 'openai-compatible', name: rest!, url: address, key, silenceMs }
  }
  if (url === null) {
    throw new ConfigError(
      'ROBBIEVERSE_MODEL needs ROBBIEVERSE_MODEL_URL (an OpenAI-compatible address such as ' +
        'http://127.0.0.1:11434/v1), or a name with a prefix: openai:NAME or anthropic:NAME.',
    )
  }
  return { provider: 'openai-compatible', name: value, url, key, silenceMs }
}
