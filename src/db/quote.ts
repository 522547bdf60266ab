import pg from 'pg'

/** An identifier as SQL. With `quoteQualified` and `quoteLiteral` the one place where text becomes part of a statement. */
export const quoteIdentifier = (name: string): string => pg.escapeIdentifier(name)

/** A string constant as SQL. */
export const quoteLiteral = (text: string): string => pg.escapeLiteral(text)

/** `schema.table` with each part quoted. */
export const quoteQualified = (name: string): string => name.split('.').map(quoteIdentifier).join('.')
