import { safeJson } from '../../../kernel/safe-text.ts'
import type { Analysis, Finding, Location, Severity } from '../finding.ts'
import { fingerprintsOf } from './fingerprint.ts'
import { objectText } from './object-groups.ts'
import { byCodePoint } from '../code-point-order.ts'
import { getRule } from '../rules/index.ts'
import { shownLine } from './shown-text.ts'

const LEVELS: Record<Severity, string> = { critical: 'error', warning: 'warning', info: 'note' }

/** Readers of reviews show a handful; a hundred consequences would hide the change itself. */
const MOST_RELATED = 20

/**
 * The findings as SARIF 2.1.0, for code review. Fingerprints stay when lines move. Paths are relative to where the
 * analysis ran, as `%SRCROOT%`. Ends with a newline.
 */
export function writeSarif(analysis: Analysis, { version }: { version: string }): string {
  const rules = [...new Set(analysis.findings.map(({ rule }) => rule))].toSorted(byCodePoint)
  const fingerprints = fingerprintsOf(analysis.findings)
  const { incomplete, failed = [] } = analysis.summary
  const run = {
    tool: { driver: { name: 'RobbieVerse', version, rules: rules.map(ruleOf) } },
    invocations: [
      {
        executionSuccessful: failed.length === 0,
        toolExecutionNotifications: incomplete.map((text) => ({
          level: 'warning',
          message: { text: shownLine(text) },
        })),
      },
    ],
    columnKind: 'unicodeCodePoints',
    results: analysis.findings.map((finding) => ({
      ...resultOf(finding),
      ruleIndex: rules.indexOf(finding.rule),
      partialFingerprints: { 'robbieverseFinding/v1': fingerprints.get(finding) },
    })),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${safeJson(log, 2)}\n`
}

function ruleOf(rule: string) {
  const { summary, why, fix } = getRule(rule)
  const page = `docs/rules/${rule}.md`
  return {
    id: rule,
    name: rule.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: `${summary} ${why}` },
    help: {
      text: `${summary} ${why} ${fix} More in ${page} of RobbieVerse.`,
      markdown: `**${rule}**: ${summary} ${why}\n\n${fix}\n\nMore in \`${page}\` of RobbieVerse.`,
    },
  }
}

function resultOf({ rule, severity, confidence, object, message, ...finding }: Finding) {
  const { locations, details, consequences, fix } = finding
  const text = [`${objectText(object)}: ${message}`, ...details, ...(fix === '' ? [] : [`Fix: ${fix}`])]
  const [first, ...others] = locations
  const related = [...others.map((own) => ({ ...own, message: 'Also here.' })), ...consequences]
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: text.map(shownLine).join('\n') },
    locations: first === undefined ? [] : [{ ...placeOf(first), logicalLocations: [logicalOf(object)] }],
    relatedLocations: related.slice(0, MOST_RELATED).map((own, index) => ({
      id: index + 1,
      ...placeOf(own),
      message: { text: shownLine(own.message) },
    })),
    properties: { confidence, consequences: consequences.length },
  }
}

function placeOf({ file, line }: Location) {
  const isAbsolute = file.startsWith('/')
  // A name may hold what means something in an address, a percent sign or a question mark among it.
  const uri = file.split('/').map(encodeURIComponent).join('/')
  const artifactLocation = isAbsolute ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
  return { physicalLocation: { artifactLocation, region: { startLine: Math.max(1, line) } } }
}

function logicalOf(object: Finding['object']) {
  return { fullyQualifiedName: objectText(object), kind: object.kind }
}
