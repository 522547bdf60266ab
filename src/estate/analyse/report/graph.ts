import { byCodePoint, byKeys } from '../code-point-order.ts'
import type { Finding, ObjectRef, Severity } from '../finding.ts'
import { groupByObject, objectKey, objectText } from './object-groups.ts'

/** An object on the right, or a file on the left. Coordinates are the middle of its line, in units of the drawing. */
export type GraphNode = {
  id: string
  label: string
  object: ObjectRef | null
  worst: Severity | null
  x: number
  y: number
}
/** `says`: the finding stands there; `breaks`: something there goes wrong for it. */
export type GraphEdge = { file: GraphNode; object: GraphNode; kind: 'says' | 'breaks'; worst: Severity }
export type Graph = { nodes: GraphNode[]; edges: GraphEdge[]; width: number; height: number; leftOut: number }

/** More than these cannot be read; the worst objects come first. */
const MOST_NODES = 300
const ROW = 24
const GROUP_GAP = 30
const TOP = 20
export const FILES_X = 380
export const OBJECTS_X = 620
const WIDTH = 1000

type Conflict = { object: ObjectRef; worst: Severity; files: Map<string, GraphEdge['kind']> }

/**
 * What conflicts with what: objects about which several files disagree or break, each beside those files. Groups that
 * share no file stand below each other, the worst first. The same findings make the same drawing.
 */
export function graphOf(findings: readonly Finding[]): Graph {
  const conflicts = conflictsOf(findings)
  const shown = asManyAsFit(conflicts)
  const graph: Graph = {
    nodes: [],
    edges: [],
    width: WIDTH,
    height: 0,
    leftOut: conflicts.length - shown.length,
  }
  let top = TOP
  for (const group of connected(shown)) top = place(group, graph, top) + GROUP_GAP
  graph.height = graph.nodes.length === 0 ? 0 : top - GROUP_GAP + TOP
  return graph
}

function conflictsOf(findings: readonly Finding[]): Conflict[] {
  const serious = findings.filter(({ severity }) => severity !== 'info')
  return groupByObject(serious)
    .map(({ object, worst, findings: own }) => {
      const says = own.flatMap(({ locations }) => locations.map(({ file }) => [file, 'says'] as const))
      const breaks = own.flatMap(({ consequences }) =>
        consequences.map(({ file }) => [file, 'breaks'] as const),
      )
      return { object, worst, files: new Map<string, GraphEdge['kind']>([...breaks, ...says]) }
    })
    .filter(({ files }) => files.size > 1)
}

function asManyAsFit(conflicts: readonly Conflict[]): Conflict[] {
  const files = new Set<string>()
  const shown: Conflict[] = []
  for (const conflict of conflicts) {
    const more = [...conflict.files.keys()].filter((file) => !files.has(file))
    if (shown.length + 1 + files.size + more.length > MOST_NODES) continue
    for (const file of more) files.add(file)
    shown.push(conflict)
  }
  return shown
}

/** Conflicts that share files, directly or through others; in the order of their first ones. */
function connected(conflicts: readonly Conflict[]): Conflict[][] {
  const byFile = new Map<string, Conflict[]>()
  for (const conflict of conflicts) {
    for (const file of conflict.files.keys()) byFile.set(file, [...(byFile.get(file) ?? []), conflict])
  }
  const seen = new Set<Conflict>()
  return conflicts.flatMap((start) => {
    if (seen.has(start)) return []
    seen.add(start)
    const group = [start]
    for (const conflict of group) {
      for (const next of [...conflict.files.keys()].flatMap((file) => byFile.get(file)!)) {
        if (!seen.has(next)) group.push(next)
        seen.add(next)
      }
    }
    return [conflicts.filter((conflict) => group.includes(conflict))]
  })
}

/** Puts a group below `top` and resolves with its lower end: objects worst first, files near what they speak of. */
function place(group: readonly Conflict[], graph: Graph, top: number): number {
  const uses = Map.groupBy(
    group.flatMap(({ files }, index) => [...files.keys()].map((file) => ({ file, index }))),
    ({ file }) => file,
  )
  const middle = (file: string) => {
    const own = uses.get(file)!
    return own.reduce((sum, { index }) => sum + index, 0) / own.length
  }
  const files = [...uses.keys()].toSorted(byKeys<string>((a, b) => middle(a) - middle(b), byCodePoint))
  const height = Math.max(files.length, group.length) * ROW
  const y = (index: number, count: number) => Math.round(top + ((index + 0.5) * height) / count)
  const fileNodes = files.map((file, index) => ({
    id: `file-${graph.nodes.length + index + 1}`,
    label: file,
    object: null,
    worst: null,
    x: FILES_X,
    y: y(index, files.length),
  }))
  const byName = new Map(fileNodes.map((node) => [node.label, node]))
  graph.nodes.push(...fileNodes)
  for (const [index, { object, worst, files: own }] of group.entries()) {
    const node = {
      id: objectKey(object),
      label: objectText(object),
      object,
      worst,
      x: OBJECTS_X,
      y: y(index, group.length),
    }
    graph.nodes.push(node)
    const ordered = [...own].toSorted(([a], [b]) => byCodePoint(a, b))
    graph.edges.push(
      ...ordered.map(([file, kind]) => ({ file: byName.get(file)!, object: node, kind, worst })),
    )
  }
  return top + height
}
