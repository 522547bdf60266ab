import type { Name } from './facts.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- the parser hands out its tree as plain JSON, without types
export type Node = Record<string, any>

/** The 1-based line in the file of a byte offset in the statement. */
export type LineOf = (offset: number | undefined) => number

/** Counts lines of a text that begins at `firstLine` of its file. Offsets are bytes, as the parser gives them. */
export function lineCounter(text: string, firstLine: number): LineOf {
  const ends: number[] = []
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) ends.push(bytes)
    // Each half of a surrogate pair is counted as half of its four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
  }
  return (offset = 0) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! < offset) low = middle + 1
      else high = middle
    }
    return firstLine + low
  }
}

/** The strings of a list of `String` nodes. */
export function stringsOf(nodes: Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => (typeof node.String?.sval === 'string' ? [node.String.sval] : []))
}

/** A `RangeVar` as a name. */
export function nameOfRange(range: Node | undefined): Name {
  return { schema: range?.schemaname ?? null, name: range?.relname ?? '' }
}

/** A dotted name that is a list of strings; what stands before the schema is left out. */
export function nameOfParts(parts: string[]): Name {
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}

/** All nodes of a kind below this one, with itself. Does not recurse, since texts may be nested without end. */
export function* nodesOf(root: unknown, kind: string): Generator<Node> {
  const open: unknown[] = [root]
  while (open.length > 0) {
    const node = open.pop()
    if (typeof node !== 'object' || node === null) continue
    const values = Array.isArray(node) ? node : Object.values(node)
    const found = (node as Node)[kind]
    if (!Array.isArray(node) && typeof found === 'object' && found !== null) yield found
    for (let at = values.length - 1; at >= 0; at--) open.push(values[at])
  }
}

/** The tables, views and the like that a part of a statement reads; names of its own `with` are not among them. */
export function relationsOf(root: unknown): Name[] {
  const own = new Set<string>()
  for (const cte of nodesOf(root, 'CommonTableExpr')) own.add(cte.ctename)
  const seen = new Map<string, Name>()
  for (const range of nodesOf(root, 'RangeVar')) {
    const name = nameOfRange(range)
    if (name.schema === null && own.has(name.name)) continue
    seen.set(`${name.schema ?? ''}.${name.name}`, name)
  }
  return [...seen.values()]
}
