import type { ImportedMessage } from './imported.ts'

/** One node of another product's message tree; `kept` is null for nodes that hold nothing to take over. */
export type TreeNode<T> = { id: string; parentId: string | null; children: string[]; kept: T | null }

/** A kept node and its nearest kept ancestor. */
export type PlacedNode<T> = { id: string; parentId: string | null; value: T }

/** The kept nodes with parents before children, and what had to be done to get there. */
export type ArrangedTree<T> = {
  placed: PlacedNode<T>[]
  /** Nodes whose link to their parent was cut because following it led in a circle. */
  cut: string[]
  /** For every node: itself if it is kept, else its nearest kept ancestor, else null. */
  nearestKept: Map<string, string | null>
}

/** A node's parent is the one it names; failing that, the first node that lists it as a child. */
function findParents<T>(nodes: Map<string, TreeNode<T>>): Map<string, string> {
  const listedBy = new Map<string, string>()
  for (const node of nodes.values()) {
    for (const child of node.children) if (!listedBy.has(child)) listedBy.set(child, node.id)
  }
  const parents = new Map<string, string>()
  for (const node of nodes.values()) {
    const named = node.parentId !== null && nodes.has(node.parentId) ? node.parentId : undefined
    const parent = named ?? listedBy.get(node.id)
    if (parent !== undefined) parents.set(node.id, parent)
  }
  return parents
}

/**
 * Cuts every circle at the member that comes first in the file, so that the same file is always cut alike.
 */
function cutCircles<T>(nodes: Map<string, TreeNode<T>>, parents: Map<string, string>): string[] {
  const position = new Map([...nodes.keys()].map((id, index) => [id, index]))
  const settled = new Set<string>()
  const cut: string[] = []
  for (const start of nodes.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    let at: string | undefined = start
    while (at !== undefined && !settled.has(at) && !onPath.has(at)) {
      path.push(at)
      onPath.add(at)
      at = parents.get(at)
    }
    if (at !== undefined && onPath.has(at)) {
      const circle = path.slice(path.indexOf(at))
      const first = circle.reduce((a, b) => ((position.get(a) ?? 0) <= (position.get(b) ?? 0) ? a : b))
      parents.delete(first)
      cut.push(first)
    }
    for (const id of path) settled.add(id)
  }
  return cut
}

/**
 * Siblings stand in the order in which their parent lists them; those it does not list follow in file order.
 */
function findChildren<T>(
  nodes: Map<string, TreeNode<T>>,
  parents: Map<string, string>,
): Map<string, string[]> {
  const children = new Map<string, string[]>()
  for (const [id, parent] of parents) {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [id])
    else siblings.push(id)
  }
  for (const [parent, siblings] of children) {
    const rank = new Map((nodes.get(parent)?.children ?? []).map((id, index) => [id, index]))
    const rankOf = (id: string): number => rank.get(id) ?? rank.size
    siblings.sort((a, b) => rankOf(a) - rankOf(b))
  }
  return children
}

/**
 * Orders a tree that may be damaged: unknown parents make a node a root, circles are cut, and a kept node
 * hangs on its nearest kept ancestor. Node ids must be unique. Linear in the number of nodes and without
 * recursion.
 */
export function arrangeTree<T>(list: TreeNode<T>[]): ArrangedTree<T> {
  const nodes = new Map(list.map((node) => [node.id, node]))
  const parents = findParents(nodes)
  const cut = cutCircles(nodes, parents)
  const children = findChildren(nodes, parents)
  const nearestKept = new Map<string, string | null>()
  const placed: PlacedNode<T>[] = []
  const waiting = [...nodes.keys()].filter((id) => !parents.has(id)).toReversed()
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const parent = parents.get(id)
    const keptAbove = parent === undefined ? null : (nearestKept.get(parent) ?? null)
    const value = nodes.get(id)?.kept ?? null
    nearestKept.set(id, value === null ? keptAbove : id)
    if (value !== null) placed.push({ id, parentId: keptAbove, value })
    for (const child of (children.get(id) ?? []).toReversed()) waiting.push(child)
  }
  return { placed, cut, nearestKept }
}

/**
 * The message without replies that was written last; the later in the list of equals. Null for an empty list.
 */
export function newestLeaf(messages: ImportedMessage[]): string | null {
  const answered = new Set(messages.map((message) => message.parentExternalId))
  let newest: ImportedMessage | null = null
  for (const message of messages) {
    if (answered.has(message.externalId)) continue
    if (newest === null || (message.at ?? '') >= (newest.at ?? '')) newest = message
  }
  return newest?.externalId ?? null
}
