import type { Session } from '../db/database.ts'
import type { CatalogModel, FunctionModel, SchemaModel, TableModel, ViewModel } from './model.ts'

// One query a kind, each row a finished JSON object: a catalogue of hundreds of objects is three round trips.
// Constraint and index texts come from the server's own functions, so that equal means equal to PostgreSQL too.

const GRANTS = (acl: string, kind: string, owner: string) => `
  coalesce((
    select jsonb_agg(jsonb_build_object('grantee', g.grantee, 'privileges', g.privileges) order by g.grantee)
    from (
      select case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee) end as grantee,
             array_agg(lower(x.privilege_type) order by x.privilege_type) as privileges
      from aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) x
      where x.grantee <> ${owner}
      group by 1
    ) g
  ), '[]')`

const COLUMNS = `
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'isNullable', not a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid),
      'generated', case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'always' end,
      'comment', col_description(c.oid, a.attnum)
    ) order by a.attnum)
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ), '[]')`

const SCHEMAS = `
  select jsonb_build_object(
    'name', n.nspname,
    'owner', pg_get_userbyid(n.nspowner),
    'comment', obj_description(n.oid, 'pg_namespace'),
    'grants', ${GRANTS('n.nspacl', 'n', 'n.nspowner')}
  ) as model
  from pg_namespace n
  where n.nspname = any($1)
  order by n.nspname`

// PostgreSQL 18 names not-null constraints (contype n); older servers have none to compare with.
const TABLES = `
  select jsonb_build_object(
    'name', n.nspname || '.' || c.relname,
    'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'),
    'rowSecurity', case when c.relforcerowsecurity then 'forced' when c.relrowsecurity then 'enabled' else 'off' end,
    'columns', ${COLUMNS},
    'constraints', coalesce((
      select jsonb_agg(jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.conname)
      from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'
    ), '[]'),
    'indexes', coalesce((
      select jsonb_agg(jsonb_build_object('name', ic.relname, 'definition', pg_get_indexdef(i.indexrelid)
        || case when i.indisvalid then '' else ' (invalid)' end) order by ic.relname)
      from pg_index i join pg_class ic on ic.oid = i.indexrelid
      where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
    ), '[]'),
    'policies', coalesce((
      select jsonb_agg(jsonb_build_object(
        'name', p.polname,
        'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
          when 'd' then 'delete' else 'all' end,
        'isPermissive', p.polpermissive,
        'using', pg_get_expr(p.polqual, p.polrelid),
        'check', pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
      from pg_policy p where p.polrelid = c.oid
    ), '[]'),
    'triggers', coalesce((
      select jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid)) order by t.tgname)
      from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
    ), '[]'),
    'grants', ${GRANTS('c.relacl', 'r', 'c.relowner')}
  ) as model
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p')
  order by n.nspname, c.relname`

const VIEWS = `
  select jsonb_build_object(
    'name', n.nspname || '.' || c.relname,
    'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'),
    'options', coalesce(to_jsonb(c.reloptions), '[]'),
    'columns', ${COLUMNS},
    'definition', pg_get_viewdef(c.oid),
    'grants', ${GRANTS('c.relacl', 'r', 'c.relowner')}
  ) as model
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('v', 'm')
  order by n.nspname, c.relname`

const FUNCTIONS = `
  select jsonb_build_object(
    'signature', n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    'owner', pg_get_userbyid(p.proowner),
    'comment', obj_description(p.oid, 'pg_proc'),
    'result', pg_get_function_result(p.oid),
    'language', l.lanname,
    'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    'isSecurityDefiner', p.prosecdef,
    'settings', coalesce(to_jsonb(p.proconfig), '[]'),
    'body', p.prosrc,
    'grants', ${GRANTS('p.proacl', 'f', 'p.proowner')}
  ) as model
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
  where n.nspname = any($1)
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
  order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`

/** Reads the structure of the named schemas. Writes nothing; works in a read-only transaction. */
export async function readCatalog(session: Session, schemas: readonly string[]): Promise<CatalogModel> {
  const read = async <Model>(sql: string) =>
    (await session.query<{ model: Model }>(sql, [schemas])).map((row) => row.model)
  // Expressions are printed relative to the search path: an empty one qualifies every name, whoever asks.
  const [path] = await session.query<{ path: string }>(`select current_setting('search_path') as path`)
  await session.exec(`set search_path to ''`)
  try {
    return {
      schemas: await read<SchemaModel>(SCHEMAS),
      tables: await read<TableModel>(TABLES),
      views: await read<ViewModel>(VIEWS),
      functions: await read<FunctionModel>(FUNCTIONS),
    }
  } finally {
    await session.query(`select set_config('search_path', $1, false)`, [path?.path ?? ''])
  }
}
