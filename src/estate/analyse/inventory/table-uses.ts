import type { TableUse } from './facts.ts'
import { asList, asNode, asText, groupedBy, inner, locationOf, stringOf, type Node } from './node-parts.ts'
import {
  addAlias,
  addRelation,
  innerScope,
  isCte,
  isHoleName,
  schemaAlias,
  TableUses,
  type Ctes,
  type Relation,
  type Scope,
} from './query-scope.ts'

type Work = { node: unknown; scope: Scope | null }

/**
 * The tables that a statement reads and writes, with the columns that are surely theirs, from its node in libpg-query's tree.
 * `lineAt` takes the tree's own offsets (bytes). `notColumns` are names that mean something else where the statement stands,
 * such as a function's parameters. Never throws; no recursion, so that depth does no harm.
 */
export function usesOf(
  statement: unknown,
  lineAt: (offset: number) => number,
  notColumns: ReadonlySet<string> = new Set(),
): TableUse[] {
  const walk = new Walk(new TableUses(notColumns))
  walk.run(statement)
  return walk.uses.done(lineAt)
}

/** Goes through a tree with a stack of its own; each kind of statement opens the scope of its expressions. */
class Walk {
  readonly uses: TableUses
  readonly #work: Work[] = []
  readonly #handlers: Record<string, (node: Node, scope: Scope | null) => void> = {
    SelectStmt: (node, scope) => this.#select(node, scope),
    InsertStmt: (node, scope) => this.#insert(node, scope),
    UpdateStmt: (node, scope) => this.#change(node, scope, 'update'),
    DeleteStmt: (node, scope) => this.#change(node, scope, 'delete'),
    MergeStmt: (node, scope) => this.#merge(node, scope),
    CopyStmt: (node, scope) => this.#copy(node, scope),
    TruncateStmt: (node) => {
      for (const table of asList(node['relations'])) this.#table(inner(table, 'RangeVar'), 'delete', null)
    },
    CreatePolicyStmt: (node, scope) => {
      const own = innerScope(scope)
      this.#target(asNode(node['table']), 'read', own)
      this.#push(own, node['qual'], node['with_check'])
    },
    ColumnRef: (node, scope) => this.#column(node, scope),
    // The source of `set (a, b) = (select ...)` stands in the tree once for each of its columns.
    MultiAssignRef: (node, scope) => {
      if ((node['colno'] ?? 1) === 1) this.#push(scope, node['source'])
    },
  }

  constructor(uses: TableUses) {
    this.uses = uses
  }

  run(statement: unknown) {
    this.#push(null, statement)
    for (let next = this.#work.pop(); next; next = this.#work.pop()) {
      const { node, scope } = next
      if (Array.isArray(node)) {
        for (const item of node) this.#push(scope, item)
        continue
      }
      for (const [kind, value] of Object.entries(node as Node)) {
        const handle = Object.hasOwn(this.#handlers, kind) ? this.#handlers[kind] : undefined
        const body = handle && asNode(value)
        if (handle && body) handle(body, scope)
        else this.#push(scope, value)
      }
    }
  }

  #push(scope: Scope | null, ...nodes: unknown[]) {
    for (const node of nodes) if (typeof node === 'object' && node !== null) this.#work.push({ node, scope })
  }

  #select(node: Node, outer: Scope | null) {
    const scope = innerScope(outer, this.#with(node, outer))
    if (node['larg'] || node['rarg']) {
      // `order by` of a union names its output columns alone.
      const side = innerScope(outer, scope.ctes)
      this.#push(side, { SelectStmt: node['larg'] }, { SelectStmt: node['rarg'] })
      this.#push(side, node['limitCount'], node['limitOffset'])
      return
    }
    this.#from(asList(node['fromClause']), scope)
    const named = new Set(
      asList(node['targetList']).map((target) => asText(inner(target, 'ResTarget')?.['name'])),
    )
    const isOutput = (value: unknown) => {
      const fields = asList(inner(value, 'ColumnRef')?.['fields'])
      return fields.length === 1 && named.has(stringOf(fields[0]))
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === 'withClause' || key === 'fromClause') continue
      if (key === 'sortClause' || key === 'groupClause' || key === 'distinctClause') {
        const rest = groupedBy(asList(value)).filter(
          (item) => !isOutput(inner(item, 'SortBy')?.['node'] ?? item),
        )
        this.#push(scope, ...rest)
      } else this.#push(scope, value)
    }
  }

  #insert(node: Node, outer: Scope | null) {
    const scope = innerScope(outer, this.#with(node, outer))
    const own = innerScope(scope)
    const target = this.#target(asNode(node['relation']), 'insert', own)
    for (const column of asList(node['cols'])) this.#assigned(column, target, scope)
    this.#push(scope, node['selectStmt'])
    const conflict = asNode(node['onConflictClause'])
    if (conflict) {
      addAlias(own, 'excluded', target)
      this.#conflictTarget(asNode(conflict['infer']), target, own)
      for (const column of asList(conflict['targetList'])) this.#assigned(column, target, own)
      this.#push(own, conflict['whereClause'])
    }
    this.#returning(node, target, own)
  }

  #conflictTarget(infer: Node | null, target: Relation, scope: Scope) {
    const elements = asList(infer?.['indexElems']).map((item) => inner(item, 'IndexElem'))
    const names = elements.map((element) => asText(element?.['name']))
    if (target.use) {
      target.use.constraint = asText(infer?.['conname'])
      target.use.hasConflictFilter = Boolean(infer?.['whereClause'])
      const isPlain = names.length > 0 && names.every((name) => name !== null && !isHoleName(name))
      if (isPlain) target.use.conflict = names as string[]
    }
    for (const name of names) if (name !== null && infer) this.uses.addColumn(target, name, locationOf(infer))
    this.#push(scope, infer?.['whereClause'], ...elements.map((element) => element?.['expr']))
  }

  #change(node: Node, outer: Scope | null, how: 'update' | 'delete') {
    const scope = innerScope(outer, this.#with(node, outer))
    const target = this.#target(asNode(node['relation']), how, scope)
    this.#from([...asList(node['fromClause']), ...asList(node['usingClause'])], scope)
    for (const column of asList(node['targetList'])) this.#assigned(column, target, scope)
    this.#push(scope, node['whereClause'])
    this.#returning(node, target, scope)
  }

  #merge(node: Node, outer: Scope | null) {
    const scope = innerScope(outer, this.#with(node, outer))
    const target = this.#target(asNode(node['relation']), 'update', scope)
    this.#from([node['sourceRelation']], scope)
    this.#push(scope, node['joinCondition'])
    for (const clause of asList(node['mergeWhenClauses'])) {
      const when = inner(clause, 'MergeWhenClause')
      for (const column of asList(when?.['targetList'])) this.#assigned(column, target, scope)
      this.#push(scope, when?.['condition'], when?.['values'])
    }
    this.#returning(node, target, scope)
  }

  #copy(node: Node, outer: Scope | null) {
    this.#push(outer, node['query'])
    const scope = innerScope(outer)
    const relation = asNode(node['relation'])
    const target = this.#target(relation, node['is_from'] === true ? 'insert' : 'read', scope)
    for (const column of asList(node['attlist'])) {
      const name = stringOf(column)
      if (name !== null && relation) this.uses.addColumn(target, name, locationOf(relation))
    }
    this.#push(scope, node['whereClause'])
  }

  #returning(node: Node, target: Relation, scope: Scope) {
    const clause = asNode(node['returningClause'])
    if (!clause) return
    const own = innerScope(scope)
    const names = asList(clause['options']).map((option) =>
      asText(inner(option, 'ReturningOption')?.['value']),
    )
    for (const name of [...names, 'old', 'new']) {
      if (name !== null && !scope.relations.has(name) && !own.relations.has(name)) addAlias(own, name, target)
    }
    this.#push(own, clause['exprs'])
  }

  /** A column that is written to, with the expression for it; `set a.b = 1` writes to a field of column `a`. */
  #assigned(node: unknown, target: Relation, scope: Scope) {
    const assigned = inner(node, 'ResTarget')
    const name = asText(assigned?.['name'])
    if (assigned && name !== null) this.uses.addColumn(target, name, locationOf(assigned))
    this.#push(scope, assigned?.['val'], assigned?.['indirection'])
  }

  #column(node: Node, scope: Scope | null) {
    const fields = asList(node['fields']).map(stringOf)
    if (fields.length === 0 || fields.includes(null)) return
    this.uses.resolve(fields as string[], scope, locationOf(node))
  }

  /** Names of the statement's `with`; each of its queries sees those before it, or all of them when it is recursive. */
  #with(node: Node, outer: Scope | null): Ctes | null {
    const parent = outer?.ctes ?? null
    const clause = asNode(node['withClause'])
    if (!clause) return parent
    const ctes = asList(clause['ctes']).map((cte) => inner(cte, 'CommonTableExpr'))
    const names = new Map(ctes.map((cte, index) => [asText(cte?.['ctename']) ?? '', index]))
    for (const [index, cte] of ctes.entries()) {
      const limit = clause['recursive'] === true ? Infinity : index
      this.#push(innerScope(outer, { names, limit, parent }), cte?.['ctequery'])
    }
    return { names, limit: Infinity, parent }
  }

  #target(node: Node | null, how: TableUse['how'], scope: Scope): Relation {
    const relation: Relation = { use: this.#table(node, how, null) }
    addRelation(scope, relation, aliasesOf(node))
    return relation
  }

  #table(node: Node | null, how: TableUse['how'], ctes: Ctes | null) {
    const name = asText(node?.['relname'])
    const schema = asText(node?.['schemaname'])
    if (!node || name === null || isHoleName(name) || (schema === null && isCte(ctes, name))) return null
    return this.uses.add({ schema, name }, how, locationOf(node))
  }

  #from(items: unknown[], scope: Scope) {
    const found = new Map<unknown, Relation>()
    const joins: Node[] = []
    const queue = items.toReversed()
    while (queue.length > 0) {
      const item = queue.pop()
      const table = inner(item, 'RangeVar')
      const join = inner(item, 'JoinExpr')
      const sample = inner(item, 'RangeTableSample')
      if (table) found.set(item, this.#fromTable(table, scope))
      else if (join) {
        queue.push(join['rarg'], join['larg'])
        joins.push(join)
        addAlias(scope, aliasOf(join), { use: null })
        this.#push(scope, join['quals'])
      } else if (sample) {
        queue.push(sample['relation'])
        this.#push(scope, sample['args'], sample['repeatable'])
      } else this.#fromOther(item, scope)
    }
    for (const join of joins) {
      for (const side of [found.get(join['larg']), found.get(join['rarg'])]) {
        const columns = asList(join['usingClause']).map(stringOf)
        for (const column of columns) {
          if (column !== null && side?.use) this.uses.addColumn(side, column, side.use.at)
        }
      }
    }
  }

  #fromTable(node: Node, scope: Scope): Relation {
    const use = this.#table(node, 'read', scope.ctes)
    const hasOwnNames = asList(asNode(node['alias'])?.['colnames']).length > 0
    const relation: Relation = { use: hasOwnNames ? null : use }
    addRelation(scope, relation, aliasesOf(node))
    return relation
  }

  /** A sub-query sees what is around the query, and the tables beside it where it is lateral; a function sees both. */
  #fromOther(item: unknown, scope: Scope) {
    const query = inner(item, 'RangeSubselect')
    const body = query ?? asNode(Object.values(asNode(item) ?? {})[0])
    if (!body) return
    addRelation(scope, { use: null }, [aliasOf(body)])
    if (!query) this.#push(scope, body)
    else
      this.#push(query['lateral'] === true ? scope : innerScope(scope.parent, scope.ctes), query['subquery'])
  }
}

const aliasOf = (node: Node | null) => asText(asNode(node?.['alias'])?.['aliasname'])

function aliasesOf(node: Node | null): (string | null)[] {
  const alias = aliasOf(node)
  const name = asText(node?.['relname'])
  const schema = asText(node?.['schemaname'])
  if (alias !== null || name === null) return [alias]
  return schema === null ? [name] : [name, schemaAlias(schema, name)]
}
