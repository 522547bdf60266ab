/**
 * The non-empty parts as paragraphs. Takes a list, because a list of any length must not become arguments.
 */
export function paragraphs(parts: (string | null | undefined)[]): string {
  return parts.filter((part) => part?.trim()).join('\n\n')
}

/** A code block whose fence is longer than any run of backticks within. */
export function fenced(code: string, language: string | null): string {
  const longest = (code.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  const name =
    language !== null && /^[\w+#.-]{1,30}$/.test(language) && language !== 'unknown' ? language : ''
  return `${fence}${name}\n${code}\n${fence}`
}

/** Stands for something that is not text, as in `[file: plan.pdf]`. */
export function marker(what: string, name: string | null): string {
  return name === null || name === '' ? `[${what}]` : `[${what}: ${name}]`
}
