import type { Session } from '../db/database.ts'
import { APP_ROLE, OWNER_ROLE } from '../db/tx.ts'
import type {
  CatalogModel,
  DefaultPrivilegesModel,
  FunctionModel,
  RoleModel,
  SchemaModel,
  SequenceModel,
  TableModel,
  TypeModel,
  ViewModel,
} from './model.ts'
import { grantsOf, SEQUENCES, TABLES, VIEWS } from './relation-queries.ts'

// One query a kind, each row a finished JSON object: a catalogue of hundreds of objects is a few round trips.
// Constraint and index texts come from the server's own functions, so that equal means equal to PostgreSQL too.

const ROLES = `
  select jsonb_build_object(
    'name', r.rolname,
    'attributes', (
      select coalesce(jsonb_agg(a.name), '[]')
      from (values ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls), ('createrole', r.rolcreaterole),
        ('createdb', r.rolcreatedb), ('replication', r.rolreplication)) a (name, is_on)
      where a.is_on),
    'memberOf', (
      select coalesce(jsonb_agg(distinct pg_get_userbyid(m.roleid)), '[]') from pg_auth_members m where m.member = r.oid)
  ) as model
  from pg_roles r
  where r.rolname = any($1)
  order by r.rolname`

const SCHEMAS = `
  select jsonb_build_object(
    'name', n.nspname,
    'owner', pg_get_userbyid(n.nspowner),
    'comment', obj_description(n.oid, 'pg_namespace'),
    'grants', ${grantsOf('n.nspacl', 'n', 'n.nspowner')}
  ) as model
  from pg_namespace n
  where n.nspname = any($1)
  order by n.nspname`

const FUNCTIONS = `
  select jsonb_build_object(
    'signature', n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    'owner', pg_get_userbyid(p.proowner),
    'comment', obj_description(p.oid, 'pg_proc'),
    'kind', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' else 'function' end,
    'arguments', pg_get_function_arguments(p.oid),
    'result', pg_get_function_result(p.oid),
    'language', l.lanname,
    'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    'isSecurityDefiner', p.prosecdef,
    'isLeakproof', p.proleakproof,
    'isStrict', p.proisstrict,
    'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
    'settings', coalesce(to_jsonb(p.proconfig), '[]'),
    'body', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc),
    'grants', ${grantsOf('p.proacl', 'f', 'p.proowner')}
  ) as model
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
  where n.nspname = any($1)
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
  order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`

// An array is no type of its own, and a table's row type is the table.
const TYPES = `
  select jsonb_build_object(
    'name', n.nspname || '.' || t.typname,
    'owner', pg_get_userbyid(t.typowner),
    'comment', obj_description(t.oid, 'pg_type'),
    'kind', case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' when 'r' then 'range'
      else 'base' end,
    'definition', coalesce(case t.typtype
      when 'e' then (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
        from pg_enum e where e.enumtypid = t.oid)
      when 'd' then concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end,
        'default ' || t.typdefault, (select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname)
          from pg_constraint k where k.contypid = t.oid and k.contype <> 'n'))
      when 'c' then (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)
      when 'r' then (select format_type(g.rngsubtype, null) from pg_range g where g.rngtypid = t.oid)
    end, ''),
    'grants', ${grantsOf('t.typacl', 'T', 't.typowner')}
  ) as model
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where n.nspname = any($1) and t.typtype in ('e', 'd', 'c', 'r', 'b') and t.typcategory <> 'A'
    and (t.typtype <> 'c' or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
    and not exists (select from pg_depend d where d.objid = t.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
  order by n.nspname, t.typname`

const DEFAULT_PRIVILEGES = `
  select jsonb_build_object(
    'name', concat_ws(' ', 'for role', pg_get_userbyid(d.defaclrole), 'in schema ' || n.nspname,
      case d.defaclobjtype when 'r' then 'on tables' when 'S' then 'on sequences' when 'f' then 'on functions'
        when 'T' then 'on types' when 'n' then 'on schemas' else 'on kind ' || d.defaclobjtype::text end),
    'grants', (
      select coalesce(jsonb_agg(jsonb_build_object('grantee', x.grantee, 'privileges', x.privileges) order by x.grantee), '[]')
      from (
        select case when e.grantee = 0 then 'public' else pg_get_userbyid(e.grantee) end as grantee,
               array_agg(distinct lower(e.privilege_type)
                 || case when e.is_grantable then ' with grant option' else '' end) as privileges
        from aclexplode(d.defaclacl) e group by 1
      ) x)
  ) as model
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
  where n.nspname = any($1) or (d.defaclnamespace = 0 and pg_get_userbyid(d.defaclrole) = '${OWNER_ROLE}')
  order by 1`

// Whatever else lives in a schema depends on it; relations, types, functions and default rights are read above.
const OTHERS = `
  select distinct i.type || ' ' || i.identity as model
  from pg_depend d
  join pg_namespace n on n.oid = d.refobjid
  cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
  where d.refclassid = 'pg_namespace'::regclass and n.nspname = any($1)
    and d.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_default_acl'::regclass,
      'pg_extension'::regclass)
    and not exists (
      select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e')
  order by 1`

/** Reads the structure of the named schemas and of the product's roles, in a transaction of its own. Writes nothing. */
export async function readCatalog(session: Session, schemas: readonly string[]): Promise<CatalogModel> {
  await session.exec('begin read only')
  try {
    return await readCatalogInside(session, schemas)
  } finally {
    await session.exec('rollback').catch(() => undefined)
  }
}

/** The same inside a transaction that is open already, which it leaves as it was. */
export async function readCatalogInside(session: Session, schemas: readonly string[]): Promise<CatalogModel> {
  const read = async <Model>(sql: string, names: readonly string[] = schemas) =>
    (await session.query<{ model: Model }>(sql, [names])).map((row) => row.model)
  // Expressions are printed relative to the search path: an empty one qualifies every name, whoever asks.
  await session.exec('savepoint catalog')
  try {
    await session.exec(`set local search_path to ''`)
    return {
      roles: await read<RoleModel>(ROLES, [OWNER_ROLE, APP_ROLE]),
      schemas: await read<SchemaModel>(SCHEMAS),
      tables: await read<TableModel>(TABLES),
      views: await read<ViewModel>(VIEWS),
      functions: await read<FunctionModel>(FUNCTIONS),
      sequences: await read<SequenceModel>(SEQUENCES),
      types: await read<TypeModel>(TYPES),
      defaultPrivileges: await read<DefaultPrivilegesModel>(DEFAULT_PRIVILEGES),
      others: await read<string>(OTHERS),
    }
  } finally {
    // Puts the search path back even when a statement failed; on a lost connection the first error is the one to tell.
    await session.exec('rollback to savepoint catalog').catch(() => undefined)
    await session.exec('release savepoint catalog').catch(() => undefined)
  }
}
