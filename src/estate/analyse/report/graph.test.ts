import { describe, expect, it } from 'vitest'

import { findingOf, largeEstate, smallEstate } from '../../../../test/support/estate-report.ts'
import { graphOf } from './graph.ts'

const about = (name: string, files: string[], broken: string[] = []) =>
  findingOf({
    object: { kind: 'table', schema: 'public', name },
    locations: files.map((file) => ({ file, line: 1 })),
    consequences: broken.map((file) => ({ file, line: 1, message: 'failed' })),
  })

describe('the graph of what conflicts with what', () => {
  it('joins an object with the files that speak of it and with those that break', () => {
    const { nodes, edges } = graphOf([about('notes', ['a.sql', 'b.sql'], ['b.sql', 'c.sql'])])
    expect(nodes.map(({ label }) => label)).toEqual(['a.sql', 'b.sql', 'c.sql', 'table public.notes'])
    expect(edges.map(({ file, kind }) => `${file.label} ${kind}`)).toEqual([
      'a.sql says',
      'b.sql says',
      'c.sql breaks',
    ])
  })

  it('leaves out what concerns one file only, and what is no conflict', () => {
    const { nodes, height } = graphOf([
      about('alone', ['a.sql']),
      findingOf({ rule: 'homonym', severity: 'info' }),
    ])
    expect(nodes).toEqual([])
    expect(height).toBe(0)
  })

  it('puts groups that share no file below each other, the worst first', () => {
    const { nodes } = graphOf([
      about('mild', ['a.sql', 'b.sql']),
      about('bad', ['x.sql', 'y.sql'], ['z.sql', 'z.sql']),
      about('other', ['y.sql', 'w.sql']),
    ])
    const at = (label: string) => nodes.find((node) => node.label === label)!.y
    expect(at('table public.bad')).toBeLessThan(at('table public.other'))
    expect(Math.max(at('table public.other'), at('w.sql'))).toBeLessThan(at('a.sql'))
    expect(at('b.sql')).toBeLessThan(at('table public.mild') + 30)
  })

  it('never has two nodes of a column on one line, and stays within the drawing', () => {
    const { nodes, edges, height, width } = graphOf(largeEstate(120).findings)
    const taken = nodes.map(({ x, y }) => `${x} ${y}`)
    expect(new Set(taken).size).toBe(taken.length)
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
    expect(nodes.every(({ x, y }) => x > 0 && x < width && y > 0 && y < height)).toBe(true)
    expect(edges.length).toBeGreaterThan(240)
  })

  it('shows the worst of very many, and says how many it leaves out', () => {
    const { nodes, leftOut } = graphOf(largeEstate(1000).findings)
    const objects = nodes.filter(({ object }) => object !== null)
    expect(nodes.length).toBeLessThanOrEqual(300)
    expect(objects.length + leftOut).toBe(1000)
    expect(objects[0]!.label).toBe('table public.table_104')
  })

  it('is the same whatever order the findings come in', () => {
    const { findings } = smallEstate()
    expect(graphOf(findings.toReversed())).toEqual(graphOf(findings))
  })
})
