import { expressionText } from './expression-text.ts'
import type { Fact, Name } from './facts.ts'
import { kindText, namePartsOf, readAlterTable, readRename, readTable, readTableAs } from './read-table.ts'
import { nameOfParts, nameOfRange, nodesOf, relationsOf, stringsOf, type LineOf, type Node } from './tree.ts'
import { usesOf } from './table-uses.ts'
import { typeText } from './type-text.ts'

/** What a statement of the server's syntax tree says. What is not understood is of fact `other`, never an error. */
export function readFacts(stmt: Node, lineOf: LineOf): Fact[] {
  const [kind, node] = Object.entries(stmt)[0] as [string, Node]
  const query = QUERIES[kind]
  if (query) return readQuery(stmt, query, lineOf)
  const read = READERS[kind]
  const facts = read ? read(node, lineOf) : { fact: 'other' as const, node: kind }
  return Array.isArray(facts) ? facts : [facts]
}

type QueryKind = Extract<Fact, { fact: 'query' }>['kind']

const QUERIES: Record<string, QueryKind> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
  CopyStmt: 'copy',
  TruncateStmt: 'truncate',
}

function readQuery(stmt: Node, kind: QueryKind, lineOf: LineOf): Fact[] {
  const other = kind === 'select' ? readSelect(stmt.SelectStmt) : null
  return [other ?? { fact: 'query', kind, uses: usesOf(stmt, lineOf) }]
}

const cluster = (what: string, name: (node: Node) => string | undefined) => (node: Node) => ({
  fact: 'cluster' as const,
  what,
  name: name(node) ?? '',
})

const READERS: Record<string, (node: Node, lineOf: LineOf) => Fact | Fact[]> = {
  CreateStmt: readTable,
  CreateForeignTableStmt: (node, lineOf) => readTable(node.base ?? node, lineOf),
  CreateTableAsStmt: (node) =>
    node.objtype === 'OBJECT_MATVIEW'
      ? {
          ...viewOf(nameOfRange(node.into.rel), node.query),
          isMaterialized: true,
          ifNotExists: isSet(node.if_not_exists),
        }
      : readTableAs(node.into, node.query, isSet(node.if_not_exists)),
  AlterTableStmt: (node, lineOf) =>
    node.objtype === 'OBJECT_TABLE' || node.objtype === 'OBJECT_FOREIGN_TABLE'
      ? readAlterTable(node, lineOf)
      : { fact: 'other', node: `alter ${kindText(node.objtype)}` },
  RenameStmt: readRename,
  AlterObjectSchemaStmt: (node) =>
    node.relation
      ? {
          fact: 'alter-table',
          name: nameOfRange(node.relation),
          ifExists: isSet(node.missing_ok),
          changes: [{ do: 'set-schema', to: node.newschema }],
        }
      : { fact: 'other', node: 'alter schema of' },
  DropStmt: readDrop,
  IndexStmt: (node) => ({
    fact: 'index',
    name: node.idxname ?? null,
    table: nameOfRange(node.relation),
    columns: ((node.indexParams ?? []) as Node[]).map((item) => (item.IndexElem?.name as string) ?? null),
    method: node.accessMethod ?? 'btree',
    isUnique: isSet(node.unique),
    isPartial: Boolean(node.whereClause),
    ifNotExists: isSet(node.if_not_exists),
    isConcurrent: isSet(node.concurrent),
  }),
  ViewStmt: (node) => ({ ...viewOf(nameOfRange(node.view), node.query), isReplace: isSet(node.replace) }),
  CreateFunctionStmt: readFunction,
  CreateTrigStmt: (node) => ({
    fact: 'trigger',
    name: node.trigname ?? '',
    table: nameOfRange(node.relation),
    function: nameOfParts(stringsOf(node.funcname)),
    isReplace: isSet(node.replace),
  }),
  CreatePolicyStmt: (node) => ({
    fact: 'policy',
    name: node.policy_name,
    table: nameOfRange(node.table),
    // The parser names the restrictive and leaves the permissive unsaid or says true, from version to version.
    isPermissive: node.permissive === true,
    command: node.cmd_name ?? 'all',
    roles: ((node.roles ?? []) as Node[]).map((role) => roleText(role.RoleSpec)),
    using: expressionText(node.qual) || null,
    check: expressionText(node.with_check) || null,
  }),
  CreateEnumStmt: (node) => typeOf(node.typeName, 'enum', stringsOf(node.vals)),
  CreateDomainStmt: (node) => typeOf(node.domainname, 'domain', [typeText(node.typeName)]),
  CreateRangeStmt: (node) => typeOf(node.typeName, 'range', []),
  CompositeTypeStmt: (node) => ({
    fact: 'type',
    name: nameOfRange(node.typevar),
    kind: 'composite',
    values: ((node.coldeflist ?? []) as Node[]).map(
      (item) => `${item.ColumnDef?.colname} ${typeText(item.ColumnDef?.typeName)}`,
    ),
  }),
  AlterEnumStmt: (node) => ({
    fact: 'enum-value',
    name: nameOfParts(stringsOf(node.typeName)),
    value: node.newVal ?? '',
  }),
  CreateSeqStmt: (node) => ({
    fact: 'sequence',
    name: nameOfRange(node.sequence),
    ifNotExists: isSet(node.if_not_exists),
  }),
  CreateSchemaStmt: (node, lineOf) => [
    {
      fact: 'schema',
      name: node.schemaname ?? node.authrole?.rolename ?? '',
      ifNotExists: isSet(node.if_not_exists),
    },
    ...((node.schemaElts ?? []) as Node[]).flatMap((element) => readFacts(element, lineOf)),
  ],
  CreateExtensionStmt: (node) => ({
    fact: 'extension',
    name: node.extname,
    ifNotExists: isSet(node.if_not_exists),
    schema: optionOf(node.options, 'schema')?.String?.sval ?? null,
  }),
  GrantStmt: (node) => ({
    fact: 'grant',
    isRevoke: !isSet(node.is_grant),
    kind: kindText(node.objtype),
    names: ((node.objects ?? []) as Node[]).map((object) =>
      object.RangeVar ? nameOfRange(object.RangeVar) : nameOfParts(namePartsOf(object)),
    ),
    to: ((node.grantees ?? []) as Node[]).map((role) => roleText(role.RoleSpec)),
  }),
  CommentStmt: (node) => ({
    fact: 'comment',
    kind: kindText(node.objtype),
    name: nameOfParts(namePartsOf(node.object)),
    text: node.comment ?? null,
  }),
  VariableSetStmt: (node) =>
    node.name === 'search_path'
      ? { fact: 'search-path', schemas: node.kind === 'VAR_SET_VALUE' ? settingOf(node.args) : ['public'] }
      : { fact: 'other', node: 'set' },
  TransactionStmt: (node) => ({
    fact: 'transaction',
    what: String(node.kind).replace('TRANS_STMT_', '').toLowerCase(),
  }),
  DoStmt: (node) => ({
    fact: 'do',
    language: optionOf(node.args, 'language')?.String?.sval ?? 'plpgsql',
    body: optionOf(node.args, 'as')?.String?.sval ?? '',
  }),
  CreatedbStmt: cluster('create database', (node) => node.dbname),
  DropdbStmt: cluster('drop database', (node) => node.dbname),
  AlterDatabaseStmt: cluster('alter database', (node) => node.dbname),
  AlterDatabaseSetStmt: cluster('alter database', (node) => node.dbname),
  AlterSystemStmt: cluster('alter system', (node) => node.setstmt?.name),
  CreateRoleStmt: cluster('create role', (node) => node.role),
  AlterRoleStmt: cluster('alter role', (node) => roleText(node.role)),
  AlterRoleSetStmt: cluster('alter role', (node) => roleText(node.role)),
  DropRoleStmt: cluster('drop role', (node) => roleText(node.roles?.[0]?.RoleSpec)),
  CreateTableSpaceStmt: cluster('create tablespace', (node) => node.tablespacename),
  CreateSubscriptionStmt: cluster('create subscription', (node) => node.subname),
}

/** What stands on a table and is named after it: `drop policy p on s.t`. */
const ON_TABLES = new Set(['policy', 'trigger', 'rule'])

function readDrop(node: Node): Fact {
  const kind = kindText(node.removeType)
  const parts = ((node.objects ?? []) as Node[]).map(namePartsOf)
  const isOnTable = ON_TABLES.has(kind)
  return {
    fact: 'drop',
    kind,
    names: parts.map((own) => nameOfParts(isOnTable ? own.slice(-1) : own)),
    on: isOnTable ? nameOfParts(parts[0]!.slice(0, -1)) : null,
    ifExists: isSet(node.missing_ok),
    isCascade: node.behavior === 'DROP_CASCADE',
  }
}

const isSet = (value: unknown) => value === true

function viewOf(name: Name, query: Node): Extract<Fact, { fact: 'view' }> {
  return {
    fact: 'view',
    name,
    isReplace: false,
    isMaterialized: false,
    ifNotExists: false,
    reads: relationsOf(query),
    text: expressionText(query),
  }
}

function typeOf(parts: Node[], kind: 'enum' | 'domain' | 'range', values: string[]): Fact {
  return { fact: 'type', name: nameOfParts(stringsOf(parts)), kind, values }
}

function readFunction(node: Node): Fact {
  const parameters = ((node.parameters ?? []) as Node[]).flatMap(
    (item) => (item.FunctionParameter as Node) ?? [],
  )
  const body = optionOf(node.options, 'as')
  const settings = [...nodesOf(node.options, 'VariableSetStmt')]
  return {
    fact: 'function',
    name: nameOfParts(stringsOf(node.funcname)),
    arguments: parameters
      .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
      .map(({ argType }) => typeText(argType)),
    isReplace: isSet(node.replace),
    kind: node.is_procedure ? 'procedure' : 'function',
    language: optionOf(node.options, 'language')?.String?.sval ?? 'sql',
    volatility: optionOf(node.options, 'volatility')?.String?.sval ?? 'volatile',
    isSecurityDefiner: optionOf(node.options, 'security')?.Boolean?.boolval === true,
    settings: settings.map((setting) => `${setting.name}=${settingOf(setting.args).join(',')}`),
    body: node.sql_body ? expressionText(node.sql_body) : stringsOf(body?.List?.items).join('\n'),
    returns: typeText(node.returnType) || null,
  }
}

/** `select set_config('search_path', ...)`, as dumps begin with, and `select into`; null for any other query. */
function readSelect(node: Node): Fact | null {
  if (node.intoClause) return readTableAs(node.intoClause, { ...node, intoClause: undefined }, false)
  const call = node.targetList?.[0]?.ResTarget?.val?.FuncCall as Node | undefined
  if (stringsOf(call?.funcname).at(-1) === 'set_config') {
    const [name, value] = (call!.args as Node[]).map((arg) => arg.A_Const?.sval?.sval as string | undefined)
    if (name === 'search_path' && value !== undefined) return { fact: 'search-path', schemas: pathOf(value) }
  }
  return null
}

function settingOf(args: Node[] | undefined): string[] {
  return (args ?? []).flatMap((arg) => {
    const text = arg.A_Const?.sval?.sval as string | undefined
    return text === undefined ? [] : pathOf(text)
  })
}

/** The schemas of a written search path. */
function pathOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    .filter((part) => part !== '')
}

function optionOf(options: Node[] | undefined, name: string): Node | undefined {
  const found = (options ?? []).find((item) => item.DefElem?.defname === name)
  return found?.DefElem?.arg as Node | undefined
}

function roleText(role: Node | undefined): string {
  if (role?.roletype === 'ROLESPEC_PUBLIC') return 'public'
  return (
    role?.rolename ??
    String(role?.roletype ?? '')
      .replace('ROLESPEC_', '')
      .toLowerCase()
  )
}
