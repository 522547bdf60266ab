/** What a statement wanted and did not find, or found otherwise, as the server's message tells. */
export type Wanted =
  | { kind: 'relation'; name: string }
  | { kind: 'function' | 'type' | 'operator'; name: string }
  | { kind: 'schema'; name: string }
  | { kind: 'role' | 'extension'; name: string }
  | { kind: 'column'; name: string; table: string | null }
  /** A foreign key that cannot be: `detail` says which types. */
  | { kind: 'key'; table: string | null }
  | { kind: 'taken'; name: string }

/** A statement that the scratch database refused. */
export type SqlFailure = { code: string; message: string; detail: string | null }

// Quotes within a name are not doubled in messages.
const QUOTED = '"(.+?)"'
const PATTERNS: { pattern: RegExp; read: (groups: string[]) => Wanted }[] = [
  {
    pattern: new RegExp(`^column ${QUOTED} of relation ${QUOTED} does not exist`),
    read: ([name, table]) => ({ kind: 'column', name: name!, table: table! }),
  },
  {
    pattern: new RegExp(`^column ${QUOTED} (?:referenced|named|does not exist|in the)`),
    read: ([name]) => ({ kind: 'column', name: name!, table: null }),
  },
  {
    pattern: /^column (\S+)\.(\S+) does not exist/,
    read: ([table, name]) => ({ kind: 'column', name: name!, table: table! }),
  },
  {
    pattern: new RegExp(`^(?:relation|table|view|sequence|index|materialized view) ${QUOTED} does not exist`),
    read: ([name]) => ({ kind: 'relation', name: name! }),
  },
  {
    pattern: new RegExp(`^type ${QUOTED} does not exist`),
    read: ([name]) => ({ kind: 'type', name: typeName(name!) }),
  },
  // Of an argument of a function it is written without quotes.
  { pattern: /^type (\S+) does not exist/, read: ([name]) => ({ kind: 'type', name: typeName(name!) }) },
  {
    pattern: new RegExp(`^schema ${QUOTED} does not exist`),
    read: ([name]) => ({ kind: 'schema', name: name! }),
  },
  {
    pattern: new RegExp(`^role ${QUOTED} does not exist`),
    read: ([name]) => ({ kind: 'role', name: name! }),
  },
  {
    pattern: new RegExp(`^(?:extension ${QUOTED} (?:is not available|does not exist))`),
    read: ([name]) => ({ kind: 'extension', name: name! }),
  },
  {
    pattern: new RegExp(
      `^(?:access method|operator class|text search configuration|language|collation) ${QUOTED}`,
    ),
    read: ([name]) => ({ kind: 'operator', name: name! }),
  },
  {
    pattern: /^function "?([^("]+)\(.*\)"? does not exist/,
    read: ([name]) => ({ kind: 'function', name: name! }),
  },
  {
    pattern: new RegExp(`^could not find an? (?:function|procedure|aggregate) named ${QUOTED}`),
    read: ([name]) => ({ kind: 'function', name: name! }),
  },
  { pattern: /^foreign key constraint/, read: () => ({ kind: 'key', table: null }) },
  {
    pattern: new RegExp(
      `^there is no (?:primary key|unique constraint matching given keys) for referenced table ${QUOTED}`,
    ),
    read: ([table]) => ({ kind: 'key', table: table! }),
  },
  {
    pattern: new RegExp(
      `${QUOTED}(?: of relation ${QUOTED}| for (?:table|relation) ${QUOTED})? already exists`,
    ),
    read: ([name]) => ({ kind: 'taken', name: name! }),
  },
]

/** Of an array the type of what is in it, without what would set its length. */
const typeName = (name: string) => name.replace(/\(.*$|(?:\[\])+$/, '').replaceAll('"', '')

/** What a failure is about; null when its message names nothing. The engine of the scratch database speaks English. */
export function wantedOf({ message }: SqlFailure): Wanted | null {
  for (const { pattern, read } of PATTERNS) {
    const match = pattern.exec(message)
    if (match) return read(match.slice(1).map((part) => part ?? ''))
  }
  return null
}

/** Failures that say something of this way of running, not of the statement. */
const ARTEFACTS = new Set([
  // Not inside a transaction block; a new enum value used before its transaction ends.
  '25001',
  '55P04',
  // A database of a name, where there is one database.
  '3D000',
  // A block looked at the state of the database and refused to go on.
  'P0001',
  'P0004',
  // Rows that other rows, which are not here, would have been needed for, or that are here from another file.
  '23503',
  '23505',
  '23P01',
  // A sequence that was not used yet, an object in use.
  '55000',
  '55006',
  // Files of the server, and faults of the engine.
  '58P01',
  'XX000',
])

/** Settings of other versions and of modules that are not loaded, and what works in the script of an extension only. */
const OF_THIS_ENGINE = [
  /^unrecognized configuration parameter|only be (?:called|used) (?:from|in) an SQL script/,
  /^language "\w+"|^(?:foreign-data wrapper|server|tablespace|publication|subscription|access method) "/,
  /^collation ".*" for encoding|^no security label providers|^invalid transaction termination/,
  /^operator does not exist: (?:text|character varying) (?:%|<%|%>|<->|<<->) /,
]

export function isArtefact({ code, message }: SqlFailure): boolean {
  return ARTEFACTS.has(code) || OF_THIS_ENGINE.some((pattern) => pattern.test(message))
}
