import { readFileSync } from 'node:fs'

/** The folder of the rules' pages, of which each is `ID.md`. */
export const PAGES = new URL('../../docs/rules/', import.meta.url).pathname

/** What a page shows: files by path with their text, what makes the live database, and what is said of them. */
export type Example = { files: Map<string, string>; live: string | null; said: string[] }

/** The page of a rule: its first paragraph in one line, and its two examples. */
export function readPage(id: string): { title: string; intro: string; found: Example; notFound: Example } {
  const text = readFileSync(`${PAGES}${id}.md`, 'utf8')
  const [head, ...sections] = text.split(/^## /m)
  const [title, intro] = head!.split('\n\n') as [string, string]
  const section = (name: string) => sections.find((one) => one.startsWith(`${name}\n`)) ?? ''
  return {
    title,
    intro: intro.replaceAll('\n', ' '),
    found: exampleOf(section('Found')),
    notFound: exampleOf(section('Not found')),
  }
}

/** A line of comment that is only a path names the file that follows; without one it is `schema.sql`. */
function exampleOf(section: string): Example {
  const files = new Map<string, string>()
  const said: string[] = []
  for (const [, language, code] of section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)) {
    if (language === 'text') said.push(...code!.split('\n').filter((line) => line !== ''))
    else for (const [path, text] of filesIn(code!)) files.set(path, text)
  }
  const live = files.get('live.sql') ?? null
  files.delete('live.sql')
  return { files, live, said }
}

function filesIn(code: string): [string, string][] {
  const parts = code.split(/^(?:--|#|\/\/) (\S+\.\w+)\n/m)
  const named = parts.slice(1).flatMap((part, at, all) => (at % 2 === 0 ? [[part, all[at + 1]!]] : []))
  return named.length === 0 ? [['schema.sql', code]] : (named as [string, string][])
}
