import { createHash } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { analysisOf, largeEstate, smallEstate } from '../../../../test/support/estate-report.ts'
import { html, rawHtml } from './html-text.ts'
import { writeHtml } from './html.ts'

describe('the report as a page', () => {
  const page = writeHtml(smallEstate())

  it('shows text of the files as text', () => {
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<img|<!--|<b>/)
    expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=&quot;document.title=1&quot;&gt;')
    expect(page).not.toMatch(/[^\P{Cc}\n]/u)
    expect(page).not.toContain('\u202e')
  })

  it('asks the network for nothing and allows only its own style and script', () => {
    expect(page).not.toMatch(/\b(?:src|srcset|action)=(?!x onerror)|<link|@import|url\(/)
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, target]) => target!.startsWith('#'))).toBe(true)
    expect(page).not.toMatch(/ style="| on[a-z]+="/)
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]
    for (const [, part] of page.matchAll(/<(?:style|script)>([^]*?)<\/(?:style|script)>/g)) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(part!).digest('base64')}'`)
    }
    expect(policy).toMatch(/^default-src 'none';/)
  })

  it('links only to what is there, and names each place once', () => {
    const large = writeHtml(largeEstate(400))
    for (const text of [page, large]) {
      const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
      const targets = [...text.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(targets.filter((target) => !ids.includes(target))).toEqual([])
    }
  })

  it('is the same page each time', () => {
    const analysis = smallEstate()
    expect(writeHtml({ ...analysis, findings: analysis.findings.toReversed() })).toBe(page)
  })

  it('says so when nothing was found', () => {
    const empty = writeHtml(analysisOf([]))
    expect(empty).toContain('Nothing was found.')
    expect(empty).not.toMatch(/<form|<svg|<article/)
  })
})

describe('markup with holes', () => {
  it('escapes texts, keeps markup, and joins lists of both', () => {
    const item = html`<b>${'<&>'}</b>`
    expect(html`<p title="${'"\''}">${[item, 'x', 3, rawHtml('<hr>')]}</p>`.markup).toBe(
      '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>x3<hr></p>',
    )
  })
})
