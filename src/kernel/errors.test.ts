import { describe, expect, it } from 'vitest'

import { defineErrors, kernelErrors, RobbieError } from './errors.ts'

const errors = defineErrors({
  THING_MISSING: { status: 404, message: 'There is no such thing.' },
})

describe('an error of ours', () => {
  it('has the code, status and message of its definition', () => {
    const error = errors.THING_MISSING()
    expect(error).toBeInstanceOf(RobbieError)
    expect(error).toMatchObject({
      code: 'THING_MISSING',
      status: 404,
      message: 'There is no such thing.',
      data: {},
      fields: [],
    })
  })

  it('carries facts, fields, a message of its own and its cause', () => {
    const cause = new Error('deep')
    const fields = [{ path: 'a.0', message: 'must be there' }]
    const error = errors.THING_MISSING({ message: 'No thing 7.', data: { id: 7 }, fields, cause })
    expect(error).toMatchObject({ message: 'No thing 7.', data: { id: 7 }, fields, cause })
  })

  it('of the kernel says in a sentence what to do', () => {
    for (const [code, make] of Object.entries(kernelErrors)) {
      expect(make().code).toBe(code)
      expect(make().message).toMatch(/^[A-Z].*[.!]$/)
    }
  })
})
