import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { writeHtml } from '../../src/estate/analyse/report/html.ts'
import { largeEstate, smallEstate } from '../support/estate-report.ts'

/** TEST_CHROMIUM names another one than Debian's. */
const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium'
const isThere = existsSync(executablePath)

describe.skipIf(!isThere)(`the page in a browser (skipped without ${executablePath})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'robbieverse-page-'))
  let browser: Browser
  beforeAll(async () => {
    // Chromium's own sandbox does not work for root, which tests in containers are.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  /** The report opened as a file, with what the page complained of and asked for. */
  async function open(markup: string, colorScheme: 'light' | 'dark' = 'light') {
    const file = join(folder, 'report.html')
    writeFileSync(file, markup)
    const page = await browser.newPage({ colorScheme })
    const complaints: string[] = []
    const asked: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return { page, complaints, asked }
  }

  const shown = (page: Page) => page.locator('.findings > li:visible').count()

  it('runs under its own policy, asks for nothing, and obeys no text of the files', async () => {
    const { page, complaints, asked } = await open(writeHtml(smallEstate()))
    expect(await page.title()).toBe('What the SQL files really say')
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
    expect(asked).toHaveLength(1)
    expect(await page.locator('#told').textContent()).toBe('5 of 5 findings')
    await page.close()
  })

  it('finds by words, severity and rule, and shows all again', async () => {
    const { page } = await open(writeHtml(smallEstate()))
    await page.getByLabel('Search').fill('password')
    expect(await shown(page)).toBe(1)
    expect(await page.locator('article:visible h3').allTextContents()).toEqual(['file setup/roles.sql'])
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => shown(page)).toBe(5)
    await page.getByLabel(/critical \(/).uncheck()
    expect(await shown(page)).toBe(2)
    await page.getByLabel('Rule').selectOption('homonym')
    expect(await shown(page)).toBe(1)
    await page.getByLabel('Search').fill('nothing of the kind')
    expect(await page.locator('#told').textContent()).toBe('No finding fits.')
    await page.close()
  })

  it('works by keyboard: search, consequences, and from the graph to the finding', async () => {
    const { page } = await open(writeHtml(smallEstate()))
    await page.keyboard.press('/')
    await page.keyboard.type('companies')
    expect(await shown(page)).toBe(2)
    const summary = page.locator('.findings summary').first()
    await summary.focus()
    await page.keyboard.press('Enter')
    expect(await page.getByText('contacts_99_company_id_fkey').isVisible()).toBe(true)
    await page.getByLabel('Search').fill('password')
    const node = page.locator('svg a').first()
    await node.focus()
    expect(await page.locator('svg path.is-lit').count()).toBe(3)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('article:target').isVisible()).toBe(true)
    expect(await page.locator('article:target h3').textContent()).toBe('table public.companies')
    await page.getByRole('link', { name: 'Definitions side by side' }).press('Enter')
    await expect.poll(() => page.locator('details.table[open] tr.differs').count()).toBe(2)
    await page.close()
  })

  it('shows everything without its script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const file = join(folder, 'bare.html')
    writeFileSync(file, writeHtml(smallEstate()))
    await page.goto(pathToFileURL(file).href)
    expect(await shown(page)).toBe(5)
    expect(await page.locator('form').isVisible()).toBe(false)
    await context.close()
  })

  it.each(['light', 'dark'] as const)('can be read in %s colours', async (scheme) => {
    const { page } = await open(writeHtml(smallEstate()), scheme)
    const contrasts = await page.evaluate(CONTRASTS)
    expect(contrasts.length).toBeGreaterThan(20)
    expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([])
    await page.close()
  })

  it('stays usable with hundreds of tables', async () => {
    const { page, complaints } = await open(writeHtml(largeEstate(600)))
    await page.getByLabel('Search').fill('table_599')
    expect(await shown(page)).toBe(2)
    const box = await page.locator('svg').boundingBox()
    expect(box!.width).toBeGreaterThan(700)
    expect(complaints).toEqual([])
    await page.close()
  })
})

/** Contrast of each text with what is behind it, by the formula of WCAG 2; runs in the page. */
const CONTRASTS = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const ground = getComputedStyle(at).backgroundColor
      if (!/rgba\\(0, 0, 0, 0\\)/.test(ground)) return ground
    }
    return 'rgb(255, 255, 255)'
  }
  return [...document.querySelectorAll('p, li, code, th, td, a, summary, label, h1, h2, h3, svg text, strong, span')]
    .filter((element) => element.closest('svg') === null || element.tagName === 'text')
    .filter((element) => element.checkVisibility() && element.textContent.trim() !== '')
    .map((element) => {
      const style = getComputedStyle(element)
      const [a, b] = [light(element.closest('svg') ? style.fill : style.color), light(groundOf(element))]
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      return { text: element.textContent.trim().slice(0, 40), contrast }
    })
})()` as unknown as () => { text: string; contrast: number }[]
