import { sqlOfCalls, type ArgumentToken, type BuilderChain, type BuiltSql } from './builder-sql.ts'
import type { Literal, TokenSink } from './source.ts'

/** A first look at a file: whether it calls a query builder whose calls are read. */
export const USES_BUILDER = /\.(?:from|table)\s*\(\s*["'`]|\b(?:knex|trx)\s*\(\s*["'`]/

export type BuiltQuery = { at: number; sql: BuiltSql & { text: string } }

type Options = { text: string; lineOf: (offset: number) => number; found: (query: BuiltQuery) => void }
type Token = { kind: ArgumentToken['kind']; text: string; at: number }

/** A longer chain, or one with more in its brackets, is not read on. */
const MOST_TOKENS = 5000
/** More of the calls is not shown. */
const LONGEST_TEXT = 400
const FIRST_CALLS = /^(?:select|insert|update|upsert|delete)$/
const KNEX_CALLS =
  /^(?:select|insert|update|delete|del|where|whereIn|whereNot|whereNull|whereNotNull|first|returning|onConflict|orderBy|count|pluck|limit)$/

/** What `from` belongs to where no table is meant: `Array.from`, the files of a store. */
const NO_TABLES = /^(?:Array|Buffer|storage|Uint8Array|Set|Map|Object|Observable|Readable)$/i

/** Finds `.from('table').select(...)` of supabase-js and `knex('table')`, whose names of tables and columns are literals. */
export class BuilderReader implements TokenSink {
  readonly #options: Options
  /** The last tokens outside a chain, enough to see `x.schema('s').from('t').select`. */
  #recent: Token[] = []
  #chain: (BuilderChain & { at: number; size: number }) | null = null
  /** Within a chain: in the brackets of its last call, after them, or after the dot that follows. */
  #state: 'call' | 'after' | 'dot' | 'method' = 'after'
  #depth = 0
  /** Where the last call of the chain ends. */
  #end = 0

  constructor(options: Options) {
    this.#options = options
  }

  literal({ parts }: Literal, at: number) {
    const [part] = parts ?? []
    const isPlain = parts?.length === 1 && part?.isHole === false
    const text = isPlain
      ? this.#options.text.slice(part!.start, Math.min(part!.end, part!.start + 4000))
      : '\0'
    this.#take({ kind: 'literal', text, at })
  }

  word(word: string, at: number) {
    this.#take({ kind: 'word', text: word, at })
  }

  mark(character: string, at: number) {
    this.#take({ kind: 'mark', text: character, at })
  }

  lineEnd() {
    // Chains go over lines.
  }

  done() {
    this.#finish()
  }

  #take(token: Token) {
    if (!this.#chain) return this.#outside(token)
    if (this.#state === 'call') return this.#inside(token)
    const { kind, text } = token
    if (this.#state === 'after' && text === '.' && kind === 'mark') this.#state = 'dot'
    else if (this.#state === 'dot' && kind === 'word') {
      this.#state = 'method'
      this.#chain.calls.push({ method: text, line: this.#options.lineOf(token.at), tokens: [] })
    } else if (this.#state === 'method' && text === '(' && kind === 'mark') {
      this.#state = 'call'
      this.#depth = 0
    } else if (!(this.#state === 'dot' && /[?!]/.test(text))) {
      this.#finish()
      this.#outside(token)
    }
  }

  #inside({ kind, text, at }: Token) {
    const chain = this.#chain!
    const isClosing = kind === 'mark' && /[)\]}]/.test(text)
    if (isClosing && this.#depth === 0) {
      this.#state = 'after'
      this.#end = at + 1
      return
    }
    if (isClosing) this.#depth -= 1
    chain.size += 1
    if (chain.size < MOST_TOKENS) {
      chain.calls.at(-1)!.tokens.push({ kind, text, depth: this.#depth, line: this.#options.lineOf(at) })
    }
    if (kind === 'mark' && /[([{]/.test(text)) this.#depth += 1
  }

  #outside(token: Token) {
    this.#recent.push(token)
    if (this.#recent.length > 24) this.#recent = this.#recent.slice(-12)
    const [open, name, close, dot, method] = this.#recent.slice(-5)
    if (token.kind !== 'word' || !method || dot?.text !== '.' || close?.text !== ')' || open?.text !== '(')
      return
    if (name?.kind !== 'literal' || !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/.test(name.text)) return
    const before = this.#recent.slice(0, -5)
    const style = styleOf(before, method.text)
    if (!style) return
    const [table, schema = schemaOf(before)] = name.text.split('.').toReversed() as [string, string?]
    const at = (before.at(-3) ?? name).at
    this.#chain = { style, schema: schema ?? null, table, calls: [], at, size: 0 }
    this.#state = 'method'
    this.#chain.calls.push({ method: method.text, line: this.#options.lineOf(name.at), tokens: [] })
    this.#recent = []
  }

  #finish() {
    const chain = this.#chain
    this.#chain = null
    if (!chain || chain.size >= MOST_TOKENS) return
    const sql = sqlOfCalls(chain)
    if (!sql) return
    const source = this.#options.text.slice(chain.at, Math.min(this.#end, chain.at + LONGEST_TEXT))
    this.#options.found({ at: chain.at, sql: { ...sql, text: source.replaceAll(/\s+/g, ' ') } })
  }
}

function styleOf(before: Token[], method: string): BuilderChain['style'] | null {
  const [owner, dot, name] = before.slice(-3)
  if (/^(?:knex|trx)$/.test(name?.text ?? '') && dot?.text !== '.')
    return KNEX_CALLS.test(method) ? 'knex' : null
  if (dot?.text !== '.' || !/^(?:from|table)$/.test(name?.text ?? '')) return null
  return FIRST_CALLS.test(method) && !NO_TABLES.test(owner?.text ?? '') ? 'supabase' : null
}

/** Of `.schema('s').from(`: the tokens before end with these. */
function schemaOf(before: Token[]): string | undefined {
  const [schema, open, name, close] = before.slice(-6, -2)
  const isSchema = schema?.text === 'schema' && open?.text === '(' && close?.text === ')'
  return isSchema && name?.kind === 'literal' ? name.text : undefined
}
