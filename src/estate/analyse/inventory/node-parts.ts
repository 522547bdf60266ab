/** A node of libpg-query's tree, of which nothing is known before it is looked at. */
export type Node = Record<string, unknown>

/** The value as a node; null for a list and anything else. */
export const asNode = (value: unknown): Node | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : null
/** The value as a list; empty for anything else. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
/** The value as a text; null for anything else. */
export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null)
/** Offset in bytes; libpg-query leaves out a location of 0. */
export const locationOf = (node: Node): number =>
  typeof node['location'] === 'number' ? Math.max(node['location'], 0) : 0
/** What a node of the kind holds: `{ kind: ... }`. */
export const inner = (value: unknown, kind: string): Node | null => asNode(asNode(value)?.[kind])
/** The text of a `String` node. */
export const stringOf = (value: unknown): string | null => asText(inner(value, 'String')?.['sval'])

/** What is grouped by, taken out of `rollup`, `cube` and `grouping sets`: names there may be outputs as well. */
export function groupedBy(items: unknown[]): unknown[] {
  const queue = [...items]
  for (const item of queue) {
    const set = inner(item, 'GroupingSet')
    const row = inner(item, 'RowExpr')
    for (const part of asList(set?.['content'] ?? row?.['args'])) queue.push(part)
  }
  return queue.filter((item) => !inner(item, 'GroupingSet') && !inner(item, 'RowExpr'))
}
