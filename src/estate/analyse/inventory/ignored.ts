import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

import ignore, { type Ignore } from 'ignore'

/** The rules of a .gitignore, and the folder that they count from. */
type Rules = { folder: string; rules: Ignore }

/** The .gitignore files that hold for a folder, outermost first. */
export type Ignores = readonly Rules[]

/** Adds the rules of the folder's own .gitignore; one that cannot be read says nothing. */
export function within(outer: Ignores, folder: string): Ignores {
  let text: string
  try {
    text = readFileSync(join(folder, '.gitignore'), 'utf8')
  } catch {
    return outer
  }
  // Letter case counts as in git on a system where names differ by it, so that each machine finds the same.
  return [...outer, { folder, rules: ignore({ ignorecase: false }).add(text.replace(/^\uFEFF/, '')) }]
}

/** The rules that hold for `folder` from the folders around it, up to the top of its repository. */
export function around(folder: string): Ignores {
  const folders: string[] = []
  for (let at = folder; !existsSync(join(at, '.git')); at = dirname(at)) {
    if (dirname(at) === at) return []
    folders.unshift(dirname(at))
  }
  const ignores = folders.reduce(within, [] as Ignores)
  // Who asks for an ignored folder by name wants what is in it.
  return folders.length > 0 && isIgnored(ignores, folder, true) ? [] : ignores
}

/** Whether git would leave the path out: the innermost file with something to say about it decides. */
export function isIgnored(ignores: Ignores, path: string, isFolder: boolean): boolean {
  for (const { folder, rules } of ignores.toReversed()) {
    const name = relative(folder, path).split(sep).join('/')
    if (name === '' || !ignore.isPathValid(name)) continue
    const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name)
    if (ignored || unignored) return ignored
  }
  return false
}
