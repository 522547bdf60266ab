/** `critical` loses data or stops a deploy, `warning` will bite somebody, `info` is worth knowing. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** How sure a rule is: proven by the server's own parser or by running it, read from the text, or guessed from likeness. */
export type Confidence = 'proven' | 'read' | 'guessed'

export type ObjectKind =
  | 'table'
  | 'view'
  | 'function'
  | 'type'
  | 'sequence'
  | 'index'
  | 'trigger'
  | 'policy'
  | 'schema'
  | 'extension'
  | 'role'
  | 'database'
  | 'migration'
  | 'source'
  | 'file'
  | 'statement'

/** What a finding is about. `schema` is `public` unless the source says otherwise, and '' for what has none. */
export type ObjectRef = { kind: ObjectKind; schema: string; name: string }

/** A place in a file: its path as the report names it, and a 1-based line. */
export type Location = { file: string; line: number }

/** Something that went wrong because of the finding, and would not without it. */
export type Consequence = Location & { message: string }

export type Finding = {
  /** Name of the rule, as in `competing-definition`. */
  rule: string
  severity: Severity
  confidence: Confidence
  object: ObjectRef
  /** Where it stands, the place to look at first before others. */
  locations: Location[]
  message: string
  /** Differences, one a line, such as those between columns. */
  details: string[]
  consequences: Consequence[]
  /** What to do about it. */
  fix: string
}

/** A set of SQL files that belong together, in the order in which they would be applied. */
export type SourceSummary = {
  name: string
  kind: 'migrations' | 'folder' | 'script'
  files: string[]
  statements: number
  /** Statements that failed in the scratch database; null when it was not asked. */
  failed: number | null
  tables: number
}

/** One step of what to do, in an order in which nothing needs a later step. */
export type PlanStep = { step: number; title: string; rules: string[]; objects: ObjectRef[]; why: string }

/** For one table, what each source says of it: the names of its columns with their types. */
export type MatrixRow = { object: ObjectRef; sources: Record<string, Record<string, string> | null> }

/** A live table, and the definition that comes nearest to it. */
export type LiveTableSummary = {
  schema: string
  name: string
  /** Null where they are not known. */
  rows: number | null
  /** Rows were counted; otherwise they are the server's estimate. */
  isCounted: boolean
  /** With its indexes; null behind a foreign server. */
  bytes: number | null
  /** Null where no file defines it. */
  explainedBy: { source: string; file: string; line: number } | null
  /** In what it is not as defined. */
  differences: string[]
  /** Tool whose own table it is, as one in which migrations are noted. */
  tool: string | null
}

/** What a migration tool noted in the database, beside the files. */
export type LedgerSummary = {
  tool: string
  schema: string
  name: string
  applied: number
  failed: string[]
  /** Sources whose files it notes. */
  sources: string[]
  /** Noted as applied, and no file of these sources. */
  withoutFile: string[]
  /** Numbered files of these sources that it does not note. */
  notApplied: string[]
}

/** What the database of `--database` has. */
export type LiveSummary = {
  /** Host, port and name. */
  address: string
  version: string
  tables: LiveTableSummary[]
  ledgers: LedgerSummary[]
}

/** What `robbieverse analyze` found; its JSON form is `docs/reference/analysis.schema.gen.json`. */
export type Analysis = {
  version: 1
  summary: {
    files: number
    statements: number
    tables: number
    findings: Record<Severity, number>
    /** The five things to do first. */
    first: string[]
    /** What could not be looked at, and why; the rest of the report is whole. */
    incomplete: string[]
    /** Codes of inputs that failed as a whole, as in DATABASE_UNREACHABLE: the exit code tells them. Left out: none did. */
    failed?: string[]
    /** Only where a baseline was given: how many findings it hides, and what it names that is no longer found. */
    baseline?: { hidden: number; stale: string[] }
  }
  sources: SourceSummary[]
  findings: Finding[]
  /** Which source says what of each table that more than one of them has. */
  matrix: { sources: string[]; rows: MatrixRow[] }
  plan: PlanStep[]
  /** Null without `--database`, and where it could not be read. */
  live: LiveSummary | null
}
