/**
 * Whether a type that a file names is the one of the database: the server writes the schema of types that are not its
 * own, quotes some names, and adds what a file may leave out.
 */
export function isSameType(file: string, live: string): boolean {
  return file === live || plain(file) === plain(live)
}

const plain = (type: string) =>
  type
    .replaceAll('"', '')
    .replaceAll(/(\[\])+$/g, '[]')
    .replace(/^(?:[^.()]+\.)+(?=[^.()]+)/, '')
    .replace(/^numeric\((\d+)\)/, 'numeric($1,0)')
    .replace(/^interval\b.*?(\[\])?$/, 'interval$1')
    .replace(/^bpchar\b/, 'character')
    .replaceAll(/\(([^)]*)\)/g, (limits) => limits.toLowerCase().replaceAll(' ', ''))
