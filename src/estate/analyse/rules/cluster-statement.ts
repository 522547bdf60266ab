import { at, count, type Rule } from './rule.ts'

/** Statements that change more than one database. */
export const clusterStatement: Rule = {
  id: 'cluster-statement',
  severity: 'warning',
  confidence: 'proven',
  summary: 'A statement concerns the whole cluster, not one database.',
  why: 'Run with a schema file it changes every database beside this one.',
  fix: 'Move it out of the schema, into what sets up the server; whoever applies a schema may not be allowed to do it.',
  phase: 'cluster',
  action: (what) => `Move ${what('cluster statement')} out of the schema files`,
  check: ({ files }) => {
    const schema = files.filter(({ role }) => role === 'schema')
    const all = schema.flatMap((file) =>
      file.statements.flatMap((statement) =>
        statement.facts.flatMap((fact) =>
          fact.fact === 'cluster' ? { ...fact, file: file.path, line: statement.line } : [],
        ),
      ),
    )
    return [...Map.groupBy(all, ({ what, name }) => `${kindOf(what)} ${name}`).values()].map((same) => {
      const [first] = same as [(typeof all)[number]]
      const whats = [...new Set(same.map(({ what }) => what))]
      return {
        object: { kind: kindOf(first.what), schema: '', name: first.name || first.what },
        places: same,
        message: `"${whats.join('", "')}" at ${at(first)} reaches beyond the database${same.length > 1 ? ` (${count(same.length, 'statement')})` : ''}.`,
      }
    })
  },
}

function kindOf(what: string): 'role' | 'database' | 'statement' {
  return what.endsWith('role') ? 'role' : what.endsWith('database') ? 'database' : 'statement'
}
