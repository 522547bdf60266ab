import { alterEffects } from './alter-effects.ts'
import {
  LOCK_MODES,
  lock,
  locking,
  none,
  only,
  quoteParts,
  referencedTables,
  together,
  type Effects,
  type Hazard,
  type Node,
} from './effects.ts'

/** The server's number of the first of `LOCK_MODES`; the two below it are readers'. */
const FIRST_MODE = 3

/** Statements that make something new, or touch nothing that anybody reads, writes or is kept from. */
const PLAIN = new Set([
  'CreateSchemaStmt',
  'CreateTableAsStmt',
  'CreateFunctionStmt',
  'AlterFunctionStmt',
  'CreateEnumStmt',
  'AlterEnumStmt',
  'CreateDomainStmt',
  'AlterDomainStmt',
  'CompositeTypeStmt',
  'CreateRangeStmt',
  'CreateSeqStmt',
  'AlterSeqStmt',
  'CreateStatsStmt',
  'CreateExtensionStmt',
  'ViewStmt',
  'CommentStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'NotifyStmt',
])

const WRITES: Record<string, Hazard[]> = {
  InsertStmt: [],
  UpdateStmt: [],
  MergeStmt: [],
  DeleteStmt: ['destroys-data'],
}

/** What a statement of the server's own syntax tree does. What is not listed is a hazard, `unknown`. */
export function effectsOf(stmt: Node): Effects {
  const [kind, node] = Object.entries(stmt)[0] as [string, Node]
  if (PLAIN.has(kind)) return none()
  if (kind === 'SelectStmt' || WRITES[kind]) return writeEffects(kind, node)
  const read = READERS[kind]
  return read ? read(node) : only('unknown')
}

const READERS: Record<string, (node: Node) => Effects> = {
  CreateStmt: (node) => ({ ...none(), locks: referencedTables(node.tableElts) }),
  IndexStmt: (node) =>
    node.concurrent
      ? locking(node.relation, 'SHARE UPDATE EXCLUSIVE', ['scans-table'])
      : locking(node.relation, 'SHARE', ['blocks-writes', 'scans-table']),
  AlterTableStmt: alterEffects,
  DropStmt: dropEffects,
  TruncateStmt: (node) =>
    together(
      (node.relations as Node[]).map((item) => locking(item.RangeVar, 'ACCESS EXCLUSIVE', ['destroys-data'])),
    ),
  RenameStmt: (node) =>
    node.relation ? locking(node.relation, 'ACCESS EXCLUSIVE', ['renames']) : only('renames'),
  AlterObjectSchemaStmt: (node) =>
    node.relation ? locking(node.relation, 'ACCESS EXCLUSIVE', ['renames']) : only('renames'),
  AlterOwnerStmt: () => only('weakens-protection'),
  CreateTrigStmt: (node) => locking(node.relation, 'SHARE ROW EXCLUSIVE'),
  RuleStmt: (node) => locking(node.relation, 'ACCESS EXCLUSIVE', ['weakens-protection']),
  LockStmt: (node) => ({
    ...none(),
    locks: (node.relations as Node[]).map((item) =>
      lock(item.RangeVar, LOCK_MODES[node.mode - FIRST_MODE] ?? 'ROW EXCLUSIVE'),
    ),
  }),
  ReindexStmt: reindexEffects,
  ClusterStmt: (node) => rewriting(node.relation),
  RefreshMatViewStmt: (node) =>
    node.concurrent ? locking(node.relation, 'EXCLUSIVE', ['blocks-writes']) : rewriting(node.relation),
  VacuumStmt: vacuumEffects,
  // A permissive policy lets in whom the others keep out.
  CreatePolicyStmt: (node) =>
    locking(node.table, 'ACCESS EXCLUSIVE', node.permissive ? ['weakens-protection'] : []),
  AlterPolicyStmt: (node) => locking(node.table, 'ACCESS EXCLUSIVE', ['weakens-protection']),
  GrantStmt: grantEffects,
  GrantRoleStmt: (node) => (node.is_grant ? only('weakens-protection') : none()),
  AlterDefaultPrivilegesStmt: (node) => grantEffects(node.action as Node),
  CopyStmt: (node) => (node.is_from && node.relation ? locking(node.relation, 'ROW EXCLUSIVE') : none()),
}

/** A statement of rows, with those that stand in its `with` clause. */
function writeEffects(kind: string, node: Node): Effects {
  const inner = ((node.withClause?.ctes ?? []) as Node[]).map((item) =>
    effectsOf(item.CommonTableExpr.ctequery),
  )
  if (kind === 'SelectStmt') return together(inner)
  const clauses = ((node.mergeWhenClauses ?? []) as Node[]).map((item) => item.MergeWhenClause?.commandType)
  const hazards: Hazard[] = clauses.includes('CMD_DELETE') ? ['destroys-data'] : WRITES[kind]!
  return together([...inner, locking(node.relation, 'ROW EXCLUSIVE', hazards)])
}

const rewriting = (relation: Node | undefined): Effects =>
  relation
    ? locking(relation, 'ACCESS EXCLUSIVE', ['blocks-reads-and-writes', 'rewrites-table'])
    : only('blocks-reads-and-writes', 'rewrites-table')

function vacuumEffects(node: Node): Effects {
  const relations = ((node.rels ?? []) as Node[]).map((item) => item.VacuumRelation.relation as Node)
  if (hasOption(node.options, 'full')) {
    return relations.length > 0 ? together(relations.map(rewriting)) : rewriting(undefined)
  }
  return together(relations.map((relation) => locking(relation, 'SHARE UPDATE EXCLUSIVE')))
}

function reindexEffects(node: Node): Effects {
  const isConcurrent = hasOption(node.params, 'concurrently')
  const hazards: Hazard[] = isConcurrent ? ['scans-table'] : ['blocks-writes', 'scans-table']
  if (!node.relation) return only(...hazards)
  return locking(node.relation, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', hazards)
}

function hasOption(options: Node[] | undefined, name: string): boolean {
  return (options ?? []).some((item) => item.DefElem?.defname === name)
}

/** A right for everybody opens; one for a role is what that role is for; taking one away opens nothing. */
function grantEffects(node: Node): Effects {
  const isPublic = ((node.grantees ?? []) as Node[]).some(
    (item) => item.RoleSpec?.roletype === 'ROLESPEC_PUBLIC',
  )
  return node.is_grant && isPublic ? only('weakens-protection') : none()
}

/** Kinds whose objects hold rows, or take columns with them. */
const DESTROYING = new Set([
  'OBJECT_SCHEMA',
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_EXTENSION',
])
/** Kinds that hang on a table, which is locked: their name is the table's and then their own. */
const HANGING = new Set(['OBJECT_POLICY', 'OBJECT_TRIGGER', 'OBJECT_RULE'])
const LOCKING = new Set([
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_MATVIEW',
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
])

function dropEffects(node: Node): Effects {
  const kind = node.removeType as string
  const hazards: Hazard[] = []
  if (DESTROYING.has(kind)) hazards.push('destroys-data')
  else if (kind === 'OBJECT_POLICY' || kind === 'OBJECT_TRIGGER') hazards.push('weakens-protection')
  // What else goes with it, defaults and policies among others, does not stand in the text.
  else if (node.behavior === 'DROP_CASCADE') hazards.push('unknown')
  const mode = node.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE'
  const locks = droppedRelations(kind, node.objects as Node[]).map(
    (relation) => ({ relation, mode }) as const,
  )
  return { ...none(), locks, hazards }
}

function droppedRelations(kind: string, objects: Node[]): string[] {
  if (kind === 'OBJECT_SCHEMA') return objects.map((item) => `${quoteParts([item.String.sval])}.*`)
  if (!HANGING.has(kind) && !LOCKING.has(kind)) return []
  return objects.map((item) => {
    const parts = ((item.List?.items ?? []) as Node[]).map((part) => part.String?.sval as string)
    return quoteParts(HANGING.has(kind) ? parts.slice(0, -1) : parts)
  })
}
