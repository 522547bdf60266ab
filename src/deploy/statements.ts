import { loadModule, parse } from 'libpg-query'

import { nameOf, quoteParts, type Effects, type Node } from './effects.ts'
import { effectsOf } from './statement-effects.ts'

/** One statement of a file, with what it does to relations that exist already, read from the server's own syntax tree. */
export type Statement = Effects & {
  sql: string
  /** 1-based line in its file. */
  line: number
  /** What it builds beside other sessions: an end half way leaves an unfinished index of that name, or of its like. */
  builds: UnfinishedIndex | null
  /** The policy it drops, as in `policy "name" on "schema"."table"`. */
  drops: string | null
  /** The function, view or policy it makes, written as `drop` would have it. */
  makes: string | null
}

/** Where an unfinished index may lie. `name` is null for a `reindex`, whose own names end in _ccnew and _ccold. */
export type UnfinishedIndex = { relation: string; name: string | null }

let isLoaded = false

/** What `readStatements` of parser.ts does in its thread; `sql` is not empty. Throws libpg-query's error for invalid syntax. */
export async function parseStatements(sql: string): Promise<Statement[]> {
  if (!isLoaded) {
    await loadModule()
    isLoaded = true
  }
  const bytes = Buffer.from(sql)
  const tree = (await parse(sql)) as { stmts?: { stmt: Node; stmt_location?: number; stmt_len?: number }[] }
  return (tree.stmts ?? []).map(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    // Offsets count bytes; a statement's text begins with the comments and line ends before it.
    const raw = bytes.subarray(start, length === undefined ? undefined : start + length).toString()
    const text = raw.replace(/^(\s|--.*\n|\/\*[\s\S]*?\*\/)+/, '')
    const before = bytes.subarray(0, start).toString() + raw.slice(0, raw.length - text.length)
    return {
      sql: text.trimEnd(),
      line: before.split('\n').length,
      ...effectsOf(stmt),
      builds: buildsIndex(stmt),
      drops: droppedPolicy(stmt),
      makes: madeObject(stmt),
    }
  })
}

function buildsIndex({ IndexStmt: index, ReindexStmt: reindex }: Node): UnfinishedIndex | null {
  if (index?.concurrent) return { relation: nameOf(index.relation), name: index.idxname }
  if (reindex?.relation) return { relation: nameOf(reindex.relation), name: null }
  return reindex?.name ? { relation: `${quoteParts([reindex.name])}.*`, name: null } : null
}

function droppedPolicy({ DropStmt: drop }: Node): string | null {
  if (drop?.removeType !== 'OBJECT_POLICY') return null
  const parts = (drop.objects[0].List.items as Node[]).map((part) => part.String.sval as string)
  return `policy ${quoteParts([parts.at(-1)!])} on ${quoteParts(parts.slice(0, -1))}`
}

function madeObject(stmt: Node): string | null {
  const {
    CreateFunctionStmt: made,
    ViewStmt: view,
    CreateTableAsStmt: table,
    CreatePolicyStmt: policy,
  } = stmt
  if (view) return `view ${nameOf(view.view)}`
  if (table?.objtype === 'OBJECT_MATVIEW') return `materialized view ${nameOf(table.into.rel)}`
  if (policy) return `policy ${quoteParts([policy.policy_name])} on ${nameOf(policy.table)}`
  if (!made) return null
  const types = ((made.parameters ?? []) as Node[])
    .map((item) => item.FunctionParameter as Node)
    .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
    .map(({ argType }) => `${namesOf(argType.names)}${'[]'.repeat(argType.arrayBounds?.length ?? 0)}`)
  return `${made.is_procedure ? 'procedure' : 'function'} ${namesOf(made.funcname)}(${types.join(', ')})`
}

const namesOf = (names: Node[]): string => quoteParts(names.map((name) => name.String.sval as string))
