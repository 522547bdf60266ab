import { Writable } from 'node:stream'

import { describe, expect, it } from 'vitest'

import { Progress } from './progress.ts'
import { addSkipped, describeReport, emptyReport } from './report.ts'

function collect(isTTY: boolean) {
  const written: string[] = []
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString())
      done()
    },
  })
  return { written, output: Object.assign(output, { isTTY, columns: 100 }) }
}

function makeClock() {
  const clock = { ms: 1_000_000, now: () => new Date(clock.ms) }
  return clock
}

describe('the progress of an import', () => {
  it('is one line that is drawn over itself on a terminal, and nothing is left of it', () => {
    const { written, output } = collect(true)
    const clock = makeClock()
    const progress = new Progress({ output, clock, totalBytes: 2_000 })
    progress.begin('/somewhere/a\u001b[31m.json')
    progress.conversations = 3
    progress.messages = 400
    clock.ms += 4_000
    progress.bytes(500, 1_000)
    progress.bytes(600, 1_000)
    expect(written).toEqual([
      '\r\u001b[2K[#####---------------] 25 %  3 conversations, 400 messages  100/s  0:12 left  a\\x1b[31m.json',
    ])
    progress.end()
    expect(written.at(-1)).toBe('\r\u001b[2K')
  })

  it('is a line for each tenth of a large file where there is no terminal', () => {
    const { written, output } = collect(false)
    const progress = new Progress({ output, clock: makeClock(), totalBytes: 21_000_000 })
    progress.begin('small.json')
    progress.bytes(1_000_000, 1_000_000)
    progress.begin('large.json')
    for (let done = 0; done <= 20_000_000; done += 1_500_000) progress.bytes(done, 20_000_000)
    progress.end()
    expect(written).toHaveLength(9)
    expect(written[0]).toBe('large.json: 10 %, 0 conversations, 0 messages\n')
  })

  it('counts the files before as done', () => {
    const { output } = collect(false)
    const progress = new Progress({ output, clock: makeClock(), totalBytes: 400 })
    progress.begin('a')
    progress.bytes(200, 200)
    progress.begin('b')
    progress.bytes(100, 200)
    expect(progress.line()).toContain(' 75 % ')
  })
})

describe('the report of an import', () => {
  it('counts what was left out by reason and names the first twenty', () => {
    const report = emptyReport('/somewhere/chat.json')
    report.conversations = { read: 2, created: 1, alreadyThere: 1 }
    for (let index = 0; index < 22; index += 1) {
      addSkipped(report, {
        code: index === 0 ? 'CYCLE' : 'EMPTY_MESSAGE',
        where: `line ${index}`,
        reason: 'no\u0007 text',
      })
    }
    const lines = describeReport({ isComplete: false, files: [report] }).split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'chat.json',
      '  conversations 2 read, 1 new, 1 already there',
      '  left out or altered: 22 (EMPTY_MESSAGE 21, CYCLE 1)',
      '    line 0: no\\x07 text',
    ])
    expect(lines.filter((line) => line.includes('no\\x07 text'))).toHaveLength(20)
    expect(lines.at(-2)).toBe('    and 2 more; --json names all of them')
    expect(lines.at(-1)).toMatch(/^Stopped before the end/)
    expect(report.skipped.items).toHaveLength(22)
  })
})
