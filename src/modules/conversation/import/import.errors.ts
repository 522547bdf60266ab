/** Why a file could not be read at all. Stable. */
export type ImportErrorCode =
  | 'IMPORT_FILE_UNREADABLE'
  | 'IMPORT_FILE_EMPTY'
  | 'IMPORT_FILE_TOO_LARGE'
  | 'IMPORT_UNKNOWN_FORMAT'
  | 'IMPORT_ENCODING_UNSUPPORTED'
  | 'IMPORT_ARCHIVE_UNSUPPORTED'

const known =
  'Known are: conversations.json of a ChatGPT or a Claude export, a SillyTavern chat (.jsonl), and a character card (.png or .json).'

/**
 * The only error that `readImport` throws by itself; the message says what to do next and `cause` keeps the
 * original.
 */
export class ImportError extends Error {
  readonly code: ImportErrorCode

  constructor(code: ImportErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options)
    this.name = 'ImportError'
    this.code = code
  }
}

/** The file is none of the known exports; the message lists them. */
export function unknownFormat(fileName: string): ImportError {
  return new ImportError(
    'IMPORT_UNKNOWN_FORMAT',
    `${fileName} is not an export that can be read here. ${known}`,
  )
}
