/** A name as the statement writes it, folded as the server folds it; `schema` is null where `search_path` decides. */
export type Name = { schema: string | null; name: string }

export type ColumnFact = {
  name: string
  /** As PostgreSQL writes it: `integer`, `character varying(50)`, `vector(1536)`, `timestamp without time zone`. */
  type: string
  isNotNull: boolean
  /** Source text of the default, or of a generated column's expression. */
  default: string | null
  generated: 'always' | 'identity' | null
  line: number
}

export type KeyFact = {
  kind: 'primary' | 'unique' | 'foreign' | 'check' | 'exclude'
  name: string | null
  columns: string[]
  /** Of a foreign key; `columns` is empty where the primary key is meant. */
  references: { table: Name; columns: string[] } | null
  /** Of a check. */
  expression: string | null
  /** Of a key that an index, made before, becomes. */
  usingIndex: string | null
  line: number
}

/** What `alter table` does to a table, one entry an action. */
export type TableChange =
  | { do: 'add-column'; column: ColumnFact; keys: KeyFact[]; ifNotExists: boolean }
  | { do: 'drop-column'; column: string; ifExists: boolean }
  | { do: 'set-type'; column: string; type: string }
  | { do: 'set-not-null' | 'drop-not-null' | 'set-default' | 'drop-default'; column: string }
  | { do: 'add-key'; key: KeyFact }
  | { do: 'drop-constraint'; name: string; ifExists: boolean }
  | { do: 'rename-column'; column: string; to: string }
  | { do: 'rename'; to: string }
  | { do: 'set-schema'; to: string }
  | { do: 'row-security'; mode: 'enable' | 'disable' | 'force' | 'no-force' }
  | { do: 'attach-partition'; table: Name }
  | { do: 'other'; what: string }

/** What one statement says, read from the server's own syntax tree. */
export type Fact =
  | {
      fact: 'table'
      name: Name
      ifNotExists: boolean
      isTemporary: boolean
      columns: ColumnFact[]
      keys: KeyFact[]
      /** Tables whose columns it takes over: `like`, `inherits`, `partition of`. */
      takesFrom: Name[]
      /** Columns are not known from the text: `create table as`, `of type`. */
      isOpen: boolean
      reads: Name[]
    }
  | { fact: 'alter-table'; name: Name; ifExists: boolean; changes: TableChange[] }
  | {
      fact: 'drop'
      kind: string
      /** Of a policy, a trigger and the like, its own name alone. */
      names: Name[]
      /** The table that such a thing stands on. */
      on: Name | null
      ifExists: boolean
      isCascade: boolean
    }
  | { fact: 'rename'; kind: string; name: Name; to: string }
  | {
      fact: 'index'
      name: string | null
      table: Name
      /** Column names, or null for an expression. */
      columns: (string | null)[]
      method: string
      isUnique: boolean
      isPartial: boolean
      ifNotExists: boolean
      isConcurrent: boolean
    }
  | {
      fact: 'view'
      name: Name
      isReplace: boolean
      isMaterialized: boolean
      ifNotExists: boolean
      reads: Name[]
      /** The query, spaces folded. */
      text: string
    }
  | {
      fact: 'function'
      name: Name
      /** Types of the arguments it is called with. */
      arguments: string[]
      isReplace: boolean
      kind: 'function' | 'procedure'
      language: string
      volatility: 'immutable' | 'stable' | 'volatile'
      isSecurityDefiner: boolean
      settings: string[]
      body: string
      returns: string | null
    }
  | { fact: 'trigger'; name: string; table: Name; function: Name; isReplace: boolean }
  | {
      fact: 'policy'
      name: string
      table: Name
      isPermissive: boolean
      command: 'all' | 'select' | 'insert' | 'update' | 'delete'
      roles: string[]
      using: string | null
      check: string | null
    }
  | { fact: 'type'; name: Name; kind: 'enum' | 'domain' | 'composite' | 'range'; values: string[] }
  | { fact: 'sequence'; name: Name; ifNotExists: boolean }
  | { fact: 'schema'; name: string; ifNotExists: boolean }
  | { fact: 'extension'; name: string; ifNotExists: boolean; schema: string | null }
  | { fact: 'grant'; isRevoke: boolean; kind: string; names: Name[]; to: string[] }
  | { fact: 'comment'; kind: string; name: Name; text: string | null }
  | { fact: 'enum-value'; name: Name; value: string }
  | {
      fact: 'query'
      kind: 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'copy' | 'truncate'
      uses: TableUse[]
    }
  | { fact: 'search-path'; schemas: string[] }
  | { fact: 'cluster'; what: string; name: string }
  | { fact: 'transaction'; what: string }
  | { fact: 'do'; language: string; body: string }
  | { fact: 'other'; node: string }

/** A table in a query, the columns of it that are surely its own, and what `on conflict` wants of it. */
export type TableUse = {
  table: Name
  how: 'read' | 'insert' | 'update' | 'delete'
  /** Where the statement names the table first. */
  line: number
  columns: { name: string; line: number }[]
  /** Columns that a conflict target names: a unique constraint or index has to be there. */
  conflict: string[] | null
  /** The conflict target has a `where`: a partial index will do. */
  hasConflictFilter: boolean
  /** The constraint that `on conflict on constraint` names. */
  constraint: string | null
}
