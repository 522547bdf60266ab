import { styleText } from 'node:util'

import { fitWidth, textWidth } from '../../../kernel/text-width.ts'
import type { Analysis, Finding, Location, Severity } from '../finding.ts'
import { ledgerSentence, liveRows, liveSentence } from './live-words.ts'
import { counted, groupByObject, objectText, type ObjectGroup } from './object-groups.ts'
import { shownLine } from './shown-text.ts'

/** How a report is written to a terminal or a file: `isWhole` leaves nothing out, otherwise it has at most 120 lines. */
export type TextLook = { width: number; isColoured: boolean; isWhole: boolean }

type Colour = Parameters<typeof styleText>[0]
/** Its text is safe for a terminal, and may be wider than it. */
type Line = { text: string; colour?: Colour }

const MOST_LINES = 120
/** Lines kept for objects that get one each, so that the end of the list is told too. */
const BRIEF_LINES = 30
/** What could not be looked at, and stale entries of a baseline, in the summary: it stays within a screen of 24 lines. */
const SUMMARY_ITEMS = 2
/** Tables and ledgers of a live database that are told of. */
const LIVE_ITEMS = { tables: 5, ledgers: 3 }
const FOLDED = { findings: 3, details: 4, consequences: 3, places: 3, wrapped: 2 }
const WHOLE = {
  findings: Infinity,
  details: Infinity,
  consequences: Infinity,
  places: Infinity,
  wrapped: Infinity,
}
const COLOURS: Record<Severity, Colour> = { critical: ['bold', 'red'], warning: 'yellow', info: 'cyan' }

/** The report for a person: a summary, then a block for each object. Safe for a terminal. Ends without a newline. */
export function writeText(analysis: Analysis, look: TextLook): string {
  const groups = groupByObject(analysis.findings)
  const summary = summaryLines(analysis, look)
  const live = liveLines(analysis.live, look)
  const room = MOST_LINES - summary.length - live.length - BRIEF_LINES
  const lines = [...summary, ...live, ...objectLines(groups, look, room)]
  return lines.map(({ text, colour }) => paint(cut(text, columns(look)), look, colour)).join('\n')
}

/** Counts, what to do first, what could not be looked at: at most 24 lines unless whole. */
function summaryLines({ summary, sources }: Analysis, look: TextLook): Line[] {
  const { files, statements, tables, findings, first, incomplete, baseline } = summary
  const looked = [
    counted(files, 'file'),
    counted(statements, 'statement'),
    counted(tables, 'table'),
    counted(sources.length, 'source'),
  ]
  const found = `${findings.critical} critical, ${counted(findings.warning, 'warning')}, ${findings.info} info.`
  const hidden =
    baseline === undefined ? '' : ` The baseline hides ${counted(baseline.hidden, 'accepted finding')}.`
  const steps = first.flatMap((text, index) =>
    wrap(text, look, { first: `  ${index + 1}. `, rest: '     ', most: look.isWhole ? Infinity : 2 }),
  )
  return [
    { text: `Looked at ${looked.slice(0, 2).join(', ')}: ${looked[2]} in ${looked[3]}.` },
    {
      text:
        findings.critical + findings.warning + findings.info === 0
          ? `Nothing was found.${hidden}`
          : found + hidden,
      colour: findings.critical > 0 ? COLOURS.critical : 'bold',
    },
    ...titled('What to do first', steps),
    ...titled('What could not be looked at', listed(incomplete, look)),
    ...titled('Accepted in the baseline, and no longer found', listed(baseline?.stale ?? [], look)),
  ]
}

/** What the live database has: one screen has room for it beside the summary's counts. */
function liveLines(live: Analysis['live'], look: TextLook): Line[] {
  if (live === null) return []
  const item = { first: '  ', rest: '    ', most: look.isWhole ? Infinity : 2 }
  const rows = liveRows(live)
  const most = look.isWhole ? { tables: Infinity, ledgers: Infinity } : LIVE_ITEMS
  return titled('The live database', [
    ...wrap(liveSentence(live), look, item),
    ...folded(live.ledgers, most.ledgers, (ledger) => wrap(ledgerSentence(ledger), look, item), '  '),
    ...folded(
      rows,
      most.tables,
      ({ table, explainedBy, rows: number, size }) => {
        const amount = [number, size].filter((part) => part !== '').join(', ')
        return [{ text: `  ${shownLine(`${table} (${amount}): ${explainedBy}`)}` }]
      },
      '  ',
    ),
  ])
}

function titled(title: string, lines: Line[]): Line[] {
  return lines.length === 0 ? [] : [{ text: '' }, { text: title, colour: 'bold' }, ...lines]
}

function listed(items: readonly string[], look: TextLook): Line[] {
  const most = look.isWhole ? Infinity : SUMMARY_ITEMS
  return folded(items, most, (item) => [{ text: `  ${shownLine(item)}` }], '  ')
}

/** Blocks while there is room for them, then a line for each object, then how many more there are. */
function objectLines(groups: readonly ObjectGroup[], look: TextLook, room: number): Line[] {
  if (look.isWhole) return groups.flatMap((group) => blockOf(group, look))
  const lines: Line[] = []
  let shown = 0
  for (const group of groups) {
    const block = blockOf(group, look)
    if (lines.length + block.length > room) break
    lines.push(...block)
    shown += 1
  }
  const rest = groups.slice(shown)
  const short = BRIEF_LINES - 3
  const isAll = rest.length <= short
  const brief = rest.slice(0, isAll ? short : short - 1).map((group) => briefOf(group))
  if (brief.length > 0)
    lines.push({ text: '' }, { text: shown === 0 ? 'Found' : 'Also', colour: 'bold' }, ...brief)
  if (!isAll) lines.push({ text: `and ${counted(rest.length - brief.length, 'more object')}` })
  if (rest.length > 0) lines.push({ text: 'Everything: --all, or --format html --out report.html' })
  return lines
}

function briefOf({ object, worst, findings }: ObjectGroup): Line {
  const rules = [...new Set(findings.map(({ rule }) => rule))].join(', ')
  return {
    text: `  ${worst.padEnd(8)}  ${shownLine(`${objectText(object)}: ${rules}`)}`,
    colour: COLOURS[worst],
  }
}

function blockOf({ object, worst, findings }: ObjectGroup, look: TextLook): Line[] {
  const { findings: most } = look.isWhole ? WHOLE : FOLDED
  return [
    { text: '' },
    { text: `${worst.toUpperCase()}  ${shownLine(objectText(object))}`, colour: COLOURS[worst] },
    ...folded(findings, most, (finding) => findingLines(finding, look), '  '),
  ]
}

function findingLines(finding: Finding, look: TextLook): Line[] {
  const { rule, confidence, severity, message, locations, details, consequences, fix } = finding
  const limits = look.isWhole ? WHOLE : FOLDED
  const sure = confidence === 'guessed' ? ', guessed' : ''
  const body = { first: '    ', rest: '    ', most: limits.wrapped }
  const item = (text: string): Line[] => [{ text: `      ${shownLine(text)}` }]
  return [
    ...wrap(`${rule} (${severity}${sure}): ${message}`, look, {
      first: '  ',
      rest: '    ',
      most: limits.wrapped,
    }),
    ...(locations.length === 0 ? [] : [{ text: placesText(locations, look), colour: 'dim' as const }]),
    ...folded(details, limits.details, item, '      '),
    ...(consequences.length === 0
      ? []
      : [
          {
            text: `    ${counted(consequences.length, 'consequence')}:`,
          },
        ]),
    ...folded(consequences, limits.consequences, (own) => item(`${placeText(own)} ${own.message}`), '      '),
    ...(fix === '' ? [] : wrap(`Fix: ${fix}`, look, body)),
  ]
}

function placesText(locations: readonly Location[], look: TextLook): string {
  const most = look.isWhole ? locations.length : FOLDED.places
  const more = locations.length > most ? ` and ${locations.length - most} more` : ''
  const text = `    ${shownLine(locations.slice(0, most).map(placeText).join(', '))}${more}`
  return text
}

function placeText({ file, line }: Location): string {
  return `${file}:${line}`
}

/** The first `most` of the items, and then how many more there are. */
function folded<T>(items: readonly T[], most: number, show: (item: T) => Line[], indent: string): Line[] {
  const shown = items.slice(0, most === Infinity ? undefined : most).flatMap(show)
  const more = items.length - Math.min(items.length, most)
  return more === 0 ? shown : [...shown, { text: `${indent}and ${counted(more, 'more', 'more')}` }]
}

type Wrapping = { first: string; rest: string; most: number }

/** Broken between words; what does not fit into so many lines is cut. */
function wrap(text: string, look: TextLook, { first, rest, most }: Wrapping): Line[] {
  const lines: string[] = []
  let line = first
  let isFresh = true
  for (const word of shownLine(text).split(' ')) {
    if (!isFresh && textWidth(line) + 1 + textWidth(word) > look.width) {
      lines.push(line)
      line = rest
      isFresh = true
    }
    line += isFresh ? word : ` ${word}`
    isFresh = false
  }
  lines.push(line)
  const kept = lines.slice(0, most)
  const isCut = kept.length < lines.length
  return kept.map((own, index) => ({ text: isCut && index === most - 1 ? `${own} …` : own }))
}

/** Where lines are cut: nowhere in a whole report. */
function columns({ width, isWhole }: TextLook): number {
  return isWhole ? Infinity : width
}

function cut(text: string, width: number): string {
  return textWidth(text) <= width ? text : fitWidth(text, Math.max(2, width)).trimEnd()
}

function paint(text: string, { isColoured }: TextLook, colour?: Colour): string {
  return isColoured && colour !== undefined && text !== ''
    ? styleText(colour, text, { validateStream: false })
    : text
}
