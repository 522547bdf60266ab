import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { instantFromEpoch, instantFromIso, instantFromSillyTavern } from './instants.ts'

describe('instantFromEpoch', () => {
  it('reads seconds with fractions and milliseconds', () => {
    expect(instantFromEpoch(1717430400.257)).toBe('2024-06-03T16:00:00.257Z')
    expect(instantFromEpoch(1717430400257)).toBe('2024-06-03T16:00:00.257Z')
  })

  it('gives null for what is no time', () => {
    for (const value of [null, undefined, 0, -5, Number.NaN, Infinity, 1e300, '1717430400', {}]) {
      expect(instantFromEpoch(value)).toBeNull()
    }
  })
})

describe('instantFromIso', () => {
  it('reads every usual precision and turns zones into UTC', () => {
    expect(instantFromIso('2025-03-04T08:15:30.123456Z')).toBe('2025-03-04T08:15:30.123Z')
    expect(instantFromIso('2025-03-04T08:15:30.5+02:00')).toBe('2025-03-04T06:15:30.500Z')
    expect(instantFromIso('2025-03-04T23:15:30-0330')).toBe('2025-03-05T02:45:30.000Z')
    expect(instantFromIso('2025-03-04 08:15')).toBe('2025-03-04T08:15:00.000Z')
    expect(instantFromIso('2025-03-04')).toBe('2025-03-04T00:00:00.000Z')
  })

  it('gives null for days and hours that do not exist', () => {
    for (const text of [
      '2025-02-30T00:00:00Z',
      '2025-13-01',
      '2025-01-01T24:30:00Z',
      '2025-01-01T10:61Z',
      '0000-01-01',
    ]) {
      expect(instantFromIso(text)).toBeNull()
    }
  })

  it('agrees with Date on every time that Date writes', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        expect(instantFromIso(date.toISOString())).toBe(date.toISOString())
      }),
    )
  })
})

describe('instantFromSillyTavern', () => {
  const forms: [unknown, string][] = [
    ['2024-06-03T16:02:12.123Z', '2024-06-03T16:02:12.123Z'],
    [1717430532123, '2024-06-03T16:02:12.123Z'],
    ['1717430532123', '2024-06-03T16:02:12.123Z'],
    ['June 3, 2024 4:02pm', '2024-06-03T16:02:00.000Z'],
    ['june 3, 2024 12:02AM', '2024-06-03T00:02:00.000Z'],
    ['Sep 30, 2023 12:59pm', '2023-09-30T12:59:00.000Z'],
    ['2024-06-03@16h02m12s123ms', '2024-06-03T16:02:12.123Z'],
    ['2024-6-3@16h02m12s', '2024-06-03T16:02:12.000Z'],
    ['2024-6-3 @16h 2m 12s 7ms', '2024-06-03T16:02:12.007Z'],
  ]
  it.each(forms)('reads %s', (written, expected) => {
    expect(instantFromSillyTavern(written)).toBe(expected)
  })

  it('gives null for what is no time', () => {
    for (const value of [
      'yesterday',
      'Juno 3, 2024 4:02pm',
      'June 31, 2024 4:02pm',
      'June 3, 2024 14:02pm',
      '2024-02-30@01h02m03s',
      true,
    ]) {
      expect(instantFromSillyTavern(value)).toBeNull()
    }
  })

  it('never gives anything but ISO 8601 in UTC or null', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const instant = instantFromSillyTavern(value)
        if (instant !== null) expect(new Date(instant).toISOString()).toBe(instant)
      }),
    )
  })
})
