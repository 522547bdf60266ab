import { safeJson, safeLine, safeText } from '../kernel/safe-text.ts'
import { fitWidth, textWidth } from '../kernel/text-width.ts'

type JsonRecord = Record<string, unknown>

/** Cells are cut at this width in tables; what is longer makes a list of records instead. */
const WIDEST_CELL = 60
/** Records within records are shown until so few columns are left. */
const NARROWEST = 20
const GAP = '  '

/**
 * What an operation answered, for a person: a table where the items fit one, else one block each. Instants are in
 * local time. Safe for a terminal whatever the content. Ends without a newline.
 */
export function render(value: unknown, width: number): string {
  if (isPage(value)) {
    const items = value.items.length === 0 ? 'There is nothing here.' : renderItems(value.items, width)
    return value.nextCursor === null
      ? items
      : `${items}\n\nThere is more: add --cursor ${safeLine(value.nextCursor)}`
  }
  if (Array.isArray(value)) return value.length === 0 ? 'There is nothing here.' : renderItems(value, width)
  if (isRecord(value)) return renderRecord(value, width).join('\n')
  return scalar('', value)
}

/** An instant in local time, as in `2024-06-03 16:02:11`; other text as it is. */
export function localTime(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) return text
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** Rows under a heading; columns are as wide as their widest cell. Cells must be safe lines already. */
export function renderTable(header: string[], rows: string[][]): string {
  const widths = header.map((name, column) =>
    Math.min(WIDEST_CELL, Math.max(...[name, ...rows.map((row) => row[column]!)].map(textWidth))),
  )
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => fitWidth(cell, widths[column]!))
      .join(GAP)
      .trimEnd()
  return [line(header), line(widths.map((size) => '-'.repeat(size))), ...rows.map(line)].join('\n')
}

function renderItems(items: unknown[], width: number): string {
  if (!items.every(isRecord)) return items.map((item) => `- ${safeLine(scalar('', item))}`).join('\n')
  const table = asTable(items, width)
  return table ?? items.map((item) => renderRecord(foldNested(item), width).join('\n')).join('\n\n')
}

/** In a list only what says something is shown, and a record within an item takes one line; `get` shows the whole. */
function foldNested(item: JsonRecord): JsonRecord {
  const known = Object.entries(item).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(
    known.map(([name, value]) => [name, isNested(value) ? [value].flat().map(fold) : value]),
  )
}

function fold(value: unknown): unknown {
  if (!isRecord(value)) return value
  const plain = Object.entries(value).filter(([, inner]) => inner !== null && !isNested(inner))
  if (plain.length === 0) return Object.keys(value).join(', ')
  return plain.map(([name, inner]) => `${label(name)} ${scalar(name, inner)}`).join(', ')
}

/** A table when every field is short and all of them fit side by side; null otherwise. */
function asTable(items: JsonRecord[], width: number): string | null {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].filter((name) =>
    items.some((item) => item[name] !== null && item[name] !== undefined),
  )
  if (names.length === 0 || items.some((item) => names.some((name) => isNested(item[name])))) return null
  const cells = items.map((item) => names.map((name) => scalar(name, item[name])))
  if (cells.some((row) => row.some((cell) => cell.includes('\n') || textWidth(cell) > WIDEST_CELL)))
    return null
  const table = renderTable(
    names.map(label),
    cells.map((row) => row.map(safeLine)),
  )
  return textWidth(table.split('\n')[1]!) <= width ? table : null
}

function renderRecord(item: JsonRecord, width: number): string[] {
  const names = Object.keys(item)
  if (names.length === 0) return ['-']
  if (width < NARROWEST) return [safeJson(item)]
  const widest = Math.max(...names.map((name) => textWidth(label(name))))
  return names.flatMap((name) => {
    const value = item[name]
    const title = fitWidth(label(name), widest)
    if (isNested(value)) {
      const inner = Array.isArray(value)
        ? renderItems(value, width - 2).split('\n')
        : renderRecord(value, width - 2)
      return [label(name), ...inner.map((line) => (line === '' ? line : `  ${line}`))]
    }
    const text = scalar(name, value)
    if (!text.includes('\n')) return [`${title}${GAP}${text}`]
    return [label(name), ...text.split('\n').map((line) => `  ${line}`)]
  })
}

/** A value in one piece of text; lists of plain values are joined. */
function scalar(name: string, value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return safeText(isInstant(name, value) ? localTime(value) : value)
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map((item) => scalar('', item)).join(', ')
  return safeJson(value)
}

/** Only fields that are named like instants are rewritten: a message that happens to be a date stays what it is. */
function isInstant(name: string, value: string): boolean {
  return /(^at|At|^since)$/.test(name) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)
}

function label(name: string): string {
  return safeLine(
    name
      .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
      .replaceAll('_', ' ')
      .toLowerCase(),
  )
}

function isNested(value: unknown): value is JsonRecord | JsonRecord[] {
  return (
    isRecord(value) ||
    (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null))
  )
}

function isPage(value: unknown): value is { items: unknown[]; nextCursor: string | null } {
  return isRecord(value) && Array.isArray(value['items']) && 'nextCursor' in value
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
