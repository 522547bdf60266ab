import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { arrangeTree, newestLeaf, type TreeNode } from './message-tree.ts'

const node = (
  id: string,
  parentId: string | null,
  children: string[] = [],
  kept: string | null = id,
): TreeNode<string> => ({
  id,
  parentId,
  children,
  kept,
})

const links = (nodes: TreeNode<string>[]): [string, string | null][] =>
  arrangeTree(nodes).placed.map((placed) => [placed.id, placed.parentId])

describe('arrangeTree', () => {
  it('puts parents before children, whatever the order in the file', () => {
    expect(links([node('c', 'b'), node('b', 'a'), node('a', null)])).toEqual([
      ['a', null],
      ['b', 'a'],
      ['c', 'b'],
    ])
  })

  it('hangs a kept node on its nearest kept ancestor', () => {
    const tree = [
      node('a', null),
      node('b', 'a', [], null),
      node('c', 'b', [], null),
      node('d', 'c'),
      node('e', 'b'),
    ]
    expect(links(tree)).toEqual([
      ['a', null],
      ['d', 'a'],
      ['e', 'a'],
    ])
    expect(arrangeTree(tree).nearestKept.get('c')).toBe('a')
  })

  it('orders siblings as their parent lists them', () => {
    expect(
      links([node('a', null, ['z', 'y']), node('x', 'a'), node('y', 'a'), node('z', 'a')]).map(([id]) => id),
    ).toEqual(['a', 'z', 'y', 'x'])
  })

  it('finds a parent that only the parent itself tells of', () => {
    expect(links([node('a', null, ['b']), node('b', null)])).toEqual([
      ['a', null],
      ['b', 'a'],
    ])
  })

  it('makes a node with an unknown parent a root', () => {
    expect(links([node('a', 'nowhere'), node('b', 'a')])).toEqual([
      ['a', null],
      ['b', 'a'],
    ])
  })

  it('cuts a circle once and keeps every node in and below it', () => {
    const tree = arrangeTree([
      node('tail', 'c'),
      node('b', 'a'),
      node('c', 'b'),
      node('a', 'c'),
      node('self', 'self'),
    ])
    expect(tree.cut).toEqual(['b', 'self'])
    expect(tree.placed.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'self', 'tail'])
    expect(tree.placed[0]).toEqual({ id: 'b', parentId: null, value: 'b' })
  })

  it('handles a line of 20,000 nodes and a parent of 130,000 without running out of stack', () => {
    const line = Array.from({ length: 20_000 }, (_, index) =>
      node(`n${index}`, index === 0 ? null : `n${index - 1}`),
    )
    expect(arrangeTree(line).placed.at(-1)).toEqual({ id: 'n19999', parentId: 'n19998', value: 'n19999' })
    const fan = Array.from({ length: 130_000 }, (_, index) => node(`n${index}`, index === 0 ? null : 'n0'))
    expect(arrangeTree(fan).placed).toHaveLength(130_000)
  })

  it('places every kept node once and after its parent, in any graph', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const shape = fc.record({
      parent: fc.option(id),
      children: fc.array(id, { maxLength: 3 }),
      isKept: fc.boolean(),
    })
    const graphs = fc.dictionary(id, shape, { maxKeys: 6 })
    fc.assert(
      fc.property(graphs, (graph) => {
        const nodes = Object.entries(graph).map(([key, { parent, children, isKept }]) =>
          node(key, parent, children, isKept ? key : null),
        )
        const { placed } = arrangeTree(nodes)
        const kept = nodes.filter((one) => one.kept !== null).map((one) => one.id)
        expect(placed.map((one) => one.id).toSorted()).toEqual(kept.toSorted())
        const seen = new Set<string | null>([null])
        for (const one of placed) {
          expect(seen.has(one.parentId)).toBe(true)
          seen.add(one.id)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('newestLeaf', () => {
  const message = (externalId: string, parentExternalId: string | null, at: string | null) => ({
    externalId,
    parentExternalId,
    role: 'user' as const,
    speaker: null,
    at,
    content: 'x',
  })

  it('is the latest message without replies', () => {
    const list = [
      message('a', null, '2024-01-09'),
      message('b', 'a', '2024-01-02'),
      message('c', 'a', '2024-01-03'),
    ]
    expect(newestLeaf(list)).toBe('c')
    expect(newestLeaf(list.toReversed())).toBe('c')
  })

  it('is the last one of those without a time', () => {
    expect(newestLeaf([message('a', null, null), message('b', null, null)])).toBe('b')
    expect(newestLeaf([])).toBeNull()
  })
})
