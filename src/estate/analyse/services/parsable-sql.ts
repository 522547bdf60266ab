import { holeName } from '../inventory/query-scope.ts'
import {
  CLAUSES,
  FROM_CALLS,
  isBeforeOperand,
  kindOfHole,
  mayJoin,
  TABLE_WORDS,
  type HoleKind,
  type Level,
  type Place,
} from './hole-places.ts'
import { HOLE, type JoinedText } from './joined-text.ts'
import { lineAtMark, type LineMark } from './line-marks.ts'
import { RewrittenText } from './rewritten-text.ts'
import { sqlTokens, type SqlToken } from './sql-tokens.ts'

/** A part of a statement that only the running program knows. */
export type SqlHole = { kind: HoleKind; source: string; line: number }

export type ParsableSql = {
  text: string
  holes: SqlHole[]
  /** What stands for `$1`, `$2`, ... of the text: the parameter as the program writes it. */
  parameters: string[]
  lines: LineMark[]
}

/** Numbers of `$n` beyond this are nobody's parameters. */
const MOST_NATIVE = 2000

/** Rewrites a program's SQL into what the server's parser takes. One pass over the tokens; any text is taken. */
export function makeParsable(joined: JoinedText): ParsableSql {
  const writer = new Writer(joined)
  let waiting: SqlToken | null = null
  for (const token of sqlTokens(joined.text)) {
    // A hole is placed when the token after it is known.
    if (waiting && token.kind === 'space') {
      writer.spaceAfter = token
      continue
    }
    if (waiting) writer.unknown(waiting, token)
    waiting = token.kind === 'hole' || token.kind === 'parameter' ? token : null
    if (!waiting) writer.known(token)
  }
  if (waiting) writer.unknown(waiting, null)
  return writer.done()
}

class Writer {
  spaceAfter: SqlToken | null = null
  readonly #joined: JoinedText
  readonly #out: RewrittenText
  readonly #holes: SqlHole[] = []
  readonly #parameters: string[] = []
  readonly #named = new Map<string, number>()
  readonly #levels: Level[] = [{ clause: '', of: '' }]
  #nextHole = 0
  #before: Place['before'] = 'start'
  #word = ''
  #wordBefore = ''
  #isTableDue = false
  #isDotDropped = false

  constructor(joined: JoinedText) {
    this.#joined = joined
    this.#out = new RewrittenText(joined.lines)
    for (const [, digits] of joined.text.matchAll(/\$(\d{1,4})(?!\d)/g)) {
      const number = Math.min(Number(digits), MOST_NATIVE)
      for (let next = this.#parameters.length + 1; next <= number; next++) this.#parameters.push(`$${next}`)
    }
  }

  get #level() {
    return this.#levels.at(-1)!
  }

  done(): ParsableSql {
    return {
      ...this.#out.done(),
      holes: this.#holes,
      parameters: this.#parameters,
    }
  }

  /** A token that says what it is. */
  known(token: SqlToken) {
    const { kind, text } = token
    if (kind === 'space') return this.#out.write(this.#plain(text, ' '), token.at)
    if (kind === 'quoted') this.#out.write(this.#plain(text, '1'), token.at)
    else if (kind === 'identifier') this.#out.write(this.#quotedName(text), token.at)
    else if (kind === 'mark' && text === '.' && this.#isDotDropped) {
      this.#isDotDropped = false
      return
    } else this.#out.write(text, token.at)
    if (kind === 'word') this.#afterWord(text.toLowerCase())
    else if (kind === 'mark') this.#afterMark(text)
    else this.#afterOperand(kind === 'identifier')
  }

  /** A hole or a parameter, with the token after it. */
  unknown(token: SqlToken, next: SqlToken | null) {
    const space = this.spaceAfter
    this.spaceAfter = null
    if (!this.#native(token)) this.#place(token, next)
    if (space) this.known(space)
  }

  /** What the parser takes as it is: `$1`, the operator `?`, and a colon in a slice. */
  #native(token: SqlToken): boolean {
    const { text, kind } = token
    if (kind !== 'parameter') return false
    const isSlice = this.#level.of === '[' && text.startsWith(':')
    const isOperator = this.#before === 'operand' && !this.#isTableDue
    if (text === '%%' || (text === '??' && isOperator)) {
      this.#out.write(text[0]!, token.at)
      this.#before = 'operator'
      return true
    }
    if (isSlice || (isOperator && /^(?:\?|@\w+)$/.test(text))) {
      this.#out.write(text, token.at)
      this.#before = isSlice ? 'operand' : 'operator'
      return true
    }
    if (!/^\$\d{1,4}$/.test(text)) return false
    this.#out.write(
      /^(?:in|values)$/.test(this.#word) && this.#before === 'keyword' ? `(${text})` : text,
      token.at,
    )
    this.#afterOperand()
    return true
  }

  #place(token: SqlToken, next: SqlToken | null) {
    const isHole = token.text.includes(HOLE)
    const holes = isHole ? this.#takeHoles(token.text) : []
    const source = isHole ? holes.map((hole) => hole.source).join(' ') : token.text
    const place: Place = {
      level: this.#level,
      before: this.#before,
      word: this.#word,
      isTableDue: this.#isTableDue,
      next: next?.text[0] ?? '',
      nextWord: next?.kind === 'word' ? next.text.toLowerCase() : '',
      source,
    }
    // As in `users_${year}`: a name, whatever is put in.
    const isGlued = token.kind === 'hole' && token.text !== HOLE
    const found = kindOfHole(place)
    const kind = isGlued && /^(?:value|fragment|operator)$/.test(found) ? 'name' : found
    if (isHole || kind !== 'value')
      this.#holes.push({ kind, source, line: lineAtMark(this.#joined.lines, token.at) })
    this.#out.write(this.#textFor(kind, place), token.at, token.text.length)
    this.#after(kind, place)
  }

  /** The holes of a token that may hold several. */
  #takeHoles(text: string) {
    const count = text.split(HOLE).length - 1
    const from = this.#nextHole
    this.#nextHole += count
    return this.#joined.holes.slice(from, this.#nextHole)
  }

  #textFor(kind: HoleKind, place: Place): string {
    const name = holeName(this.#holes.length)
    switch (kind) {
      case 'value': {
        if (/^(?:interval|date|timestamp|timestamptz)$/.test(place.word) && place.before === 'keyword')
          return "'1'"
        if (place.word === 'is' && place.before === 'keyword') return 'null'
        const parameter = this.#parameter(place.source)
        const isList = place.before === 'keyword' && /^(?:in|values)$/.test(place.word)
        return isList && place.next !== '(' ? `(${parameter})` : parameter
      }
      case 'schema':
        this.#isDotDropped = true
        return ''
      case 'table':
      case 'name':
        return name
      case 'column':
        return place.level.of === 'definitions' ? `${name} text` : name
      case 'query':
        if (place.word === 'with') return `${name} as (select 1)`
        return place.before === 'open' ? 'select 1' : '(select 1)'
      case 'assignment':
        return `${name} = null`
      case 'operator':
        return '='
      case 'type':
        return 'text'
      case 'fragment':
        return mayJoin(place) ? `, ${name}` : ''
    }
  }

  #parameter(source: string): string {
    const isNamed = !/^\?{1,2}$|^%[a-zA-Z]$/.test(source)
    const known = isNamed ? this.#named.get(source) : undefined
    if (known !== undefined) return `$${known}`
    this.#parameters.push(source)
    if (isNamed) this.#named.set(source, this.#parameters.length)
    return `$${this.#parameters.length}`
  }

  #after(kind: HoleKind, { before }: Place) {
    if (kind === 'fragment') {
      if (before !== 'start') this.#before = before
    } else if (kind === 'operator') this.#before = 'operator'
    else if (kind === 'schema') this.#before = 'keyword'
    else this.#afterOperand(kind === 'table')
  }

  /** `table-name` stays the word behind the dot of a schema, since the table's own name follows. */
  #afterOperand(isName = false) {
    const isTable = this.#isTableDue || (this.#before === 'dot' && this.#word === 'table-name')
    this.#before = 'operand'
    this.#isTableDue = false
    this.#word = isName && isTable ? 'table-name' : ''
  }

  #afterWord(word: string) {
    const level = this.#level
    const isName = this.#before === 'dot' || this.#isTableDue
    const wasWord = this.#wordBefore
    this.#wordBefore = word
    const isQualifier = /^(?:only|lateral|if|not|exists|concurrently|table)$/.test(word)
    if (isName && !isQualifier && !(word === 'select' || word === 'set')) {
      this.#afterOperand(true)
      if (this.#word === '') this.#word = word
      return
    }
    const isDistinct = word === 'from' && wasWord === 'distinct'
    const isCall = word === 'from' && FROM_CALLS.has(level.of)
    const isAction = word === 'update' && /^(?:for|do|on|key|before|after|or)$/.test(wasWord)
    const isOfTable = word === 'on' && level.clause === 'create'
    if (CLAUSES.has(word) && !isDistinct && !isCall && !isOfTable)
      level.clause = word === 'join' ? 'from' : word
    this.#word = word
    this.#before = isBeforeOperand(word) || CLAUSES.has(word) || isQualifier ? 'keyword' : 'operand'
    if (isOfTable || (TABLE_WORDS.has(word) && !isDistinct && !isCall && !isAction)) this.#isTableDue = true
    else if (!isQualifier) this.#isTableDue = false
  }

  #afterMark(mark: string) {
    if (mark === '(' || mark === '[') {
      this.#levels.push({ clause: '', of: mark === '[' ? '[' : this.#bracketsOf() })
      this.#before = 'open'
      this.#isTableDue = false
    } else if (mark === ')' || mark === ']') {
      if (this.#levels.length > 1) this.#levels.pop()
      this.#afterOperand()
    } else if (mark === '.') {
      this.#before = 'dot'
      return
    } else if (mark === ',') {
      this.#before = 'comma'
      this.#isTableDue = this.#level.clause === 'from'
    } else if (mark === ';') {
      this.#levels.splice(1)
      this.#level.clause = ''
      this.#before = 'start'
      this.#isTableDue = false
    } else if (mark === '*' && /^(?:keyword|dot|comma|open)$/.test(this.#before)) this.#before = 'operand'
    else this.#before = mark === '::' ? 'cast' : 'operator'
    this.#word = ''
  }

  /** What an opening bracket belongs to, by the word before it and the clause it stands in. */
  #bracketsOf(): string {
    const { clause } = this.#level
    if (this.#isTableDue) return 'table'
    if (this.#word === 'table-name' && clause === 'into') return 'columns'
    if (this.#word === 'table-name' && clause === 'create') return 'definitions'
    if (this.#word === 'conflict') return 'conflict'
    if (this.#word === 'using' && clause === 'using') return 'using'
    if (this.#word === 'as' && clause === 'with') return 'cte'
    if (this.#word === 'materialized') return 'cte'
    return this.#word
  }

  /** Text in which a hole needs no name of its own. */
  #plain(text: string, filler: string) {
    if (text.includes(HOLE)) this.#noteInner(text)
    return text.replaceAll(HOLE, filler)
  }

  #quotedName(text: string) {
    if (!text.includes(HOLE)) return text
    this.#noteInner(text)
    const kind: HoleKind = this.#isTableDue ? 'table' : 'column'
    const last = this.#holes.at(-1)!
    this.#holes[this.#holes.length - 1] = { ...last, kind }
    return `"${holeName(this.#holes.length)}"`
  }

  #noteInner(text: string) {
    for (const hole of this.#takeHoles(text)) this.#holes.push({ kind: 'value', ...hole })
  }
}
