import type { Analysis, Finding } from '../finding.ts'
import { ledgerSentence, liveRows, liveSentence } from './live-words.ts'
import { compareRow, type Comparison } from './matrix.ts'
import { counted, groupByObject, objectText, type ObjectGroup } from './object-groups.ts'
import { shownLine } from './shown-text.ts'

/** The whole report as Markdown, as code reviews and wikis show it. Text of the files is escaped. Ends with a newline. */
export function writeMarkdown(analysis: Analysis): string {
  const { summary, sources, findings, matrix, plan, live } = analysis
  const rows = matrix.rows.map((row) => compareRow(row, matrix.sources))
  const parts = [
    ['# What the SQL files really say', '', ...overview(summary)],
    section('What to do first', numbered(summary.first)),
    section('What could not be looked at', bullets(summary.incomplete)),
    section('Accepted in the baseline, and no longer found', bullets(summary.baseline?.stale ?? [])),
    section('Plan', plan.length <= summary.first.length ? [] : numbered(plan.map(stepText))),
    section('Findings', groupByObject(findings).flatMap(blockOf)),
    section('The live database', live === null ? [] : liveOf(live)),
    section('Tables that several sources define', rows.length === 0 ? [] : overviewOf(rows, matrix.sources)),
    ...rows.filter(({ features }) => features.some(({ isEqual }) => !isEqual)).map(sideBySide),
    section('Sources', sourceTable(sources)),
  ]
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`
}

function stepText({ title, why }: Analysis['plan'][number]): string {
  return `${title}. ${why}`
}

function overview({ files, statements, tables, findings, baseline }: Analysis['summary']): string[] {
  const hidden = baseline === undefined ? '' : `; the baseline hides ${baseline.hidden} more`
  return [
    `${counted(files, 'file')}, ${counted(statements, 'statement')}, ${counted(tables, 'table')}.`,
    `**${findings.critical} critical**, ${counted(findings.warning, 'warning')}, ${findings.info} info${hidden}.`,
  ]
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines]
}

function blockOf({ object, findings }: ObjectGroup): string[] {
  return [`### ${plain(objectText(object))}`, '', ...findings.flatMap(findingLines), '']
}

function findingLines({ rule, severity, confidence, message, ...finding }: Finding): string[] {
  const { locations, details, consequences, fix } = finding
  const sure = confidence === 'guessed' ? ', guessed' : ''
  const places = locations.map(({ file, line }) => code(`${file}:${line}`)).join(', ')
  return [
    `- **${severity}** ${code(rule)}${sure}: ${plain(message)}`,
    ...(places === '' ? [] : [`  <br>${places}`]),
    ...details.map((detail) => `  - ${plain(detail)}`),
    ...(fix === '' ? [] : [`  - Fix: ${plain(fix)}`]),
    ...(consequences.length === 0
      ? []
      : [
          `  - <details><summary>${counted(consequences.length, 'consequence')}</summary>`,
          '',
          ...consequences.map((own) => `    - ${code(`${own.file}:${own.line}`)} ${plain(own.message)}`),
          '',
          '    </details>',
        ]),
  ]
}

function liveOf(live: NonNullable<Analysis['live']>): string[] {
  const rows = liveRows(live).map((row) => [row.table, row.explainedBy, row.rows, row.size].map(plain))
  return [
    plain(liveSentence(live)),
    '',
    ...bullets(live.ledgers.map(ledgerSentence)),
    ...(live.ledgers.length === 0 ? [] : ['']),
    ...(rows.length === 0 ? [] : table(['table', 'explained by', 'rows', 'size'], rows)),
  ]
}

/** Which source has which shape of each table: equal letters are equal columns and types. */
function overviewOf(rows: readonly Comparison[], sources: readonly string[]): string[] {
  return [
    'Equal letters in a row are equal columns and types; no letter: the source does not have the table.',
    '',
    ...table(
      ['table', ...sources],
      rows.map(({ object, sources: having }) => [
        plain(`${object.schema}.${object.name}`),
        ...sources.map((name) => having.find((own) => own.name === name)?.shape ?? ''),
      ]),
    ),
  ]
}

function sideBySide({ object, sources, features }: Comparison): string[] {
  const rows = features.map(({ name, types, isEqual }) => [
    isEqual ? code(name) : `**≠** ${code(name)}`,
    ...types.map((type) => (type === null ? '–' : code(type))),
  ])
  return [
    `### ${plain(objectText(object))} side by side`,
    '',
    ...table(['column', ...sources.map(({ name, shape }) => `${name} (${shape})`)], rows),
  ]
}

function sourceTable(sources: Analysis['sources']): string[] {
  if (sources.length === 0) return []
  const rows = sources.map(({ name, kind, files, statements, failed, tables }) => [
    plain(name),
    kind,
    ...[files.length, statements, failed ?? 'not run', tables].map(String),
  ])
  return table(['source', 'kind', 'files', 'statements', 'failed', 'tables'], rows)
}

/** Cells of the rows must be Markdown already. */
function table(header: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header.map(plain)), line(header.map(() => '---')), ...rows.map(line)]
}

function bullets(items: readonly string[]): string[] {
  return items.map((item) => `- ${plain(item)}`)
}

function numbered(items: readonly string[]): string[] {
  return items.map((item, index) => `${index + 1}. ${plain(item)}`)
}

/** Text as Markdown shows it: nothing in it is markup, a link, or HTML. */
function plain(text: string): string {
  return shownLine(text)
    .replaceAll(/[\\`*_{}[\]()#+!|~$@]/g, (sign) => `\\${sign}`)
    .replaceAll(/^(\d+)([.)])/g, '$1\\$2')
    .replaceAll(/^[-=]/g, (sign) => `\\${sign}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('://', ':&#47;&#47;')
}

/** Text as code. A bar would end a cell of a table even there, and some readers see HTML there: such text is escaped instead. */
function code(text: string): string {
  const shown = shownLine(text)
  return shown === '' || /[`|<]/.test(shown) ? plain(shown) : `\`${shown}\``
}
