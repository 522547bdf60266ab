/** Deeper than any input of ours; far less than what overflows the stack of a recursive reader. */
const MAX_DEPTH = 100

/** Whether a JSON value is nested so deeply that code which walks it recursively could overflow the stack. */
export function isNestedTooDeeply(value: unknown): boolean {
  let level: object[] = isObject(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap((item) => Object.values(item).filter(isObject))
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
