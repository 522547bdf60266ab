import type { Extensions } from '@electric-sql/pglite'

/** The extensions that PostgreSQL itself ships and the embedded engine can load, for databases whose schema is unknown. */
export async function contribExtensions(): Promise<Extensions> {
  const loaded = await Promise.all([
    import('@electric-sql/pglite/contrib/bloom'),
    import('@electric-sql/pglite/contrib/btree_gin'),
    import('@electric-sql/pglite/contrib/btree_gist'),
    import('@electric-sql/pglite/contrib/citext'),
    import('@electric-sql/pglite/contrib/cube'),
    import('@electric-sql/pglite/contrib/dict_int'),
    import('@electric-sql/pglite/contrib/dict_xsyn'),
    import('@electric-sql/pglite/contrib/earthdistance'),
    import('@electric-sql/pglite/contrib/fuzzystrmatch'),
    import('@electric-sql/pglite/contrib/hstore'),
    import('@electric-sql/pglite/contrib/intarray'),
    import('@electric-sql/pglite/contrib/isn'),
    import('@electric-sql/pglite/contrib/lo'),
    import('@electric-sql/pglite/contrib/ltree'),
    import('@electric-sql/pglite/contrib/moddatetime'),
    import('@electric-sql/pglite/contrib/pg_trgm'),
    import('@electric-sql/pglite/contrib/pgcrypto'),
    import('@electric-sql/pglite/contrib/seg'),
    import('@electric-sql/pglite/contrib/tablefunc'),
    import('@electric-sql/pglite/contrib/tsm_system_rows'),
    import('@electric-sql/pglite/contrib/tsm_system_time'),
    import('@electric-sql/pglite/contrib/unaccent'),
    import('@electric-sql/pglite/contrib/uuid_ossp'),
  ])
  return Object.assign({}, ...loaded) as Extensions
}
