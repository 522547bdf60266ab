import type { CatalogModel } from './model.ts'

/** One way in which the live structure is not the expected one. `path` names the object and the part of it. */
export type Difference = {
  kind: 'missing' | 'unexpected' | 'changed'
  path: string
  expected: string | null
  found: string | null
}

type Flat = Map<string, string>

/** Compares both ways: what is missing, what nobody declared, and what has another definition. */
export function diffCatalog(expected: CatalogModel, found: CatalogModel): Difference[] {
  const left = flatten(expected)
  const right = flatten(found)
  const differences: Difference[] = []
  for (const [path, value] of left) {
    const other = right.get(path)
    if (other === undefined) differences.push({ kind: 'missing', path, expected: value, found: null })
    else if (other !== value) differences.push({ kind: 'changed', path, expected: value, found: other })
  }
  for (const [path, value] of right) {
    if (!left.has(path)) differences.push({ kind: 'unexpected', path, expected: null, found: value })
  }
  return withoutChildrenOf(differences)
}

/** A missing table is one finding, not one for each of its columns. */
function withoutChildrenOf(differences: Difference[]): Difference[] {
  const whole = new Set(
    differences.filter((item) => item.kind !== 'changed').map((item) => `${item.kind} ${item.path}`),
  )
  return differences
    .filter((item) => {
      const parent = item.path.split(' / ')[0]!
      return parent === item.path || !whole.has(`${item.kind} ${parent}`)
    })
    .toSorted((a, b) => a.path.localeCompare(b.path))
}

function flatten(model: CatalogModel): Flat {
  const flat: Flat = new Map()
  for (const schema of model.schemas) {
    const { name, grants, ...own } = schema
    add(flat, `schema ${name}`, own)
    for (const item of grants) add(flat, `schema ${name} / grant ${item.grantee}`, item.privileges)
  }
  for (const table of model.tables) {
    const { name, columns, constraints, indexes, policies, triggers, grants, ...own } = table
    add(flat, `table ${name}`, own)
    for (const column of columns) add(flat, `table ${name} / column ${column.name}`, column)
    for (const item of constraints) add(flat, `table ${name} / constraint ${item.name}`, item.definition)
    for (const item of indexes) add(flat, `table ${name} / index ${item.name}`, item.definition)
    for (const item of policies) add(flat, `table ${name} / policy ${item.name}`, item)
    for (const item of triggers) add(flat, `table ${name} / trigger ${item.name}`, item.definition)
    for (const item of grants) add(flat, `table ${name} / grant ${item.grantee}`, item.privileges)
  }
  for (const view of model.views) {
    const { name, columns, grants, ...own } = view
    add(flat, `view ${name}`, own)
    for (const column of columns) add(flat, `view ${name} / column ${column.name}`, column)
    for (const item of grants) add(flat, `view ${name} / grant ${item.grantee}`, item.privileges)
  }
  for (const item of model.functions) add(flat, `function ${item.signature}`, item)
  return flat
}

function add(flat: Flat, path: string, value: unknown): void {
  flat.set(path, typeof value === 'string' ? value : JSON.stringify(value))
}
