import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { advanceRun, RUN_STATUSES, type RunReport, type RunState } from './reported-run.ts'

const queued: RunState = { status: 'queued', progress: 0, startedAt: null, completedAt: null }
const now = new Date('2026-03-01T10:00:00Z')

describe('a run that is reported on', () => {
  it('begins with the first sign of life, and completed means all of it', () => {
    const running = advanceRun(queued, { progress: 0.25 }, now)
    expect(running).toEqual({ status: 'running', progress: 0.25, startedAt: now, completedAt: null })
    const later = new Date('2026-03-01T11:00:00Z')
    const done = advanceRun(running as RunState, { status: 'completed' }, later)
    expect(done).toEqual({ status: 'completed', progress: 1, startedAt: now, completedAt: later })
    expect(advanceRun(done as RunState, { progress: 1 }, later)).toBe('ended')
  })

  it('keeps how far it was when it fails, and never goes back', () => {
    const running = advanceRun(queued, { progress: 0.5 }, now) as RunState
    expect(advanceRun(running, { status: 'failed' }, now)).toMatchObject({ status: 'failed', progress: 0.5 })
    expect(advanceRun(running, { progress: 0.4 }, now)).toBe('backwards')
    expect(advanceRun(running, { status: 'queued' }, now)).toBe('backwards')
    expect(advanceRun(queued, { status: 'cancelled' }, now)).toMatchObject({
      startedAt: null,
      completedAt: now,
    })
  })

  it('has ended exactly when it has an end, whatever is reported', () => {
    const report: fc.Arbitrary<RunReport> = fc.record(
      { status: fc.constantFrom(...RUN_STATUSES), progress: fc.double({ min: 0, max: 1, noNaN: true }) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        let state = queued
        for (const each of reports) {
          const next = advanceRun(state, each, now)
          if (typeof next === 'string') continue
          expect(next.progress).toBeGreaterThanOrEqual(state.progress)
          expect(next.completedAt !== null).toBe(!['queued', 'running'].includes(next.status))
          state = next
        }
      }),
    )
  })
})
