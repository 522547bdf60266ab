import { safeJson } from '../../../kernel/safe-text.ts'
import type { Analysis } from '../finding.ts'
import { writeHtml } from './html.ts'
import { writeMarkdown } from './markdown.ts'
import { writeSarif } from './sarif.ts'
import { writeText, type TextLook } from './text.ts'

export const FORMATS = ['text', 'json', 'markdown', 'html', 'sarif'] as const
export type Format = (typeof FORMATS)[number]

/** The report in a format; ends with a newline. `version` is the product's, which SARIF names. */
export function writeReport(
  analysis: Analysis,
  format: Format,
  look: TextLook & { version: string },
): string {
  switch (format) {
    case 'text':
      return `${writeText(analysis, look)}\n`
    case 'json':
      return `${safeJson(analysis, 2)}\n`
    case 'markdown':
      return writeMarkdown(analysis)
    case 'html':
      return writeHtml(analysis)
    case 'sarif':
      return writeSarif(analysis, look)
  }
}

const ENDINGS: Record<string, Format> = {
  txt: 'text',
  json: 'json',
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  sarif: 'sarif',
}

/** The format that a file's name asks for; undefined where it does not say. */
export function formatOfFile(file: string): Format | undefined {
  const ending = /\.([a-z]+)$/.exec(file.toLowerCase())?.[1]
  return ending === undefined || !Object.hasOwn(ENDINGS, ending) ? undefined : ENDINGS[ending]
}
