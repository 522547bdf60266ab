import { typeText } from './type-text.ts'
import { stringsOf, type Node } from './tree.ts'

/** How deep an expression is written out; what is deeper is shown as `…`. */
const DEEPEST = 40

/**
 * An expression in one spelling, whatever its spaces, comments and case were, so that equal texts mean equal expressions.
 * Kinds of nodes that are rare in defaults, checks and policies are written as their tree.
 */
export function expressionText(node: Node | undefined, depth = 0): string {
  if (!node) return ''
  if (depth > DEEPEST) return '…'
  const [kind, value] = Object.entries(node)[0] ?? ['', {}]
  const write = WRITERS[kind]
  return write ? write(value as Node, depth + 1) : treeText(node)
}

const listText = (nodes: Node[] | undefined, depth: number) =>
  (nodes ?? []).map((node) => expressionText(node, depth)).join(', ')

const WRITERS: Record<string, (node: Node, depth: number) => string> = {
  A_Const: constantText,
  ColumnRef: ({ fields }) =>
    (fields as Node[]).map((field) => (field.A_Star ? '*' : (field.String?.sval ?? ''))).join('.'),
  TypeCast: ({ arg, typeName }, depth) => `${expressionText(arg, depth)}::${typeText(typeName)}`,
  FuncCall: ({ funcname, args, agg_star: isStar }, depth) => {
    const name = stringsOf(funcname).filter((part) => part !== 'pg_catalog')
    return `${name.join('.')}(${isStar ? '*' : listText(args, depth)})`
  },
  A_Expr: operatorText,
  BoolExpr: ({ boolop, args }, depth) =>
    boolop === 'NOT_EXPR'
      ? `not (${listText(args, depth)})`
      : `(${(args as Node[])
          .map((arg) => expressionText(arg, depth))
          .join(boolop === 'AND_EXPR' ? ' and ' : ' or ')})`,
  NullTest: ({ arg, nulltesttype }, depth) =>
    `${expressionText(arg, depth)} is ${nulltesttype === 'IS_NULL' ? '' : 'not '}null`,
  CoalesceExpr: ({ args }, depth) => `coalesce(${listText(args, depth)})`,
  A_ArrayExpr: ({ elements }, depth) => `array[${listText(elements, depth)}]`,
  SQLValueFunction: ({ op }) => String(op).replace('SVFOP_', '').toLowerCase(),
  List: ({ items }, depth) => `(${listText(items, depth)})`,
  RowExpr: ({ args }, depth) => `(${listText(args, depth)})`,
  SubLink: sublinkText,
  SelectStmt: selectText,
  ResTarget: ({ name, val }, depth) => `${expressionText(val, depth)}${name ? ` as ${name}` : ''}`,
  RangeVar: ({ schemaname, relname, alias }) =>
    `${schemaname ? `${schemaname}.` : ''}${relname}${alias ? ` ${alias.aliasname}` : ''}`,
  JoinExpr: ({ jointype, larg, rarg, quals, ...rest }, depth) =>
    rest.usingClause || rest.isNatural || rest.alias
      ? treeText({ JoinExpr: { jointype, larg, rarg, quals, ...rest } })
      : `${expressionText(larg, depth)} ${String(jointype).replace('JOIN_', '').toLowerCase()} join ${expressionText(rarg, depth)} on ${expressionText(quals, depth)}`,
}

function sublinkText({ subLinkType, testexpr, operName, subselect }: Node, depth: number): string {
  const query = `(${expressionText(subselect, depth)})`
  if (subLinkType === 'EXISTS_SUBLINK') return `exists ${query}`
  if (subLinkType === 'EXPR_SUBLINK') return query
  if (subLinkType === 'ARRAY_SUBLINK') return `array${query}`
  const sign = stringsOf(operName).at(-1)
  if (subLinkType !== 'ANY_SUBLINK') return `${expressionText(testexpr, depth)} ${sign} all ${query}`
  return `${expressionText(testexpr, depth)} ${sign ? `${sign} any` : 'in'} ${query}`
}

/** What a query of the plain form has; one that has more is written as its tree. */
const PLAIN = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op', 'groupDistinct'])

function selectText(node: Node, depth: number): string {
  const isPlain = Object.entries(node).every(([key, value]) => PLAIN.has(key) || value === false)
  if (!isPlain || (node.op !== undefined && node.op !== 'SETOP_NONE')) return treeText({ SelectStmt: node })
  const from = node.fromClause ? ` from ${listText(node.fromClause, depth)}` : ''
  const where = node.whereClause ? ` where ${expressionText(node.whereClause, depth)}` : ''
  return `select ${listText(node.targetList, depth)}${from}${where}`
}

function constantText(node: Node): string {
  if (node.isnull) return 'null'
  if (node.sval) return `'${String(node.sval.sval ?? '').replaceAll("'", "''")}'`
  if (node.boolval) return String(node.boolval.boolval ?? false)
  if (node.ival) return String(node.ival.ival ?? 0)
  return String(node.fval?.fval ?? node.bsval?.bsval ?? '')
}

function operatorText({ kind, name, lexpr, rexpr }: Node, depth: number): string {
  const sign = stringsOf(name).at(-1) ?? ''
  const left = expressionText(lexpr, depth)
  const right = expressionText(rexpr, depth)
  if (kind === 'AEXPR_IN') return `${left} ${sign === '=' ? 'in' : 'not in'} ${right}`
  if (kind === 'AEXPR_OP_ANY') return `${left} ${sign} any (${right})`
  if (kind === 'AEXPR_OP_ALL') return `${left} ${sign} all (${right})`
  const word = kind === 'AEXPR_OP' ? sign : `${String(kind).replace('AEXPR_', '').toLowerCase()} ${sign}`
  return `${left} ${word} ${right}`.trim()
}

function treeText(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => (/location$|^stmt_/.test(key) ? undefined : value))
}
