/** A database's structure as data: what PostgreSQL's own catalogue says, in its own spelling, sorted by name. */
export type CatalogModel = {
  /** The product's own roles. */
  roles: RoleModel[]
  schemas: SchemaModel[]
  tables: TableModel[]
  views: ViewModel[]
  functions: FunctionModel[]
  sequences: SequenceModel[]
  types: TypeModel[]
  /** Rights that objects will get when somebody makes them in these schemas, or the owner role anywhere. */
  defaultPrivileges: DefaultPrivilegesModel[]
  /** Objects of any other kind (operators, collations, statistics), by kind and name only. */
  others: string[]
}

export type RoleModel = {
  name: string
  /** Those it has of superuser, bypassrls, createrole, createdb, replication. */
  attributes: string[]
  memberOf: string[]
}

export type SchemaModel = { name: string; owner: string; comment: string | null; grants: GrantModel[] }

export type TableModel = {
  /** `schema.table` */
  name: string
  owner: string
  comment: string | null
  kind: 'table' | 'partitioned' | 'foreign'
  persistence: 'permanent' | 'unlogged' | 'temporary'
  /** Storage parameters; of a foreign table its server and options too. */
  options: string[]
  /** Tables whose columns it inherits, or whose partition it is. */
  inherits: string[]
  /** How it is divided, and which part it is. */
  partition: string | null
  rowSecurity: 'off' | 'enabled' | 'forced'
  columns: ColumnModel[]
  constraints: NamedDefinition[]
  /** Indexes that no constraint made. */
  indexes: NamedDefinition[]
  policies: PolicyModel[]
  /** A trigger that does not always fire says so after its definition. */
  triggers: NamedDefinition[]
  rules: NamedDefinition[]
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
  /** Rights on this column alone. */
  grants: GrantModel[]
}

export type NamedDefinition = { name: string; definition: string }

export type PolicyModel = {
  name: string
  command: string
  isPermissive: boolean
  /** Whom it applies to; `public` is everybody. */
  roles: string[]
  using: string | null
  check: string | null
}

/**
 * What somebody may do; `with grant option` after a right says that they may pass it on. The owner is listed only when
 * their rights are not all of them.
 */
export type GrantModel = { grantee: string; privileges: string[] }

export type ViewModel = {
  name: string
  owner: string
  comment: string | null
  kind: 'view' | 'materialized'
  options: string[]
  columns: ColumnModel[]
  definition: string
  triggers: NamedDefinition[]
  rules: NamedDefinition[]
  grants: GrantModel[]
}

export type FunctionModel = {
  /** `schema.name(argument types)` */
  signature: string
  owner: string
  comment: string | null
  kind: 'function' | 'procedure' | 'aggregate' | 'window'
  /** With names and defaults. */
  arguments: string
  result: string
  language: string
  volatility: 'immutable' | 'stable' | 'volatile'
  isSecurityDefiner: boolean
  isLeakproof: boolean
  isStrict: boolean
  parallel: 'safe' | 'restricted' | 'unsafe'
  settings: string[]
  body: string
  grants: GrantModel[]
}

export type SequenceModel = {
  name: string
  owner: string
  comment: string | null
  definition: string
  /** The column it belongs to. */
  ownedBy: string | null
  grants: GrantModel[]
}

export type TypeModel = {
  name: string
  owner: string
  comment: string | null
  kind: 'enum' | 'domain' | 'composite' | 'range' | 'base'
  definition: string
  grants: GrantModel[]
}

/** `name` is as in `for role x in schema y on tables`. */
export type DefaultPrivilegesModel = { name: string; grants: GrantModel[] }
