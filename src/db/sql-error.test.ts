import { describe, expect, it } from 'vitest'

import { kernelErrors } from '../kernel/errors.ts'
import { findSqlError, toRobbieError } from './sql-error.ts'

const withCode = (code: string, message = 'as the driver says it') =>
  Object.assign(new Error(message), { code })

describe('an error on its way to the caller', () => {
  it('stays itself when it is ours', () => {
    const own = kernelErrors.NOT_FOUND()
    expect(toRobbieError(own)).toBe(own)
  })

  it('becomes INTERNAL without its text when nobody knows it', () => {
    const secret = new Error('password is swordfish')
    const shown = toRobbieError(secret)
    expect(shown).toMatchObject({ code: 'INTERNAL', status: 500, cause: secret })
    expect(shown.message).not.toContain('swordfish')
    expect(toRobbieError('text').code).toBe('INTERNAL')
  })

  it.each([
    ['40001', 'DATABASE_BUSY'],
    ['40P01', 'DATABASE_BUSY'],
    ['55P03', 'DATABASE_BUSY'],
    ['57014', 'DATABASE_BUSY'],
    ['23505', 'CONFLICT'],
    ['08006', 'DATABASE_UNAVAILABLE'],
    ['53300', 'DATABASE_UNAVAILABLE'],
    ['57P03', 'DATABASE_UNAVAILABLE'],
    ['28P01', 'DATABASE_UNAVAILABLE'],
    ['3D000', 'DATABASE_UNAVAILABLE'],
    ['42P01', 'INTERNAL'],
  ])('with the code %s becomes %s', (given, expected) => {
    expect(toRobbieError(withCode(given)).code).toBe(expected)
    expect(toRobbieError(new Error('wrapped', { cause: withCode(given) })).code).toBe(expected)
  })

  it('of a connection that is gone or never was becomes DATABASE_UNAVAILABLE', () => {
    expect(toRobbieError(withCode('ECONNREFUSED')).code).toBe('DATABASE_UNAVAILABLE')
    expect(toRobbieError(new Error('Connection terminated unexpectedly')).code).toBe('DATABASE_UNAVAILABLE')
  })

  it('is found below what wraps it', () => {
    const wrapped = new Error('outer', { cause: new Error('middle', { cause: withCode('42P01', 'inner') }) })
    expect(findSqlError(wrapped)).toMatchObject({ code: '42P01', message: 'inner' })
    expect(findSqlError(new Error('none'))).toBeUndefined()
  })
})
