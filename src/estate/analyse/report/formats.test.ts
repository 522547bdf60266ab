import { describe, expect, it } from 'vitest'

import { smallEstate } from '../../../../test/support/estate-report.ts'
import { formatOfFile, FORMATS, writeReport } from './formats.ts'

const look = { width: 80, isColoured: false, isWhole: false, version: '1.0.0' }

describe('the formats of a report', () => {
  it('each end with one newline, and bring no control characters of the files', () => {
    for (const format of FORMATS) {
      const text = writeReport(smallEstate(), format, look)
      expect(text).toMatch(/[^\n]\n$/)
      expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    }
  })

  it('are told by the name of a file', () => {
    const names = ['a.html', 'b.MD', 'c.json', 'd.sarif', 'e.txt', 'f.pdf', 'json', 'g.constructor']
    expect(names.map(formatOfFile)).toEqual([
      'html',
      'markdown',
      'json',
      'sarif',
      'text',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('say the same of JSON as the analysis does', () => {
    const analysis = smallEstate()
    expect(JSON.parse(writeReport(analysis, 'json', look))).toEqual(analysis)
  })
})
