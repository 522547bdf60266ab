import type { Match } from './live-database.ts'

/** How a migration tool's table is known, and what of it is read. Expressions are SQL over its columns. */
export type LedgerKind = {
  tool: string
  /** Of its name; of its schema too where that belongs to the tool. */
  schema?: RegExp
  name: RegExp
  /** Columns that it has. */
  columns: string[]
  version: string
  /** What tells a migration that was begun and did not end well. */
  failed?: string
  /** What tells that all smaller numbers are applied too. */
  upTo?: string
  where?: string
  match: Match
}

/** What people call a ledger that they keep themselves. */
const OWN_LEDGER =
  /^_?(schema_)?migrations?(_history|_log)?$|^schema_(versions?|history)$|^(applied|executed|db|database)_migrations$/

/** The most telling ones first: some tools use the same names. */
export const LEDGER_KINDS: readonly LedgerKind[] = [
  {
    tool: 'robbieverse',
    schema: /^robbieverse$/,
    name: /^migrations$/,
    columns: ['module', 'number', 'slug', 'state'],
    version: `module || '/' || lpad(number::text, 4, '0') || '_' || slug`,
    failed: `state = 'running'`,
    match: 'name',
  },
  {
    tool: 'flyway',
    name: /^(flyway_schema_history|schema_version)$/,
    columns: ['installed_rank', 'version', 'script', 'type', 'success'],
    version: `case when type = 'BASELINE' then version else script end`,
    failed: 'not success',
    upTo: `type = 'BASELINE'`,
    where: `type not in ('SCHEMA', 'DELETE') and type not like 'UNDO%'`,
    match: 'name',
  },
  {
    tool: 'liquibase',
    name: /^databasechangelog$/i,
    columns: ['id', 'author', 'filename', 'exectype'],
    version: 'filename',
    failed: `exectype = 'FAILED'`,
    match: 'name',
  },
  {
    tool: 'prisma',
    name: /^_prisma_migrations$/,
    columns: ['migration_name', 'finished_at', 'rolled_back_at'],
    version: 'migration_name',
    failed: 'finished_at is null',
    where: 'rolled_back_at is null',
    match: 'name',
  },
  {
    tool: 'drizzle',
    name: /^__drizzle_migrations$/,
    columns: ['hash', 'created_at'],
    version: 'hash',
    match: 'hash',
  },
  {
    tool: 'alembic',
    name: /^alembic_version$/,
    columns: ['version_num'],
    version: 'version_num',
    match: 'none',
  },
  {
    tool: 'django',
    name: /^django_migrations$/,
    columns: ['app', 'name'],
    version: `app || '/' || name`,
    match: 'none',
  },
  { tool: 'knex', name: /^knex_migrations$/, columns: ['name'], version: 'name', match: 'name' },
  { tool: 'node-pg-migrate', name: /^pgmigrations$/, columns: ['name'], version: 'name', match: 'name' },
  {
    tool: 'supabase',
    schema: /^supabase_migrations$/,
    name: /^schema_migrations$/,
    columns: ['version'],
    version: 'version::text',
    match: 'name',
  },
  {
    tool: 'golang-migrate',
    name: /^schema_migrations$/,
    columns: ['version', 'dirty'],
    version: 'version::text',
    failed: 'dirty',
    upTo: 'true',
    match: 'name',
  },
  {
    tool: 'goose',
    name: /^goose_db_version$/,
    columns: ['version_id', 'is_applied'],
    version: 'version_id::text',
    where: 'is_applied and version_id > 0',
    match: 'name',
  },
  {
    tool: 'sqitch',
    name: /^changes$/,
    columns: ['change_id', 'change', 'committed_at', 'planned_at'],
    version: 'change',
    match: 'name',
  },
  {
    tool: 'sqlx',
    name: /^_sqlx_migrations$/,
    columns: ['version', 'success'],
    version: 'version::text',
    failed: 'not success',
    match: 'name',
  },
  {
    tool: 'atlas',
    name: /^atlas_schema_revisions$/,
    columns: ['version', 'error'],
    version: 'version::text',
    failed: `coalesce(error, '') <> ''`,
    where: `version not like '.%'`,
    match: 'name',
  },
  {
    tool: 'graphile-migrate',
    schema: /^graphile_migrate$/,
    name: /^migrations$/,
    columns: ['filename'],
    version: 'filename',
    match: 'name',
  },
  {
    tool: 'refinery',
    name: /^refinery_schema_history$/,
    columns: ['version'],
    version: 'version::text',
    match: 'name',
  },
  {
    tool: 'yoyo',
    name: /^_yoyo_migration$/,
    columns: ['migration_id'],
    version: 'migration_id',
    match: 'name',
  },
  { tool: 'sequelize', name: /^SequelizeMeta$/, columns: ['name'], version: 'name', match: 'name' },
  {
    tool: 'diesel',
    name: /^__diesel_schema_migrations$/,
    columns: ['version'],
    version: 'version::text',
    match: 'none',
  },
  {
    tool: 'entity framework',
    name: /^__EFMigrationsHistory$/,
    columns: ['MigrationId'],
    version: '"MigrationId"',
    match: 'none',
  },
  {
    tool: 'laravel',
    name: /^migrations$/,
    columns: ['migration', 'batch'],
    version: 'migration',
    match: 'none',
  },
  { tool: 'typeorm', name: /^migrations$/, columns: ['timestamp', 'name'], version: 'name', match: 'none' },
  {
    tool: 'dbmate, rails or the like',
    name: /^schema_migrations$/,
    columns: ['version'],
    version: 'version::text',
    match: 'name',
  },
  ...['filename', 'file_name', 'name', 'migration_name', 'migration', 'version'].map((column) => ({
    tool: 'own',
    name: OWN_LEDGER,
    columns: [column],
    version: `${column}::text`,
    match: 'name' as const,
  })),
]

/** Tables that tools keep beside their ledger. */
const BESIDE =
  /^(databasechangeloglock|knex_migrations_lock|ar_internal_metadata|yoyo_lock|_yoyo_(log|version))$/i
/** Schemas that belong to a tool. */
const TOOL_SCHEMAS = /^(robbieverse|sqitch|graphile_migrate|supabase_migrations|drizzle)$/

/** Whether a table is a migration tool's own and says nothing of the estate; `columns` are its columns' names. */
export function isOfMigrationTool(
  { schema, name }: { schema: string; name: string },
  columns: readonly string[],
): boolean {
  return (
    TOOL_SCHEMAS.test(schema) || BESIDE.test(name) || kindOfLedger({ schema, name }, columns) !== undefined
  )
}

/** Which tool's ledger a table is; undefined for any other table. */
export function kindOfLedger(
  { schema, name }: { schema: string; name: string },
  columns: readonly string[],
): LedgerKind | undefined {
  return LEDGER_KINDS.find(
    (kind) =>
      kind.name.test(name) &&
      (kind.schema?.test(schema) ?? true) &&
      kind.columns.every((column) => columns.includes(column)),
  )
}
