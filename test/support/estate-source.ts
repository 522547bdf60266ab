import type { EstateFile, Source } from '../../src/estate/analyse/inventory/estate-file.ts'
import { parsePiece } from '../../src/estate/analyse/inventory/parse-pieces.ts'
import { splitSql } from '../../src/estate/analyse/inventory/split.ts'

/** A file of an estate, parsed in this thread: `loadParser` has to be awaited before. */
export function fileOf(path: string, text = ''): EstateFile {
  const statements = splitSql(text).map((piece) => {
    const { statements: parsed, error } = parsePiece(piece)
    if (error) throw new Error(`${path}:${error.line}: ${error.message}`)
    const facts = parsed.flatMap((one) => one.facts)
    const { line, parsable, templates } = piece
    return {
      file: path,
      line,
      text: piece.text,
      runnable: parsable,
      facts,
      error,
      isTooLong: false,
      templates,
    }
  })
  return {
    path,
    encoding: 'utf-8',
    dialect: 'postgresql',
    role: 'schema',
    isSnapshot: false,
    statements,
    includes: [],
    connects: [],
    tool: null,
    bytes: Buffer.byteLength(text),
    hash: '',
  }
}

/** Files that are run in this order. */
export function sourceOf(...texts: string[]): Source {
  const files = texts.map((text, at) => fileOf(`${at + 1}.sql`, text))
  return { name: 'here', kind: 'script', files, numbers: new Map() }
}
