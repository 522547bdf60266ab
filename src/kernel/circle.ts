/** Whether whoever follows `parents` upwards from one of its keys, never leaving the map, comes by the same one twice. */
export function hasCircle(parents: ReadonlyMap<string, string | null>): boolean {
  const rooted = new Set<string>()
  for (const id of parents.keys()) {
    const path = new Set<string>()
    let current: string | null | undefined = id
    while (typeof current === 'string' && parents.has(current) && !rooted.has(current)) {
      if (path.has(current)) return true
      path.add(current)
      current = parents.get(current)
    }
    for (const step of path) rooted.add(step)
  }
  return false
}
