import { posix } from 'node:path'

import { ledgerFilesOf } from '../live/ledger-files.ts'
import type { Source } from '../inventory/estate-file.ts'
import { isUpgrade } from '../kinship.ts'
import { count, type Rule } from './rule.ts'

/** A table in which a migration tool notes what it has run. */
const LEDGER =
  /^(_?schema_migrations?|_?migrations?|flyway_schema_history|databasechangelog|_prisma_migrations|alembic_version|django_migrations|knex_migrations|pgmigrations|goose_db_version|__drizzle_migrations|schema_version|ledger)$/

/** Numbered files that nobody notes the running of. */
export const noMigrationTracking: Rule = {
  id: 'no-migration-tracking',
  severity: 'info',
  confidence: 'guessed',
  summary: 'Numbered files, and nothing that records which of them ran.',
  why: 'Nobody can say what a database has.',
  fix: 'Run them with a migration tool, which records what it has applied.',
  phase: 'order',
  action: (what) => `Record what ran of ${what('source')}`,
  check: ({ sources, simulated, tools, live }) => {
    const noted = new Set(ledgerFilesOf(live?.ledgers ?? [], sources).flatMap((ledger) => ledger.sources))
    const hasLedger = simulated.some(({ tables }) =>
      [...tables.values()].some(({ name }) => LEDGER.test(name)),
    )
    return sources.flatMap((source) => {
      const isTracked =
        hasLedger ||
        noted.has(source.name) ||
        source.files.some(({ tool }) => tool !== null) ||
        tools.some(({ path }) => isAbove(path, source.name))
      if (source.kind !== 'migrations' || isTracked || isOfTool(source)) return []
      const missing = gapsOf([...source.numbers.values()])
      return {
        object: { kind: 'source' as const, schema: '', name: source.name },
        places: source.files.slice(0, 1).map(({ path }) => ({ file: path, line: 1 })),
        message: `${count(source.files.length, 'file')} of ${source.name} are numbered, and nothing notes which were run.`,
        details: missing.length === 0 ? [] : [`numbers that are missing: ${missing.join(', ')}`],
      }
    })
  },
}

/** Times as numbers, and the names that tools want, are not written by hand; scripts for upgrades are run once by whoever upgrades. */
function isOfTool({ name, files, numbers }: Source): boolean {
  return (
    isUpgrade(`${name}/`) ||
    /(?:^|\/)(?:supabase|prisma|drizzle|hasura|flyway|atlas|alembic|sqitch)(?:\/|$)|(?:^|\/)db\/migrate$/.test(
      name,
    ) ||
    files.some(({ path }) => /\.up\.sql$|(?:^|\/)(?:V\d[^/]*__[^/]*|migration|up)\.sql$/.test(path)) ||
    [...numbers.values()].every((number) => /^\d{10,}/.test(number) || isUpgrade(number))
  )
}

/** Whether a file stands in the folder, or in one around it. */
function isAbove(path: string, folder: string): boolean {
  const own = posix.dirname(path)
  return own === '.' || folder === own || folder.startsWith(`${own}/`)
}

/** Numbers left out in a row of small ones; times as numbers leave none out. */
function gapsOf(numbers: string[]): number[] {
  const plain = [...new Set(numbers.filter((number) => /^\d{1,4}$/.test(number)).map(Number))].toSorted(
    (a, b) => a - b,
  )
  return plain.flatMap((number, index) => {
    const before = plain[index - 1]
    if (before === undefined || number - before > 20) return []
    return Array.from({ length: number - before - 1 }, (_, step) => before + 1 + step)
  })
}
