import { count, listed, at, type Rule } from './rule.ts'

/** One name in several schemas: no conflict, but a service that does not say which may find the wrong one. */
export const homonym: Rule = {
  id: 'homonym',
  severity: 'info',
  confidence: 'read',
  summary: 'The same name is used in different schemas.',
  why: 'It is no conflict, but depends on the search path.',
  fix: 'Name the schema wherever the table is used, or give one of them another name.',
  phase: 'none',
  action: (what) => `Nothing needs to be done about ${what('object')}`,
  check: ({ variants }) => {
    const tables = [...variants.values()].map(([first]) => first!.table)
    return [...Map.groupBy(tables, ({ name }) => name)].flatMap(([name, same]) => {
      if (same.length < 2) return []
      const schemas = same.map(({ schema }) => schema)
      return {
        object: { kind: 'table' as const, schema: schemas.includes('public') ? 'public' : schemas[0]!, name },
        places: same.map(({ place }) => place),
        message: `${name} stands in ${count(schemas.length, 'schema')}: ${listed(schemas)}. These are different tables.`,
        details: same.map(({ schema, place }) => `${schema}.${name}: ${at(place)}`),
      }
    })
  },
}
