import { expect, it } from 'vitest'

import { RobbieError } from '../kernel/errors.ts'
import { toLoggable, toProblem } from './problem.ts'

it('shows what a caller may know, and neither cause nor stack', () => {
  const error = new RobbieError('NOTE_NOT_FOUND', 404, 'There is no such note.', {
    data: { id: '1' },
    fields: [{ path: 'id', message: 'is unknown' }],
    cause: new Error('select failed'),
  })
  expect(toProblem(error, 'request-1')).toEqual({
    type: 'urn:robbieverse:error:NOTE_NOT_FOUND',
    title: 'Note not found',
    status: 404,
    detail: 'There is no such note.',
    code: 'NOTE_NOT_FOUND',
    requestId: 'request-1',
    errors: [{ path: 'id', message: 'is unknown' }],
    data: { id: '1' },
  })
})

it('leaves out members that would be empty', () => {
  const problem = toProblem(new RobbieError('BUSY', 503, 'Try again.'), 'request-1')
  expect(problem).not.toHaveProperty('errors')
  expect(problem).not.toHaveProperty('data')
})

it('logs message, code and causes of an error, and no row that a driver attached', () => {
  const driver = Object.assign(new Error('a constraint was broken'), {
    code: '23514',
    detail: 'Failing row contains (dear diary).',
  })
  const logged = toLoggable(new Error('could not write', { cause: driver }))
  expect(logged).toMatchObject({
    message: 'could not write',
    cause: { message: 'a constraint was broken', code: '23514' },
  })
  expect(JSON.stringify(logged)).not.toContain('dear diary')
})

it('logs errors that cause each other without end', () => {
  const first = new Error('first')
  const second = new Error('second', { cause: first })
  first.cause = second
  expect(() => JSON.stringify(toLoggable(first))).not.toThrow()
})
