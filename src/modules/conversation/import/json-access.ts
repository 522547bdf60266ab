/** A JSON object of unknown shape, as read from a file nobody here wrote. */
export type JsonRecord = Record<string, unknown>

/** Whether a JSON value is an object (not null, not an array). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * An own field of an object; undefined for anything else, so that `constructor` and the like are never found.
 */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A field that holds an array; an empty array for anything else. */
export function listField(value: unknown, name: string): unknown[] {
  const found = field(value, name)
  return Array.isArray(found) ? found : []
}

/** A field that holds a string; null for anything else. */
export function textField(value: unknown, name: string): string | null {
  const found = field(value, name)
  return typeof found === 'string' ? found : null
}

/** Whether a JSON value nests deeper than `limit` levels. Uses no recursion, so that any input is safe. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      if (depth >= limit) return true
      for (const child of Object.values(item))
        if (typeof child === 'object' && child !== null) next.push(child)
    }
    level = next
  }
  return false
}

/**
 * Whether a JSON text has more values than `limit`, counted by what separates them; those within texts count
 * too. Asked before parsing: 32 MiB of empty objects would take a gigabyte.
 */
export function hasMoreValuesThan(text: string, limit: number): boolean {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    // A comma, [ or {.
    if (code === 0x2c || code === 0x5b || code === 0x7b) count += 1
    if (count > limit) return true
  }
  return false
}

/**
 * JSON with the keys of every object in order: equal content gives equal text. Only for values of bounded
 * depth.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
  return `{${members.join(',')}}`
}
