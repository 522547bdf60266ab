import { expressionText } from './expression-text.ts'
import type { ColumnFact, Fact, KeyFact, Name, TableChange } from './facts.ts'
import { nameOfParts, nameOfRange, relationsOf, stringsOf, type LineOf, type Node } from './tree.ts'
import { serialType, typeText } from './type-text.ts'

/** What `create table` says. */
export function readTable(node: Node, lineOf: LineOf): Fact {
  const columns: ColumnFact[] = []
  const keys: KeyFact[] = []
  const takesFrom: Name[] = ((node.inhRelations ?? []) as Node[]).map((item) => nameOfRange(item.RangeVar))
  for (const element of (node.tableElts ?? []) as Node[]) {
    if (element.ColumnDef) {
      const read = readColumn(element.ColumnDef, lineOf)
      columns.push(read.column)
      keys.push(...read.keys)
    }
    if (element.Constraint) keys.push(...readKey(element.Constraint, lineOf, null))
    if (element.TableLikeClause) takesFrom.push(nameOfRange(element.TableLikeClause.relation))
  }
  return {
    fact: 'table',
    name: nameOfRange(node.relation),
    ifNotExists: node.if_not_exists === true,
    isTemporary: node.relation?.relpersistence === 't' || node.relation?.schemaname === 'pg_temp',
    columns,
    keys,
    takesFrom,
    isOpen: Boolean(node.ofTypename),
    reads: [],
  }
}

/** What `create table as` and `select into` say: a table whose columns its query decides. */
export function readTableAs(into: Node, query: Node, ifNotExists: boolean): Fact {
  return {
    fact: 'table',
    name: nameOfRange(into.rel),
    ifNotExists,
    isTemporary: into.rel?.relpersistence === 't',
    columns: [],
    keys: [],
    takesFrom: [],
    isOpen: true,
    reads: relationsOf(query),
  }
}

/** A column, and the keys that stand with it. */
export function readColumn(
  node: Node,
  lineOf: LineOf,
  added?: string,
): { column: ColumnFact; keys: KeyFact[] } {
  const name = (node.colname as string | undefined) ?? added ?? ''
  const constraints = ((node.constraints ?? []) as Node[]).flatMap((item) => (item.Constraint as Node) ?? [])
  const find = (kind: string) => constraints.find((item) => item.contype === kind)
  const generated = find('CONSTR_GENERATED')
  const identity = find('CONSTR_IDENTITY')
  const isSerial = serialType(node.typeName) !== undefined
  const column: ColumnFact = {
    name,
    type: typeText(node.typeName),
    isNotNull:
      isSerial ||
      Boolean(find('CONSTR_NOTNULL') ?? find('CONSTR_PRIMARY') ?? identity) ||
      node.is_not_null === true,
    default: isSerial
      ? 'nextval'
      : expressionText((generated ?? find('CONSTR_DEFAULT'))?.raw_expr ?? node.raw_default) || null,
    generated: generated ? 'always' : identity ? 'identity' : null,
    line: lineOf(node.location),
  }
  return { column, keys: constraints.flatMap((item) => readKey(item, lineOf, name)) }
}

const KEY_KINDS: Record<string, KeyFact['kind']> = {
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_CHECK: 'check',
  CONSTR_EXCLUSION: 'exclude',
}

/** A constraint that is a key or a check; nothing for any other. `column` is the one it stands with. */
export function readKey(node: Node, lineOf: LineOf, column: string | null): KeyFact[] {
  const kind = KEY_KINDS[node.contype as string]
  if (!kind) return []
  const columns = stringsOf(kind === 'foreign' ? node.fk_attrs : node.keys)
  return [
    {
      kind,
      name: (node.conname as string | undefined) ?? null,
      columns: column !== null && columns.length === 0 ? [column] : columns,
      references:
        kind === 'foreign' ? { table: nameOfRange(node.pktable), columns: stringsOf(node.pk_attrs) } : null,
      expression: kind === 'check' ? expressionText(node.raw_expr) : null,
      usingIndex: (node.indexname as string | undefined) ?? null,
      line: lineOf(node.location),
    },
  ]
}

/** What `alter table` says. */
export function readAlterTable(node: Node, lineOf: LineOf): Fact {
  const commands = ((node.cmds ?? []) as Node[]).map((item) => item.AlterTableCmd as Node)
  return {
    fact: 'alter-table',
    name: nameOfRange(node.relation),
    ifExists: node.missing_ok === true,
    changes: commands.flatMap((command) => readChange(command, lineOf)),
  }
}

const ROW_SECURITY: Record<string, 'enable' | 'disable' | 'force' | 'no-force'> = {
  AT_EnableRowSecurity: 'enable',
  AT_DisableRowSecurity: 'disable',
  AT_ForceRowSecurity: 'force',
  AT_NoForceRowSecurity: 'no-force',
}

function readChange(command: Node, lineOf: LineOf): TableChange[] {
  const { subtype, name, def } = command
  const mode = ROW_SECURITY[subtype as string]
  if (mode) return [{ do: 'row-security', mode }]
  switch (subtype) {
    case 'AT_AddColumn': {
      const { column, keys } = readColumn(def.ColumnDef, lineOf)
      return [{ do: 'add-column', column, keys, ifNotExists: command.missing_ok === true }]
    }
    case 'AT_DropColumn':
      return [{ do: 'drop-column', column: name, ifExists: command.missing_ok === true }]
    case 'AT_AlterColumnType':
      return [{ do: 'set-type', column: name, type: typeText(def.ColumnDef.typeName) }]
    case 'AT_SetNotNull':
      return [{ do: 'set-not-null', column: name }]
    case 'AT_DropNotNull':
      return [{ do: 'drop-not-null', column: name }]
    case 'AT_ColumnDefault':
      return [{ do: def ? 'set-default' : 'drop-default', column: name }]
    case 'AT_AddConstraint':
      return readKey(def.Constraint, lineOf, null).map((key) => ({ do: 'add-key', key }))
    case 'AT_DropConstraint':
      return [{ do: 'drop-constraint', name, ifExists: command.missing_ok === true }]
    case 'AT_AttachPartition':
      return [{ do: 'attach-partition', table: nameOfRange(def.PartitionCmd?.name) }]
    default:
      return [{ do: 'other', what: String(subtype) }]
  }
}

/** What `alter table ... rename` and `alter ... rename` say. */
export function readRename(node: Node): Fact {
  const { renameType, relation, subname, newname } = node
  if (renameType === 'OBJECT_COLUMN' && relation) {
    const change: TableChange = { do: 'rename-column', column: subname, to: newname }
    return {
      fact: 'alter-table',
      name: nameOfRange(relation),
      ifExists: node.missing_ok === true,
      changes: [change],
    }
  }
  if (renameType === 'OBJECT_TABLE' && relation) {
    const change: TableChange = { do: 'rename', to: newname }
    return {
      fact: 'alter-table',
      name: nameOfRange(relation),
      ifExists: node.missing_ok === true,
      changes: [change],
    }
  }
  const own = node.object ? namePartsOf(node.object) : [subname ?? '']
  const parts = relation ? nameOfRange(relation) : nameOfParts(own)
  return { fact: 'rename', kind: kindText(renameType), name: parts, to: newname ?? '' }
}

/** The parts of the name of an object of any kind. */
export function namePartsOf(object: Node | undefined): string[] {
  if (!object) return []
  const list = object.List?.items ?? object.ObjectWithArgs?.objname ?? object.TypeName?.names
  return list ? stringsOf(list) : stringsOf([object])
}

/** `OBJECT_MATVIEW` as a person would say it. */
export function kindText(kind: string): string {
  const text = kind.replace('OBJECT_', '').replaceAll('_', ' ').toLowerCase()
  return (
    { matview: 'materialized view', tabconstraint: 'constraint', domconstraint: 'constraint' }[text] ?? text
  )
}
