import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

interface Archive {
  uri: string
  suites: string[]
  components: string[]
}

const fallback = 'http://deb.debian.org/debian'
const releases = /^(oldoldstable|oldstable|stable|testing|unstable|sid|bullseye|bookworm|trixie|forky|duke)$/

/**
 * The mirrors that may serve the Debian archive, best first and without repetition: those that apt uses on this
 * machine (addresses that name Debian before others), then deb.debian.org.
 */
export function debianMirrors(aptFolder = '/etc/apt'): string[] {
  const archives = sourceFiles(aptFolder).flatMap(({ path, text }) =>
    path.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text),
  )
  const found = archives.filter(isMainArchive).map((archive) => archive.uri.replace(/\/+$/, ''))
  const named = found.filter((uri) => /debian/i.test(new URL(uri).pathname))
  return [...new Set([...named, ...found, fallback])]
}

/** Only the archive itself: debootstrap needs `main`, and suites such as `-security` live elsewhere. */
function isMainArchive({ uri, suites, components }: Archive): boolean {
  const isPlain = /^https?:\/\//.test(uri) && URL.canParse(uri) && !/security/i.test(uri)
  return isPlain && components.includes('main') && suites.some((suite) => releases.test(suite))
}

function sourceFiles(aptFolder: string): { path: string; text: string }[] {
  const folder = join(aptFolder, 'sources.list.d')
  const inFolder = listOrNothing(folder)
    .toSorted()
    .filter((name) => /\.(list|sources)$/.test(name))
  const paths = [join(aptFolder, 'sources.list'), ...inFolder.map((name) => join(folder, name))]
  return paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(path, 'utf8') }]
    } catch {
      return []
    }
  })
}

function listOrNothing(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** `deb [options] uri suite component...`, one archive a line; see sources.list(5). */
function parseOneLine(text: string): Archive[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line)
    const [, uri, suite, rest] = match ?? []
    if (uri === undefined || suite === undefined) return []
    return [{ uri, suites: [suite], components: words(rest) }]
  })
}

/** Paragraphs of `Field: values`, where an indented line continues the field above; see sources.list(5). */
function parseDeb822(text: string): Archive[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '')
  return withoutComments.split(/\n\s*\n/).flatMap((paragraph) => {
    const unfolded = paragraph.replace(/\n[ \t]+/g, ' ')
    const fields = new Map<string, string>()
    for (const line of unfolded.split('\n')) {
      const colon = line.indexOf(':')
      if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
    }
    const isOff = /^(no|false|off|0|without|disable)$/i.test(fields.get('enabled') ?? 'yes')
    if (isOff || !words(fields.get('types')).includes('deb')) return []
    const suites = words(fields.get('suites'))
    const components = words(fields.get('components'))
    return words(fields.get('uris')).map((uri) => ({ uri, suites, components }))
  })
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '')
}
