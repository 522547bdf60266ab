/** What a hole stands for, as far as its place says. */
export type HoleKind =
  | 'value'
  | 'table'
  | 'schema'
  | 'column'
  | 'name'
  | 'query'
  | 'assignment'
  | 'operator'
  | 'type'
  | 'fragment'

/** What is open where a token stands: the whole statement, or a pair of brackets. */
export type Level = {
  /** The keyword that the tokens belong to: `from`, `where`, `set`, ... */
  clause: string
  /** What the brackets belong to: the columns of an insert, a list of values, the call of a function, ... */
  of: string
}

/** What stands around a hole. `before` is the last token's class, `word` its text in lower case. */
export type Place = {
  level: Level
  before: 'start' | 'keyword' | 'operand' | 'operator' | 'comma' | 'open' | 'dot' | 'cast'
  word: string
  /** Whether a table's name is due. */
  isTableDue: boolean
  /** First character and first word, in lower case, of what comes after. */
  next: string
  nextWord: string
  /** The code in the hole. */
  source: string
}

/** Words that say what the tokens after them belong to. */
export const CLAUSES = new Set(
  (
    'select from where set order group having limit offset on using values returning union intersect except into ' +
    'update with and or when window fetch join create alter drop'
  ).split(' '),
)
/** Functions that have a `from` of their own, after which no table stands. */
export const FROM_CALLS = new Set(['extract', 'substring', 'trim', 'overlay', 'position', 'date_part'])
/** Words after which a table's name is due. */
export const TABLE_WORDS = new Set(['from', 'join', 'into', 'update', 'table', 'only', 'truncate'])

/** Words after which an expression is due; after any other word an operator or another clause is. */
const BEFORE_OPERAND = new Set(
  (
    'select distinct all where and or not on having when then else case between like ilike in is by set values limit ' +
    'offset returning from join into update as to any some using with interval date timestamp timestamptz default ' +
    'exists for only table call similar escape cast array filter over lateral first next if'
  ).split(' '),
)

export const isBeforeOperand = (word: string) => BEFORE_OPERAND.has(word)

/** Objects whose name follows, none of them a table that is read. */
const DDL_NAMES = new Set([
  'schema',
  'view',
  'index',
  'type',
  'function',
  'extension',
  'sequence',
  'trigger',
  'policy',
  'exists',
])
const NAME_LISTS = new Set(['columns', 'conflict', 'using', 'definitions'])
const QUERIES = new Set(['table', 'exists', 'cte', 'lateral'])

/** What a hole stands for in its place. */
export function kindOfHole(place: Place): HoleKind {
  const { before, word, next, level } = place
  if (next === '.' && before !== 'dot') return place.isTableDue ? 'schema' : 'name'
  if (place.isTableDue) return 'table'
  if (before === 'dot') return word === 'table-name' ? 'table' : 'column'
  if (before === 'cast') return 'type'
  if (isDdlName(place)) return 'name'
  if (before === 'operand') return isOperator(place) ? 'operator' : 'fragment'
  if (before === 'start') return 'fragment'
  if (before === 'open' && QUERIES.has(level.of)) return 'query'
  if ((before === 'open' || before === 'comma') && NAME_LISTS.has(level.of)) return 'column'
  if (before === 'keyword') {
    if (word === 'as') return /^(?:with|create)$/.test(level.clause) ? 'query' : 'name'
    if (word === 'with') return 'query'
    if (word === 'conflict') return 'fragment'
    if (word === 'using' && next !== '(') return 'table'
  }
  if (
    level.clause === 'set' &&
    (level.of === '' || level.of === 'cte') &&
    (word === 'set' || before === 'comma')
  ) {
    return next === '=' ? 'column' : 'assignment'
  }
  return next === '(' && before !== 'comma' && !/^(?:in|values|any)$/.test(word) ? 'name' : 'value'
}

const isDdlName = ({ before, word, level }: Place) =>
  before !== 'open' && DDL_NAMES.has(word) && level.of === '' && /^(?:|create|alter)$/.test(level.clause)

/** `a ${op} $1`: between two operands stands an operator. */
function isOperator({ next, nextWord, level, source }: Place): boolean {
  if (!/^(?:where|on|having|and|or|when)$/.test(level.clause)) return false
  if (/where|filter|cond|clause|order|limit|sort/i.test(source)) return false
  return /['$?:%\uffff\d@]/.test(next) || /^(?:any|all)$/.test(nextWord)
}

/** Whether what is put in may be another table: then columns without a table's name may be of it. */
export function mayJoin({ level, source, nextWord }: Place): boolean {
  if (level.clause !== 'from') return false
  if (/where|filter|cond|order|limit|sort|page|paging/i.test(source)) return false
  return /join|from|table/i.test(source) || /^(?:where|join|left|right|inner|cross|full|on)$/.test(nextWord)
}
