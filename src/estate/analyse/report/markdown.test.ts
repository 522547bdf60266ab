import { describe, expect, it } from 'vitest'

import { analysisOf, smallEstate } from '../../../../test/support/estate-report.ts'
import { writeMarkdown } from './markdown.ts'

describe('the report as Markdown', () => {
  it('has summary, plan, findings and definitions side by side', async () => {
    await expect(writeMarkdown(smallEstate())).toMatchFileSnapshot(
      '../../../../test/golden/analyse/report/report.md',
    )
  })

  it('shows text of the files as text: no HTML, link, code fence, table cell or control character', () => {
    const text = writeMarkdown(smallEstate())
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(text).not.toMatch(/<(?!br>|\/?details>|\/?summary>)/)
    expect(text).not.toContain('```')
    expect(text).not.toMatch(/(?<!\\)\]\(/)
    expect(text).not.toContain('http://')
    const tables = text.split('\n').filter((line) => line.startsWith('|'))
    const cells = new Set(tables.map((line) => line.match(/(?<!\\)\|/g)!.length))
    // Side by side and overview: a name and two sources. Sources: six columns.
    expect(cells).toEqual(new Set([4, 7]))
  })

  it('leaves out what there is nothing to say about', () => {
    expect(writeMarkdown(analysisOf([])).match(/^##? .*/gm)).toEqual(['# What the SQL files really say'])
  })
})
