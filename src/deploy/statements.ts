import { loadModule, parse } from 'libpg-query'

/** PostgreSQL's own lock modes, weakest first, without those of mere readers. */
export const LOCK_MODES = [
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const
export type LockMode = (typeof LOCK_MODES)[number]

export type Hazard =
  | 'blocks-writes'
  | 'blocks-reads-and-writes'
  | 'rewrites-table'
  | 'scans-table'
  | 'destroys-data'
  | 'renames'

/** What one statement does to relations that exist already, read from the server's own syntax tree. */
export type StatementEffects = {
  sql: string
  /** 1-based line in its file. */
  line: number
  creates: string[]
  /** Comments are left out: their lock blocks nobody but other structure changes. `schema.*` is all its tables. */
  locks: { relation: string; mode: LockMode }[]
  rewrites: string[]
  hazards: Hazard[]
}

// oxlint-disable-next-line typescript/no-explicit-any -- the parser hands out its tree as plain JSON, without types
type Node = Record<string, any>

/** The server's number of the first of `LOCK_MODES`; the two below it are readers'. */
const FIRST_MODE = 3

let isLoaded = false

/** Splits a SQL file and says what each statement does. Throws libpg-query's error for invalid syntax. */
export async function readStatements(sql: string): Promise<StatementEffects[]> {
  if (!isLoaded) {
    await loadModule()
    isLoaded = true
  }
  // The parser refuses a text of nothing, which is what a new migration is at first.
  if (sql.trim() === '') return []
  const bytes = Buffer.from(sql)
  const tree = (await parse(sql)) as { stmts?: { stmt: Node; stmt_location?: number; stmt_len?: number }[] }
  return (tree.stmts ?? []).map(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    // Offsets count bytes; a statement's text begins with the comments and line ends before it.
    const raw = bytes.subarray(start, length === undefined ? undefined : start + length).toString()
    const text = raw.replace(/^(\s|--.*\n|\/\*[\s\S]*?\*\/)+/, '')
    const before = bytes.subarray(0, start).toString() + raw.slice(0, raw.length - text.length)
    return { sql: text.trimEnd(), line: before.split('\n').length, ...effectsOf(stmt) }
  })
}

type Effects = Omit<StatementEffects, 'sql' | 'line'>

const none = (): Effects => ({ creates: [], locks: [], rewrites: [], hazards: [] })

function effectsOf(stmt: Node): Effects {
  const [kind, node] = Object.entries(stmt)[0] as [string, Node]
  switch (kind) {
    case 'CreateStmt':
      return { ...none(), creates: [nameOf(node.relation)], locks: referencedTables(node.tableElts) }
    case 'ViewStmt':
      return { ...none(), creates: [nameOf(node.view)] }
    case 'IndexStmt':
      return node.concurrent
        ? locking(node.relation, 'SHARE UPDATE EXCLUSIVE', ['scans-table'])
        : locking(node.relation, 'SHARE', ['blocks-writes', 'scans-table'])
    case 'AlterTableStmt':
      return alterEffects(node)
    case 'DropStmt':
      return dropEffects(node)
    case 'TruncateStmt':
      return {
        ...none(),
        locks: (node.relations as Node[]).map((item) => lock(item.RangeVar, 'ACCESS EXCLUSIVE')),
        hazards: ['destroys-data'],
      }
    case 'RenameStmt':
      return node.relation ? locking(node.relation, 'ACCESS EXCLUSIVE', ['renames']) : none()
    case 'CreateTrigStmt':
      return locking(node.relation, 'SHARE ROW EXCLUSIVE', [])
    case 'LockStmt':
      return {
        ...none(),
        locks: (node.relations as Node[]).map((item) =>
          lock(item.RangeVar, LOCK_MODES[node.mode - FIRST_MODE] ?? 'ROW EXCLUSIVE'),
        ),
      }
    case 'ReindexStmt':
      return reindexEffects(node)
    case 'CreatePolicyStmt':
    case 'AlterPolicyStmt':
      return locking(node.table, 'ACCESS EXCLUSIVE', [])
    case 'InsertStmt':
    case 'UpdateStmt':
      return locking(node.relation, 'ROW EXCLUSIVE', [])
    case 'DeleteStmt':
      return locking(node.relation, 'ROW EXCLUSIVE', ['destroys-data'])
    default:
      return none()
  }
}

function alterEffects(node: Node): Effects {
  const relation = nameOf(node.relation)
  const effects = none()
  for (const { AlterTableCmd: command } of node.cmds as Node[]) {
    const { mode, hazards, references } = alterCommand(command)
    effects.locks.push({ relation, mode }, ...references)
    effects.hazards.push(...hazards)
    if (hazards.includes('rewrites-table')) effects.rewrites.push(relation)
  }
  return { ...effects, hazards: [...new Set(effects.hazards)] }
}

type AlterEffects = { mode: LockMode; hazards: Hazard[]; references: Effects['locks'] }

function alterCommand(command: Node): AlterEffects {
  const effects = (mode: LockMode, ...hazards: Hazard[]): AlterEffects => ({ mode, hazards, references: [] })
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addColumn(command.def)
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_ClusterOn':
      return effects('SHARE UPDATE EXCLUSIVE')
    case 'AT_AlterColumnType':
      return effects('ACCESS EXCLUSIVE', 'blocks-reads-and-writes', 'rewrites-table')
    case 'AT_DropColumn':
      return effects('ACCESS EXCLUSIVE', 'destroys-data')
    case 'AT_SetNotNull':
      return effects('ACCESS EXCLUSIVE', 'blocks-reads-and-writes', 'scans-table')
    case 'AT_ValidateConstraint':
      return effects('SHARE UPDATE EXCLUSIVE', 'scans-table')
    case 'AT_AddConstraint':
      return addConstraint(command.def?.Constraint ?? {})
    default:
      return effects('ACCESS EXCLUSIVE')
  }
}

function addColumn(definition: Node): AlterEffects {
  const constraints = ((definition.ColumnDef?.constraints ?? []) as Node[]).map(
    (item) => item.Constraint as Node,
  )
  const isScanned = constraints.some(
    ({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN',
  )
  const hazards: Hazard[] = [
    ...(hasVolatileDefault(constraints) ? (['rewrites-table'] as const) : []),
    ...(isScanned ? (['scans-table'] as const) : []),
  ]
  return {
    mode: 'ACCESS EXCLUSIVE',
    hazards: hazards.length > 0 ? ['blocks-reads-and-writes', ...hazards] : [],
    references: referencedTables([definition]),
  }
}

function addConstraint(constraint: Node): AlterEffects {
  const scan: Hazard[] = constraint.skip_validation ? [] : ['scans-table']
  if (constraint.contype === 'CONSTR_FOREIGN') {
    return {
      mode: 'SHARE ROW EXCLUSIVE',
      hazards: scan.length > 0 ? ['blocks-writes', ...scan] : [],
      references: [lock(constraint.pktable, 'SHARE ROW EXCLUSIVE')],
    }
  }
  if (constraint.indexname) return { mode: 'ACCESS EXCLUSIVE', hazards: [], references: [] }
  return {
    mode: 'ACCESS EXCLUSIVE',
    hazards: scan.length > 0 ? ['blocks-reads-and-writes', ...scan] : [],
    references: [],
  }
}

/** Functions and casts other than these may differ from row to row, so the table is written anew. */
const STABLE_DEFAULTS = new Set(['now', 'current_timestamp', 'transaction_timestamp', 'current_setting'])

function hasVolatileDefault(constraints: Node[]): boolean {
  return constraints.some((item) => {
    if (item.contype === 'CONSTR_GENERATED' || item.contype === 'CONSTR_IDENTITY') return true
    if (item.contype !== 'CONSTR_DEFAULT') return false
    const calls = [...JSON.stringify(item.raw_expr).matchAll(/"funcname":(\[.*?\])/g)]
    return calls.some(([, names]) => {
      const last = (JSON.parse(names!) as Node[]).at(-1)?.String?.sval
      return !STABLE_DEFAULTS.has(last)
    })
  })
}

function reindexEffects(node: Node): Effects {
  const isConcurrent = ((node.params ?? []) as Node[]).some(
    (item) => item.DefElem?.defname === 'concurrently',
  )
  if (!node.relation) return none()
  return isConcurrent
    ? locking(node.relation, 'SHARE UPDATE EXCLUSIVE', ['scans-table'])
    : locking(node.relation, 'SHARE', ['blocks-writes', 'scans-table'])
}

function dropEffects(node: Node): Effects {
  const kind = node.removeType as string
  if (kind === 'OBJECT_SCHEMA') {
    const schemas = (node.objects as Node[]).map((item) => item.String?.sval as string)
    return {
      ...none(),
      locks: schemas.map((schema) => ({ relation: `${schema}.*`, mode: 'ACCESS EXCLUSIVE' })),
      hazards: ['destroys-data'],
    }
  }
  if (kind !== 'OBJECT_TABLE' && kind !== 'OBJECT_INDEX' && kind !== 'OBJECT_POLICY') return none()
  const relations = (node.objects as Node[]).map((item) => {
    const names = (item.List?.items ?? []) as Node[]
    const parts = names.map((part) => part.String?.sval as string)
    return (kind === 'OBJECT_POLICY' ? parts.slice(0, -1) : parts).join('.')
  })
  return {
    ...none(),
    locks: relations.map((relation) => ({
      relation,
      mode: node.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
    })),
    hazards: kind === 'OBJECT_TABLE' ? ['destroys-data'] : [],
  }
}

function referencedTables(elements: Node[] | undefined): Effects['locks'] {
  const constraints = (elements ?? []).flatMap((element) => [
    element.Constraint as Node | undefined,
    ...((element.ColumnDef?.constraints ?? []) as Node[]).map((item) => item.Constraint as Node),
  ])
  return constraints
    .filter((item) => item?.contype === 'CONSTR_FOREIGN')
    .map((item) => lock(item!.pktable, 'SHARE ROW EXCLUSIVE'))
}

function locking(relation: Node, mode: LockMode, hazards: Hazard[]): Effects {
  return { ...none(), locks: [lock(relation, mode)], hazards }
}

function lock(relation: Node, mode: LockMode): { relation: string; mode: LockMode } {
  return { relation: nameOf(relation), mode }
}

function nameOf(relation: Node): string {
  return relation.schemaname ? `${relation.schemaname}.${relation.relname}` : relation.relname
}
