import {
  lock,
  nameOf,
  none,
  referencedTables,
  together,
  type Effects,
  type Hazard,
  type LockMode,
  type Node,
} from './effects.ts'

/** What `alter table` and its like (view, index, sequence) do, command by command. */
export function alterEffects(node: Node): Effects {
  const relation = nameOf(node.relation)
  return together(
    (node.cmds as Node[]).map(({ AlterTableCmd: command }) => {
      const { mode, hazards, references } = alterCommand(command)
      const rewrites = hazards.includes('rewrites-table') ? [relation] : []
      return { ...none(), locks: [{ relation, mode }, ...references], rewrites, hazards }
    }),
  )
}

type AlterEffects = { mode: LockMode; hazards: Hazard[]; references: Effects['locks'] }

const effects = (mode: LockMode, ...hazards: Hazard[]): AlterEffects => ({ mode, hazards, references: [] })

/** Commands that change the catalogue alone and take nothing from anybody. */
const PLAIN = new Set([
  'AT_ColumnDefault',
  'AT_DropNotNull',
  'AT_DropConstraint',
  'AT_AlterConstraint',
  'AT_DropExpression',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_DropCluster',
  'AT_ReplicaIdentity',
  'AT_EnableTrig',
  'AT_EnableAlwaysTrig',
  'AT_EnableTrigAll',
  'AT_EnableTrigUser',
  'AT_EnableRule',
  'AT_EnableRowSecurity',
  'AT_ForceRowSecurity',
])

const WEAKENING = new Set([
  'AT_DisableRowSecurity',
  'AT_NoForceRowSecurity',
  'AT_DisableTrig',
  'AT_DisableTrigAll',
  'AT_DisableTrigUser',
  'AT_EnableReplicaTrig',
  'AT_DisableRule',
  // The owner is not subject to policies that are not forced.
  'AT_ChangeOwner',
])

/** Commands whose lock only keeps other structure changes away (that of triggers blocks writers too). */
const LIGHTER = new Map<string, LockMode>([
  ['AT_EnableTrig', 'SHARE ROW EXCLUSIVE'],
  ['AT_EnableAlwaysTrig', 'SHARE ROW EXCLUSIVE'],
  ['AT_EnableReplicaTrig', 'SHARE ROW EXCLUSIVE'],
  ['AT_EnableTrigAll', 'SHARE ROW EXCLUSIVE'],
  ['AT_EnableTrigUser', 'SHARE ROW EXCLUSIVE'],
  ['AT_DisableTrig', 'SHARE ROW EXCLUSIVE'],
  ['AT_DisableTrigAll', 'SHARE ROW EXCLUSIVE'],
  ['AT_DisableTrigUser', 'SHARE ROW EXCLUSIVE'],
])

function alterCommand(command: Node): AlterEffects {
  const subtype = command.subtype as string
  switch (subtype) {
    case 'AT_AddColumn':
      return addColumn(command.def)
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return setsInvoker(command)
        ? effects('ACCESS EXCLUSIVE', 'weakens-protection')
        : effects('SHARE UPDATE EXCLUSIVE')
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_ClusterOn':
      return effects('SHARE UPDATE EXCLUSIVE')
    case 'AT_AlterColumnType':
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetAccessMethod':
    case 'AT_SetTableSpace':
      return effects('ACCESS EXCLUSIVE', 'blocks-reads-and-writes', 'rewrites-table')
    case 'AT_DropColumn':
      return effects('ACCESS EXCLUSIVE', 'destroys-data')
    case 'AT_SetNotNull':
      return effects('ACCESS EXCLUSIVE', 'blocks-reads-and-writes', 'scans-table')
    case 'AT_ValidateConstraint':
      return effects('SHARE UPDATE EXCLUSIVE', 'scans-table')
    case 'AT_AddConstraint':
      return addConstraint(command.def?.Constraint ?? {})
    default: {
      const mode = LIGHTER.get(subtype) ?? 'ACCESS EXCLUSIVE'
      if (WEAKENING.has(subtype)) return effects(mode, 'weakens-protection')
      return PLAIN.has(subtype) ? effects(mode) : effects(mode, 'unknown')
    }
  }
}

/** Whether a view gets or loses the setting by which it reads with the rights of who asks. */
function setsInvoker(command: Node): boolean {
  const options = (command.def?.List?.items ?? []) as Node[]
  return options.some((item) => item.DefElem?.defname === 'security_invoker')
}

const SERIAL = new Set(['serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8'])

function addColumn(definition: Node): AlterEffects {
  const column = definition.ColumnDef as Node
  const constraints = ((column.constraints ?? []) as Node[]).map((item) => item.Constraint as Node)
  const typeName = ((column.typeName?.names ?? []) as Node[]).at(-1)?.String?.sval as string
  const isWritten = SERIAL.has(typeName) || constraints.some(isFilledRowByRow)
  const isScanned = constraints.some(({ contype }) => SCANNING.has(contype))
  const hazards: Hazard[] = [
    ...(isWritten ? (['rewrites-table'] as const) : []),
    ...(isScanned ? (['scans-table'] as const) : []),
  ]
  return {
    mode: 'ACCESS EXCLUSIVE',
    hazards: hazards.length > 0 ? ['blocks-reads-and-writes', ...hazards] : [],
    references: referencedTables([definition]),
  }
}

/** Constraints of a new column for which the rows are read or an index is built. */
const SCANNING = new Set(['CONSTR_CHECK', 'CONSTR_FOREIGN', 'CONSTR_PRIMARY', 'CONSTR_UNIQUE'])

function addConstraint(constraint: Node): AlterEffects {
  const scan: Hazard[] = constraint.skip_validation ? [] : ['scans-table']
  if (constraint.contype === 'CONSTR_FOREIGN') {
    return {
      mode: 'SHARE ROW EXCLUSIVE',
      hazards: scan.length > 0 ? ['blocks-writes', ...scan] : [],
      references: [lock(constraint.pktable, 'SHARE ROW EXCLUSIVE')],
    }
  }
  if (constraint.indexname) return effects('ACCESS EXCLUSIVE')
  return effects(
    'ACCESS EXCLUSIVE',
    ...(scan.length > 0 ? (['blocks-reads-and-writes', ...scan] as const) : []),
  )
}

/** Functions and casts other than these may differ from row to row, so the table is written anew. */
const STABLE_DEFAULTS = new Set(['now', 'current_timestamp', 'transaction_timestamp', 'current_setting'])

function isFilledRowByRow(constraint: Node): boolean {
  // 'v' is virtual: computed when it is read.
  if (constraint.contype === 'CONSTR_GENERATED') return constraint.generated_kind !== 'v'
  if (constraint.contype === 'CONSTR_IDENTITY') return true
  if (constraint.contype !== 'CONSTR_DEFAULT') return false
  const calls = [...JSON.stringify(constraint.raw_expr).matchAll(/"funcname":(\[.*?\])/g)]
  return calls.some(([, names]) => {
    const last = (JSON.parse(names!) as Node[]).at(-1)?.String?.sval
    return !STABLE_DEFAULTS.has(last)
  })
}
