import { describe, expect, it } from 'vitest'

import { recurrenceInput } from './formats.ts'

const accepts = (rule: string) => recurrenceInput.safeParse(rule).success

describe('a rule of recurrence', () => {
  it('is what RFC 5545 writes', () => {
    for (const rule of [
      'FREQ=DAILY',
      'FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2;WKST=SU',
      'FREQ=MONTHLY;BYDAY=-1FR;COUNT=10',
      'FREQ=MONTHLY;BYMONTHDAY=-1,15',
      'FREQ=YEARLY;BYMONTH=12;BYDAY=+2SU;UNTIL=20301231T235959Z',
      'FREQ=YEARLY;BYWEEKNO=20;BYYEARDAY=-366;BYSETPOS=-1;UNTIL=20301231',
      'FREQ=HOURLY;BYHOUR=9,17;BYMINUTE=0,59;BYSECOND=60',
    ]) {
      expect(accepts(rule), rule).toBe(true)
    }
  })

  it('has no part that is unknown, given twice or out of bounds', () => {
    for (const rule of [
      'DAILY',
      'COUNT=2;FREQ=DAILY',
      'FREQ=DAILY;FOO=BAR',
      'FREQ=DAILY;COUNT=0',
      'FREQ=DAILY;COUNT=2;COUNT=3',
      'FREQ=DAILY;COUNT=2;UNTIL=20301231',
      'FREQ=DAILY;INTERVAL=-1',
      'FREQ=YEARLY;BYMONTH=13',
      'FREQ=MONTHLY;BYMONTHDAY=0',
      'FREQ=WEEKLY;BYDAY=XX',
      'FREQ=MONTHLY;BYDAY=54MO',
      'FREQ=DAILY;UNTIL=20301301',
      'FREQ=DAILY;BYHOUR=24',
      'FREQ=DAILY;constructor=1',
      'FREQ=DAILY;',
      'FREQ=DAILY;COUNT',
    ]) {
      expect(accepts(rule), rule).toBe(false)
    }
  })
})
