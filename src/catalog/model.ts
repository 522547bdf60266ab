/** A database's structure as data: what PostgreSQL's own catalogue says, in its own spelling, sorted by name. */
export type CatalogModel = {
  schemas: SchemaModel[]
  tables: TableModel[]
  views: ViewModel[]
  functions: FunctionModel[]
}

export type SchemaModel = { name: string; owner: string; comment: string | null; grants: GrantModel[] }

export type TableModel = {
  /** `schema.table` */
  name: string
  owner: string
  comment: string | null
  rowSecurity: 'off' | 'enabled' | 'forced'
  columns: ColumnModel[]
  constraints: NamedDefinition[]
  /** Indexes that no constraint made. */
  indexes: NamedDefinition[]
  policies: PolicyModel[]
  triggers: NamedDefinition[]
  grants: GrantModel[]
}

export type ColumnModel = {
  name: string
  /** As `format_type` writes it. */
  type: string
  isNullable: boolean
  default: string | null
  /** Set when the column is generated or an identity; `default` then holds the expression. */
  generated: 'always' | 'identity' | null
  comment: string | null
}

export type NamedDefinition = { name: string; definition: string }

export type PolicyModel = {
  name: string
  command: string
  isPermissive: boolean
  using: string | null
  check: string | null
}

export type GrantModel = { grantee: string; privileges: string[] }

export type ViewModel = {
  name: string
  owner: string
  comment: string | null
  options: string[]
  columns: ColumnModel[]
  definition: string
  grants: GrantModel[]
}

export type FunctionModel = {
  /** `schema.name(argument types)` */
  signature: string
  owner: string
  comment: string | null
  result: string
  language: string
  volatility: 'immutable' | 'stable' | 'volatile'
  isSecurityDefiner: boolean
  settings: string[]
  body: string
  grants: GrantModel[]
}
