import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { analyse } from '../../src/estate/analyse/index.ts'
import { variantsOf, type Estate } from '../../src/estate/analyse/estate.ts'
import { naturesOf } from '../../src/estate/analyse/kinship.ts'
import type { EstateFile } from '../../src/estate/analyse/inventory/estate-file.ts'
import { Parser } from '../../src/estate/analyse/inventory/parser.ts'
import { readFiles } from '../../src/estate/analyse/inventory/read-file.ts'
import { judge } from '../../src/estate/analyse/rules/index.ts'
import { simulate } from '../../src/estate/analyse/simulate/simulate.ts'
import { groupIntoSources } from '../../src/estate/analyse/sources.ts'
import { mutated } from './mutated-files.ts'

const FILES = 10_000
const TOGETHER = 200
/** What all of it may take beyond what the process had before. Bytes. */
const MOST_MEMORY = 600e6

describe('an estate of files that are no SQL any more', { timeout: 600_000 }, () => {
  let parser: Parser
  beforeAll(() => (parser = new Parser()))
  afterAll(() => parser.close())

  it(`is read, followed and judged, all ${FILES} files of it, in bounded memory`, async () => {
    const before = process.memoryUsage().rss
    let statements = 0
    for (let at = 0; at < FILES; at += TOGETHER) {
      const files: EstateFile[] = []
      for (const [index, bytes] of fc.sample(mutated, TOGETHER).entries()) {
        const path = `part${index % 7}/${String(index).padStart(3, '0')}_step.sql`
        const [file] = (await readFiles(parser, [{ path, bytes }])) as [EstateFile]
        expect(file.statements.every(({ line }) => line >= 1)).toBe(true)
        files.push(file)
        statements += file.statements.length
      }
      expect(judge(estateOf(files)).every(({ message }) => message !== '')).toBe(true)
    }
    expect(statements).toBeGreaterThan(FILES)
    expect(process.memoryUsage().rss - before).toBeLessThan(MOST_MEMORY)
    // The parser still is what it was.
    const [last] = await parser.parse([{ parsable: 'select 1', line: 1 }])
    expect(last!.error).toBeNull()
  })

  it('is tried in a database, which bears it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'robbieverse-mutated-'))
    try {
      for (const [index, bytes] of fc.sample(mutated, 120).entries()) {
        mkdirSync(join(folder, `part${index % 5}`), { recursive: true })
        writeFileSync(join(folder, `part${index % 5}`, `${index}_step.sql`), bytes)
      }
      const { signal } = new AbortController()
      const analysis = await analyse({ paths: [folder], services: [], database: null, signal })
      const { files, incomplete } = analysis.summary
      // Those with too many zero bytes are told of as no text.
      expect(files + incomplete.length).toBe(120)
      expect(files).toBeGreaterThan(90)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

function estateOf(files: EstateFile[]): Estate {
  const sources = groupIntoSources(files)
  const simulated = sources.map(simulate)
  return {
    files,
    tools: [],
    sources,
    simulated,
    executions: [],
    roots: [],
    variants: variantsOf(simulated, naturesOf(sources, simulated)),
    services: { statements: [], orm: [] },
    live: null,
  }
}
