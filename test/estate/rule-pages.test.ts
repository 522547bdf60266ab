import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { SEVERITIES, type Confidence, type Finding } from '../../src/estate/analyse/finding.ts'
import { analyse } from '../../src/estate/analyse/index.ts'
import { objectText } from '../../src/estate/analyse/report/object-groups.ts'
import { RULES } from '../../src/estate/analyse/rules/index.ts'
import { Scratch } from '../../src/estate/analyse/scratch/scratch.ts'
import { onBackend } from '../support/backends.ts'
import { emptyDatabase } from '../support/test-database.ts'
import { PAGES, readPage, type Example } from './rule-page.ts'

const SURE: Record<Confidence, string> = {
  proven: 'proven by PostgreSQL itself',
  read: 'read from the text',
  guessed: 'guessed from likeness',
}
const pages = RULES.map((rule) => ({ rule, id: rule.id, page: readPage(rule.id) }))
const isLive = ({ found }: { found: Example }) => found.live !== null

let folder: string
let scratch: Scratch

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'robbieverse-pages-'))
  scratch = new Scratch()
})
afterAll(async () => {
  await scratch.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a rule says of the files of an example, as the page writes it. */
async function saidOf(id: string, { files }: Example, database: string | null = null): Promise<string[]> {
  const root = mkdtempSync(join(folder, 'example-'))
  for (const [path, text] of files) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const request = { paths: [root], services: [], signal: new AbortController().signal }
  const { findings } = await analyse({ ...request, database }, { scratch })
  return findings.filter(({ rule }) => rule === id).map(lineOf)
}

const lineOf = ({ object, message }: Finding) => `${objectText(object)}: ${message}`

describe('the pages of the rules', () => {
  it('are one for each rule', () => {
    const files = readdirSync(PAGES).filter((name) => name !== 'README.md')
    expect(files.toSorted()).toEqual(RULES.map(({ id }) => `${id}.md`).toSorted())
  })

  it('are listed with their severities, the worst first', () => {
    const listed = readFileSync(join(PAGES, 'README.md'), 'utf8').matchAll(/^\| \[.*$/gm)
    const worstFirst = SEVERITIES.flatMap((severity) => RULES.filter((rule) => rule.severity === severity))
    expect([...listed].map(([line]) => line)).toEqual(
      worstFirst.map(
        ({ id, severity, confidence, summary }) =>
          `| [${id}](${id}.md) | ${severity} | ${SURE[confidence]} | ${summary} |`,
      ),
    )
  })

  it.each(pages)('begin with what the rule says of itself: $id', ({ rule, id, page }) => {
    expect(page.title).toBe(`# ${id}`)
    expect(page.intro).toBe(`**${rule.severity}**, ${SURE[rule.confidence]}. ${rule.summary}`)
  })

  it.each(pages.filter(({ page }) => !isLive(page)))('show what $id finds', async ({ id, page }) => {
    expect(page.found.said).not.toEqual([])
    expect(await saidOf(id, page.found)).toEqual(page.found.said)
  })

  it.each(pages.filter(({ page }) => !isLive(page)))('show what $id does not find', async ({ id, page }) => {
    expect(page.notFound.files.size).toBeGreaterThan(0)
    expect(await saidOf(id, page.notFound)).toEqual([])
  })
})

onBackend('server', (backend) => {
  it.each(
    pages
      .filter(({ page }) => isLive(page))
      .flatMap(({ id, page }) => [
        { id, example: page.found },
        { id, example: page.notFound },
      ]),
  )('show what $id finds in a database', async ({ id, example }) => {
    const live = await emptyDatabase(backend)
    try {
      await live.database.session((session) => session.exec(example.live!))
      expect(await saidOf(id, example, live.url!)).toEqual(example.said)
    } finally {
      await live.drop()
    }
  })
})
