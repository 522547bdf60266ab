import type { Finding } from '../finding.ts'

/**
 * When in the plan a rule's findings are dealt with. `object` makes a step of its own for each object, the others one for
 * each rule; what is `none` needs nothing done.
 */
export const PHASES = [
  'secrets',
  'object',
  'order',
  'services',
  'policies',
  'functions',
  'types',
  'indexes',
  'cluster',
  'live',
  'copies',
  'none',
] as const
export type Phase = (typeof PHASES)[number]

/** What a rule looks for, why that matters, and what a step of the plan calls its mending. */
export type RuleWords = {
  short: string
  why: string
  phase: Phase
  /** `what('table')` is the object where there is one, else `12 tables`. */
  action: (what: (one: string, many?: string) => string) => string
}

const words = (phase: Phase, short: string, why: string, action: RuleWords['action']): RuleWords => ({
  phase,
  short,
  why,
  action,
})

/** In the order in which steps of the same phase stand in the plan. */
const WORDS: Record<string, RuleWords> = {
  'secret-in-sql': words(
    'secrets',
    'A password, key or token stands in SQL text',
    'Whoever can read the files can use it, and so can whoever reads their history.',
    (what) => `Change the secrets that stand in ${what('place')}`,
  ),
  'competing-definition': words(
    'object',
    'Two places define the same table in ways that contradict each other',
    'Which of them a database has depends on what ran first, and nothing says so.',
    (what) => `Decide on one definition of ${what('object')}`,
  ),
  'unimplementable-key': words(
    'object',
    'A foreign key cannot be made: types do not fit, or its target has no unique key',
    'PostgreSQL refuses the statement, and everything that needs its table fails too.',
    (what) => `Make the keys that refer to ${what('object')} fit it`,
  ),
  'unresolved-reference': words(
    'object',
    'Something is named that nothing defines',
    'The statements that name it fail.',
    (what) => `Define ${what('object')}, or take out what names it`,
  ),
  'invalid-statement': words(
    'object',
    'PostgreSQL refuses a statement for what it says itself',
    'The statement has never had an effect, whatever its file was meant to do.',
    (what) => `Mend what PostgreSQL refuses of ${what('object')}`,
  ),
  drifted: words(
    'object',
    'A live table is unlike the file that explains it best',
    'The next database that is made from the files will not be the one that runs.',
    (what) => `Bring ${what('object')} and its file together`,
  ),
  'silent-skip': words(
    'object',
    'A statement with `if not exists` does nothing, because something else has the name',
    'It succeeds without a word, and what it was to make is not there.',
    (what) => `Say what ${what('object')} is to become where a statement is skipped`,
  ),
  'cyclic-order': words(
    'order',
    'Two objects need each other before they can be made',
    'No order of the files works.',
    (what) => `Break the circles of definitions around ${what('object')}`,
  ),
  'wrong-order': words(
    'order',
    'Something is used before the same source defines it',
    'The files work only where an earlier run left it behind.',
    (what) => `Put the definition of ${what('object')} before the first use`,
  ),
  'duplicate-migration-number': words(
    'order',
    'Two migrations have the same number',
    'Which of them runs first is left to the tool or to the file system.',
    (what) => `Give ${what('migration')} a number that no other has`,
  ),
  'no-migration-tracking': words(
    'order',
    'Numbered files, and nothing that records which of them ran',
    'Nobody can say what a database has.',
    (what) => `Record what ran of ${what('source')}`,
  ),
  'service-expects-missing-column': words(
    'services',
    'A service names a column that no definition has',
    'Its statement fails when it runs.',
    (what) => `Give ${what('table')} the columns that services expect, or change the services`,
  ),
  'service-expects-missing-constraint': words(
    'services',
    'A service relies on a unique key that no definition has',
    'Its `on conflict` fails when it runs.',
    (what) => `Give ${what('table')} the unique keys that services rely on`,
  ),
  'service-fits-only-one-definition': words(
    'services',
    'A statement of a service works with one of several definitions only',
    'It works or fails depending on which definition the database got.',
    (what) => `Check the services that use ${what('table')} against the definition you keep`,
  ),
  'permissive-policies-widen': words(
    'policies',
    'Permissive policies of one table are joined by OR',
    'Each further one lets more rows through, also where it was meant to narrow.',
    (what) => `Make policies of ${what('table')} restrictive, or join them`,
  ),
  'rls-without-policy': words(
    'policies',
    'Row security is on, and there is no policy',
    'Nobody but the owner sees a row.',
    (what) => `Give ${what('table')} with row security a policy`,
  ),
  'rls-bypassed-by-owner': words(
    'policies',
    'Row security is not forced on the owner',
    'A service that connects as the owner sees everything.',
    (what) => `Force row security on ${what('table')}, or connect as somebody else`,
  ),
  'immutable-reads-settings': words(
    'functions',
    'A function that is declared immutable reads settings, the clock or tables',
    'Its result is kept in indexes and plans after it has changed.',
    (what) => `Declare ${what('function')} stable`,
  ),
  'vector-dimension-mismatch': words(
    'types',
    'Vectors of different sizes are kept for the same job',
    'Inserts of the other size fail, and the two cannot be compared.',
    (what) => `Agree on one vector size for ${what('object')}`,
  ),
  'timestamp-zone-mixed': words(
    'types',
    'Timestamps with and without time zone are mixed',
    'The same instant is read as different times.',
    (what) => `Use timestamptz throughout in ${what('table')}`,
  ),
  'money-as-float': words(
    'types',
    'Money is kept as a floating-point number',
    'Sums are off by cents.',
    (what) => `Use numeric for money in ${what('table')}`,
  ),
  'missing-index-on-foreign-key': words(
    'indexes',
    'A foreign key has no index on its columns',
    'Deleting a row that is referred to reads the whole table.',
    (what) => `Index the foreign keys of ${what('table')}`,
  ),
  'vector-index-on-empty-table': words(
    'indexes',
    'An ivfflat index is built before there are rows',
    'Its lists are made from nothing, and it finds little.',
    (what) => `Build ${what('vector index', 'vector indexes')} after loading rows, or use hnsw`,
  ),
  'cluster-statement': words(
    'cluster',
    'A statement concerns the whole cluster, not one database',
    'Run with a schema file it changes every database beside this one.',
    (what) => `Move ${what('cluster statement')} out of the schema files`,
  ),
  'never-deployed': words(
    'live',
    'A file defines something that the live database does not have',
    'The file says less about the database than it seems to.',
    (what) => `Deploy or delete ${what('definition')} that no database has`,
  ),
  'live-only': words(
    'live',
    'The live database has something that no file defines',
    'A new database made from the files would lack it.',
    (what) => `Write ${what('live object')} into a file`,
  ),
  'overlapping-tables': words(
    'copies',
    'Two tables of different names seem to do the same job',
    'Rows that belong together are kept apart.',
    (what) => `Look whether ${what('table')} can be joined with another`,
  ),
  'superseded-version': words(
    'copies',
    'A definition is an older state of another one',
    'Run by mistake, it makes the old shape.',
    (what) => `Archive the older definitions of ${what('table')}`,
  ),
  'identical-copy': words(
    'copies',
    'The same definition stands in several files',
    'A change made to one of them is forgotten in the others.',
    (what) => `Keep one copy of the definitions of ${what('table')}`,
  ),
  homonym: words(
    'none',
    'The same name is used in different schemas',
    'It is no conflict, but depends on the search path.',
    (what) => `Nothing needs to be done about ${what('object')}`,
  ),
}

/** Words of a rule; of one that has none yet, plain ones. */
export function wordsOf(rule: string): RuleWords {
  return (
    WORDS[rule] ??
    words(
      'object',
      `Findings of ${rule}`,
      'See the finding.',
      (what) => `Look at ${what('object')} (${rule})`,
    )
  )
}

/** Place of a rule among all; rules without words come last. */
export function ruleRank(rule: string): number {
  const index = Object.keys(WORDS).indexOf(rule)
  return index === -1 ? Number.MAX_SAFE_INTEGER : index
}

/**
 * When a finding is dealt with. What other statements fail for is a root cause and a step of its own, unless it stands
 * in a phase that is done before tables or hangs on them.
 */
export function phaseOf({ rule, object, consequences }: Finding): Phase {
  const { phase } = wordsOf(rule)
  if (phase === 'object' && object.kind === 'policy') return 'policies'
  if (phase === 'object' && object.kind === 'index') return 'indexes'
  return phase === 'order' && consequences.length > 0 ? 'object' : phase
}
