import { quoteIdentifier } from '../../../db/quote.ts'
import type { Source } from '../inventory/estate-file.ts'
import type { ScratchRunner } from './scratch.ts'

/** Roles that hosted databases have before anybody makes one. */
const HOSTED_ROLES = [
  'anon',
  'authenticated',
  'service_role',
  'supabase_admin',
  'supabase_auth_admin',
  'dashboard_user',
  'authenticator',
  'rds_superuser',
  'rds_iam',
  'rdsadmin',
  'cloudsqlsuperuser',
  'azure_pg_admin',
  'neon_superuser',
]

/** What hosted databases bring along and schemas build upon, told by the name of a schema that is used. */
const HOSTED: { schema: string; sql: string }[] = [
  {
    schema: 'auth',
    sql: `create schema auth;
      create table auth.users (id uuid primary key, instance_id uuid, aud text, role text, email text, phone text,
        encrypted_password text, email_confirmed_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb,
        raw_user_meta_data jsonb, is_super_admin boolean, created_at timestamptz, updated_at timestamptz,
        confirmed_at timestamptz, banned_until timestamptz, deleted_at timestamptz, is_anonymous boolean);
      create table auth.sessions (id uuid primary key, user_id uuid, created_at timestamptz, updated_at timestamptz);
      create table auth.identities (id uuid primary key, user_id uuid, provider text, identity_data jsonb);
      create function auth.uid() returns uuid language sql stable as 'select null::uuid';
      create function auth.role() returns text language sql stable as 'select null::text';
      create function auth.email() returns text language sql stable as 'select null::text';
      create function auth.jwt() returns jsonb language sql stable as 'select null::jsonb'`,
  },
  {
    schema: 'storage',
    sql: `create schema storage;
      create table storage.buckets (id text primary key, name text, owner uuid, public boolean, file_size_limit bigint,
        allowed_mime_types text[], avif_autodetection boolean, owner_id text, created_at timestamptz, updated_at timestamptz);
      create table storage.objects (id uuid primary key, bucket_id text, name text, owner uuid, owner_id text, metadata jsonb,
        path_tokens text[], version text, created_at timestamptz, updated_at timestamptz, last_accessed_at timestamptz);
      create function storage.foldername(name text) returns text[] language sql as 'select string_to_array(name, ''/'')';
      create function storage.filename(name text) returns text language sql as 'select name';
      create function storage.extension(name text) returns text language sql as 'select name'`,
  },
  {
    schema: 'cron',
    sql: `create schema cron;
      create table cron.job (jobid bigint primary key, schedule text, command text, jobname text, active boolean);
      create function cron.schedule(text, text) returns bigint language sql as 'select 1::bigint';
      create function cron.schedule(text, text, text) returns bigint language sql as 'select 1::bigint';
      create function cron.unschedule(text) returns boolean language sql as 'select true'`,
  },
]

/** Extensions that make types or functions which schemas use without saying where they are from. */
export const PROVIDERS: { extension: string; kind: 'type' | 'function' | 'operator'; names: string[] }[] = [
  {
    extension: 'uuid-ossp',
    kind: 'function',
    names: [
      'uuid_generate_v1',
      'uuid_generate_v1mc',
      'uuid_generate_v3',
      'uuid_generate_v4',
      'uuid_generate_v5',
      'uuid_nil',
    ],
  },
  {
    extension: 'pgcrypto',
    kind: 'function',
    names: [
      'crypt',
      'gen_salt',
      'digest',
      'hmac',
      'encrypt',
      'decrypt',
      'pgp_sym_encrypt',
      'pgp_sym_decrypt',
      'pgp_pub_encrypt',
      'gen_random_bytes',
      'gen_random_uuid',
      'armor',
      'pgp_pub_decrypt',
    ],
  },
  { extension: 'vector', kind: 'type', names: ['vector', 'halfvec', 'sparsevec'] },
  {
    extension: 'vector',
    kind: 'operator',
    names: ['ivfflat', 'hnsw', 'vector_cosine_ops', 'vector_l2_ops', 'vector_ip_ops'],
  },
  { extension: 'citext', kind: 'type', names: ['citext'] },
  { extension: 'hstore', kind: 'type', names: ['hstore'] },
  { extension: 'ltree', kind: 'type', names: ['ltree', 'lquery'] },
  { extension: 'cube', kind: 'type', names: ['cube'] },
  { extension: 'pg_trgm', kind: 'operator', names: ['gin_trgm_ops', 'gist_trgm_ops'] },
  { extension: 'pg_trgm', kind: 'function', names: ['similarity', 'word_similarity', 'show_trgm'] },
  { extension: 'unaccent', kind: 'function', names: ['unaccent'] },
  {
    extension: 'fuzzystrmatch',
    kind: 'function',
    names: ['levenshtein', 'soundex', 'metaphone', 'dmetaphone'],
  },
  { extension: 'tablefunc', kind: 'function', names: ['crosstab', 'normal_rand'] },
  {
    extension: 'earthdistance',
    kind: 'function',
    names: ['earth', 'll_to_earth', 'earth_distance', 'earth_box'],
  },
  { extension: 'moddatetime', kind: 'function', names: ['moddatetime'] },
]

/** Names that extensions bring which cannot be loaded here: what needs them is not judged. */
const ELSEWHERE =
  /^(geometry|geography|raster|box2d|box3d|topogeometry|_?st_\w+|postgis\w*|geometry_\w+|geography_columns|spatial_ref_sys|schema_migrations|ar_internal_metadata|flyway_schema_history|databasechangelog(?:lock)?|_prisma_migrations|alembic_version|django_migrations|knex_migrations(?:_lock)?|pgmigrations|goose_db_version|__drizzle_migrations|addgeometrycolumn|dropgeometrycolumn|updategeometrysrid|populate_geometry_columns|create_hypertable|set_chunk_time_interval|time_bucket\w*|add_\w+_policy|remove_\w+_policy|add_dimension|create_(?:distributed|reference)_table|http_\w+|timescaledb\w*|bm25|rum|diskann|pgroonga\w*|h3_?\w*|pg_stat_statements|pg_jsonschema|json(?:b)?_matches_schema|vchord\w*|zhparser|pg_bigm|gin_bigm_ops)$|^(partman|pgmq|pgmq_public|net|vault|pgsodium|pgsodium_masks|graphql|graphql_public|realtime|_realtime|supabase_functions|supabase_migrations|extensions|hdb_catalog|topology|tiger|ag_catalog|anon|repack|pglogical|pgtle|dblink|pgbouncer|timescaledb\w*|_timescaledb\w*|citus|columnar|pgml|ai|vectorize|paradedb|neon_auth|cron|auth|storage|aws_s3|aws_commons|aws_lambda)\./i

/** Whether something is known to come from an extension that the scratch database does not have. */
export function isFromElsewhere(name: string): boolean {
  return ELSEWHERE.test(name)
}

/**
 * Makes what the statements of a source take for granted: roles, and what hosted databases bring. Answers the tables that
 * stand for theirs.
 */
export async function prepare(runner: ScratchRunner, source: Source): Promise<string[]> {
  const facts = source.files.flatMap((file) => file.statements.flatMap((statement) => statement.facts))
  const roles = new Set(
    facts.flatMap((fact) => (fact.fact === 'grant' ? fact.to : fact.fact === 'policy' ? fact.roles : [])),
  )
  const cluster = new Set(facts.flatMap((fact) => (fact.fact === 'cluster' ? fact.name : [])))
  for (const role of [...HOSTED_ROLES, ...roles, ...cluster]) {
    if (/^(public|current_user|session_user|current_role|postgres|)$/i.test(role) || role.startsWith('pg_'))
      continue
    await runner.run(`create role ${quoteIdentifier(role)}`)
  }
  const schemas = new Set(facts.flatMap((fact) => (fact.fact === 'schema' ? fact.name : [])))
  const texts = source.files.flatMap((file) => file.statements.map(({ runnable }) => runnable))
  const made: string[] = []
  for (const { schema, sql } of HOSTED) {
    const isUsed = texts.some((text) => text.includes(`${schema}.`))
    if (!isUsed || schemas.has(schema)) continue
    await runner.run(sql)
    for (const [, table] of sql.matchAll(/create table (\S+)/g)) made.push(table!)
  }
  return made
}
