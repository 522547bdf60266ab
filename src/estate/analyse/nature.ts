/** What a source is among the others. */
export type Nature = {
  source: string
  /** The example or the project that it belongs to, each with a database of its own; null where nothing tells. */
  project: string | null
  isSnapshot: boolean
  /** Sources that it is applied on top of: it changes tables that they make. */
  bases: ReadonlySet<string>
}
