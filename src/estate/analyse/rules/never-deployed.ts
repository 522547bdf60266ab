import { ledgerFilesOf, type LedgerFiles } from '../live/ledger-files.ts'
import type { LiveDatabase } from '../live/live-database.ts'
import { byCodePoint } from '../code-point-order.ts'
import type { Estate } from '../estate.ts'
import type { ObjectRef } from '../finding.ts'
import type { Place } from '../simulate/state.ts'
import { listed, type Found, type Rule } from './rule.ts'

/** What a file defines and the database lacks. */
export const neverDeployed: Rule = {
  id: 'never-deployed',
  severity: 'warning',
  confidence: 'read',
  summary: 'A file defines something that the live database does not have.',
  why: 'The file says less about the database than it seems to.',
  fix: 'Deploy it, or delete the definition: a file that nobody runs misleads whoever reads it.',
  phase: 'live',
  action: (what) => `Deploy or delete ${what('definition')} that no database has`,
  check: (estate) => {
    const { live } = estate
    if (!live) return []
    const ledgers = ledgerFilesOf(live.ledgers, estate.sources)
    return [...definedIn(estate).values()]
      .filter(({ object }) => !isLive(live, object))
      .map(({ object, places }) => foundOf(object, places, { live, ledgers }))
  },
}

type Defined = { object: ObjectRef; places: Place[] }

/** Tables, views and functions of the files, by kind and name; a function counts once, whatever its arguments are. */
function definedIn({ variants, simulated }: Estate): Map<string, Defined> {
  const defined = new Map<string, Defined>()
  const add = (kind: 'table' | 'view' | 'function', { schema, name, place }: Named) => {
    const key = `${kind} ${schema}.${name}`
    const standing = defined.get(key)
    if (standing) standing.places.push(place)
    else defined.set(key, { object: { kind, schema, name }, places: [place] })
  }
  for (const { table } of [...variants.values()].flat()) add('table', table)
  for (const { views, functions } of simulated) {
    for (const { schema, name, place } of views.values()) add('view', { schema, name: name.name, place })
    for (const { schema, name, place } of functions.values())
      add('function', { schema, name: name.name, place })
  }
  return new Map([...defined].toSorted(([a], [b]) => byCodePoint(a, b)))
}

type Named = { schema: string; name: string; place: Place }

function isLive({ tables, views, functions }: LiveDatabase, { kind, schema, name }: ObjectRef): boolean {
  const key = `${schema}.${name}`
  return kind === 'function' ? functions.has(key) : tables.has(key) || views.has(key)
}

function foundOf(
  object: ObjectRef,
  places: Place[],
  { live, ledgers }: { live: LiveDatabase; ledgers: LedgerFiles[] },
): Found {
  const { kind, name, schema } = object
  const elsewhere = [...live.tables.values(), ...live.views.values()]
    .filter((other) => kind !== 'function' && other.name === name && other.schema !== schema)
    .map((other) => `${other.schema}.${other.name}`)
  return {
    object,
    places,
    message: `${name} is defined in ${listed([...new Set(places.map(({ file }) => file))])}, and the database does not have it.`,
    details: [
      ...elsewhere.map((other) => `the database has ${other}, in another schema`),
      ...[...new Set(places.map(({ file }) => file))].flatMap((file) => claimsAbout(file, ledgers)),
    ],
    ...(kind === 'function' ? { severity: 'info' as const } : {}),
  }
}

/** What a migration tool says of the file: it ran, or it did not. */
function claimsAbout(file: string, ledgers: LedgerFiles[]): string[] {
  return ledgers.flatMap(({ ledger, applied, notApplied }) => {
    if (notApplied.includes(file)) return [`${ledger.name} of ${ledger.tool} does not note ${file} as run`]
    if (applied.includes(file)) return [`${ledger.name} of ${ledger.tool} notes ${file} as run`]
    return []
  })
}
