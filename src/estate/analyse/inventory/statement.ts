import type { Fact } from './facts.ts'

/** Encodings a file may have; `latin-1` stands for bytes that are none of the others. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1'

/** Which database a text is written for, as far as it says. */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite' | 'sql-server' | 'oracle'

/**
 * A piece of a file, as the lexer cuts it: a statement, a line for psql or for the client of another database (`GO`, `/`,
 * `DELIMITER //`), or the data of a `copy ... from stdin`.
 */
export type Piece = {
  kind: 'sql' | 'psql' | 'data'
  /** Without the semicolon that ends it, and without the comments and spaces before it. */
  text: string
  /** 1-based line of its first character. */
  line: number
  /** Offset of its first character in the file. */
  start: number
  /** Tokens of a template language in it, such as `{{ schema }}` or `:name` of psql. */
  templates: string[]
  /** What the parser gets: `text` with each template token outside of quotes replaced by something of the same length. */
  parsable: string
  /** The file ended inside a string, a comment or a quoted body of it. */
  isUnfinished: boolean
}

/** A statement that was parsed, or why it was not. */
export type SqlStatement = {
  file: string
  line: number
  text: string
  /** What a server can be given: `text` with its template tokens replaced. */
  runnable: string
  facts: Fact[]
  /** The parser's words; null for what it understood, and for what was too long to be handed to it. */
  error: { message: string; line: number } | null
  /** Too long to parse: its first words say what it is. */
  isTooLong: boolean
  templates: string[]
}
