// The statements that read tables, views, sequences and what hangs on them. Each row is a finished JSON object.

/**
 * The rights in an access list, by grantee. The owner is left out while their rights are all of them, written down or
 * not; MAINTAIN of the owner does not count, because servers before 17 have not heard of it.
 */
export const grantsOf = (acl: string, kind: string, owner: string) => `
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'grantee', case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee) end,
      'privileges', g.privileges) order by case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee) end)
    from (
      select x.grantee, coalesce(array_agg(distinct lower(x.privilege_type)
          || case when x.is_grantable then ' with grant option' else '' end)
        filter (where x.privilege_type is not null), '{}') as privileges
      from (
        select e.grantee, e.privilege_type, e.is_grantable
        from aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) e
        where e.grantee <> ${owner} or e.privilege_type <> 'MAINTAIN'
        union all select ${owner}, null, false
      ) x
      group by x.grantee
    ) g
    where g.grantee <> ${owner} or g.privileges <> coalesce((
      select array_agg(distinct lower(d.privilege_type))
      from aclexplode(acldefault('${kind}', ${owner})) d
      where d.grantee = ${owner} and d.privilege_type <> 'MAINTAIN'), '{}')
  ), '[]')`

// What an extension brought comes and goes with it.
const IS_OWN = `not exists (
    select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`

const COLUMNS = `
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'isNullable', not a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid),
      'generated', case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'always' end,
      'comment', col_description(c.oid, a.attnum),
      'grants', case when a.attacl is null then '[]' else ${grantsOf('a.attacl', 'c', 'c.relowner')} end
    ) order by a.attnum)
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ), '[]')`

const TRIGGERS = `
  coalesce((
    select jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid)
      || case t.tgenabled when 'O' then '' when 'D' then ' (disabled)'
        when 'A' then ' (always)' else ' (on replicas)' end)
      order by t.tgname)
    from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
  ), '[]')`

const RULES = `
  coalesce((
    select jsonb_agg(jsonb_build_object('name', r.rulename, 'definition', pg_get_ruledef(r.oid)
      || case r.ev_enabled when 'O' then '' when 'D' then ' (disabled)'
        when 'A' then ' (always)' else ' (on replicas)' end)
      order by r.rulename)
    from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'
  ), '[]')`

// PostgreSQL 18 names not-null constraints (contype n); older servers have none to compare with.
export const TABLES = `
  select jsonb_build_object(
    'name', n.nspname || '.' || c.relname,
    'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'),
    'kind', case c.relkind when 'p' then 'partitioned' when 'f' then 'foreign' else 'table' end,
    'persistence', case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' else 'permanent' end,
    'options', coalesce(to_jsonb(c.reloptions), '[]') || coalesce((
      select to_jsonb(array['server ' || s.srvname] || coalesce(f.ftoptions, '{}'))
      from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid
    ), '[]'),
    'inherits', coalesce((
      select jsonb_agg(h.inhparent::regclass::text order by h.inhseqno) from pg_inherits h where h.inhrelid = c.oid
    ), '[]'),
    'partition', nullif(concat_ws('; ', pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid)), ''),
    'rowSecurity', case when not c.relrowsecurity then 'off' when c.relforcerowsecurity then 'forced' else 'enabled' end,
    'columns', ${COLUMNS},
    'constraints', coalesce((
      select jsonb_agg(jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)
        || case when exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O')
          then ' (its triggers are disabled)' else '' end) order by k.conname)
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
        'roles', (select jsonb_agg(case when o.role = 0 then 'public' else pg_get_userbyid(o.role) end order by o.role)
          from unnest(p.polroles) o (role)),
        'using', pg_get_expr(p.polqual, p.polrelid),
        'check', pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
      from pg_policy p where p.polrelid = c.oid
    ), '[]'),
    'triggers', ${TRIGGERS},
    'rules', ${RULES},
    'grants', ${grantsOf('c.relacl', 'r', 'c.relowner')}
  ) as model
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p', 'f') and ${IS_OWN}
  order by n.nspname, c.relname`

export const VIEWS = `
  select jsonb_build_object(
    'name', n.nspname || '.' || c.relname,
    'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'),
    'kind', case c.relkind when 'm' then 'materialized' else 'view' end,
    'options', coalesce(to_jsonb(c.reloptions), '[]'),
    'columns', ${COLUMNS},
    'definition', pg_get_viewdef(c.oid),
    'triggers', ${TRIGGERS},
    'rules', ${RULES},
    'grants', ${grantsOf('c.relacl', 'r', 'c.relowner')}
  ) as model
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('v', 'm') and ${IS_OWN}
  order by n.nspname, c.relname`

export const SEQUENCES = `
  select jsonb_build_object(
    'name', n.nspname || '.' || c.relname,
    'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'),
    'definition', format('as %s start with %s increment by %s minvalue %s maxvalue %s cache %s%s',
      format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
      case when s.seqcycle then ' cycle' else '' end),
    'ownedBy', (
      select d.refobjid::regclass || '.' || a.attname
      from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
        and d.deptype in ('a', 'i')
    ),
    'grants', ${grantsOf('c.relacl', 's', 'c.relowner')}
  ) as model
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and ${IS_OWN}
  order by n.nspname, c.relname`
