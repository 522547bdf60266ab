/** Puts words in the place of their names in braces. Throws for a name that has none: a text would show its braces. */
export function fillIn(text: string, words: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const word = words[name]
    if (word === undefined) throw new Error(`there is no word for {${name}}`)
    return word
  })
}
