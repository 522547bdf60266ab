import type { CatalogModel, GrantModel, NamedDefinition, TableModel } from './model.ts'

/** One way in which the live structure is not the expected one. `path` names the object and the part of it. */
export type Difference = {
  /** `unknown`: it could not be compared, and `path` says why. */
  kind: 'missing' | 'unexpected' | 'changed' | 'unknown'
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
  for (const { name, ...own } of model.roles) add(flat, `role ${name}`, own)
  for (const { name, grants, ...own } of model.schemas) {
    add(flat, `schema ${name}`, own)
    addGrants(flat, `schema ${name}`, grants)
  }
  for (const table of model.tables) flattenTable(flat, table)
  for (const { name, columns, grants, triggers, rules, ...own } of model.views) {
    const path = `view ${name}`
    add(flat, path, own)
    for (const column of columns) add(flat, `${path} / column ${column.name}`, column)
    addNamed(flat, `${path} / trigger`, triggers)
    addNamed(flat, `${path} / rule`, rules)
    addGrants(flat, path, grants)
  }
  for (const item of model.functions) add(flat, `function ${item.signature}`, item)
  for (const item of model.sequences) add(flat, `sequence ${item.name}`, item)
  for (const item of model.types) add(flat, `type ${item.name}`, item)
  for (const item of model.defaultPrivileges) add(flat, `default privileges ${item.name}`, item.grants)
  for (const item of model.others) add(flat, item, '')
  return flat
}

function flattenTable(flat: Flat, table: TableModel): void {
  const { name, columns, constraints, indexes, policies, triggers, rules, grants, ...own } = table
  const path = `table ${name}`
  add(flat, path, own)
  for (const column of columns) add(flat, `${path} / column ${column.name}`, column)
  for (const policy of policies) add(flat, `${path} / policy ${policy.name}`, policy)
  addNamed(flat, `${path} / constraint`, constraints)
  addNamed(flat, `${path} / index`, indexes)
  addNamed(flat, `${path} / trigger`, triggers)
  addNamed(flat, `${path} / rule`, rules)
  addGrants(flat, path, grants)
}

function addNamed(flat: Flat, path: string, items: NamedDefinition[]): void {
  for (const item of items) add(flat, `${path} ${item.name}`, item.definition)
}

function addGrants(flat: Flat, path: string, grants: GrantModel[]): void {
  for (const item of grants) add(flat, `${path} / grant ${item.grantee}`, item.privileges)
}

function add(flat: Flat, path: string, value: unknown): void {
  flat.set(path, typeof value === 'string' ? value : JSON.stringify(value))
}
