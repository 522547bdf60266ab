import { csharp } from './languages/csharp.ts'
import { go } from './languages/go.ts'
import { java, kotlin } from './languages/java.ts'
import { php } from './languages/php.ts'
import { python } from './languages/python.ts'
import { ruby } from './languages/ruby.ts'
import { script } from './languages/script.ts'
import { matchAt, Source, type Language, type Literal, type TokenSink } from './source.ts'

const LANGUAGES: Record<string, Language> = {
  py: python,
  pyw: python,
  pyi: python,
  js: script,
  jsx: script,
  mjs: script,
  cjs: script,
  ts: script,
  tsx: script,
  mts: script,
  cts: script,
  vue: script,
  svelte: script,
  go,
  rb: ruby,
  rake: ruby,
  php,
  java,
  kt: kotlin,
  kts: kotlin,
  cs: csharp,
}

/** Endings of the files whose strings are read. */
export const SERVICE_ENDINGS: readonly string[] = Object.keys(LANGUAGES)

export function languageOf(path: string): Language | null {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(LANGUAGES, ending) ? LANGUAGES[ending]! : null
}

const SPACE = /[\s\ufeff]/
const WORD = /[\w$\u0080-\u009f\u00a1-\ufefe\uff00-\uffff]+/y
/** Words after which a value begins, so that a slash opens a regular expression and a parenthesis groups. */
const BEFORE_VALUE =
  /^(?:return|await|in|of|and|or|not|if|elif|else|unless|while|until|when|yield|throw|case|typeof|do|then|puts|print|echo)$/

/** Hands the tokens of a source file to `sink`. One pass, no recursion; any text is taken. */
export function scanSource(language: Language, text: string, sink: TokenSink) {
  const source = new Source(text)
  const { starts, prefixes = '' } = language
  let at = language.codeFrom?.(source) ?? 0
  while (at < text.length) {
    const character = text[at]!
    if (character === '\n') {
      at = Math.max(at + 1, source.heredocsEnd)
      sink.lineEnd()
      continue
    }
    if (character === ' ' || SPACE.test(character)) {
      at += 1
      continue
    }
    const next =
      starts.includes(character) || prefixes.includes(character) ? special(source, at, language) : null
    if (next) {
      if (!next.isComment) {
        sink.literal(next, at)
        source.isAfterOperand = true
      }
      at = next.end
    } else at += plain(source, at, sink)
  }
  sink.done(text.length)
}

/** A comment or a literal. */
function special(source: Source, at: number, language: Language): (Literal & { isComment?: boolean }) | null {
  const comment = matchAt(language.comment, source.text, at)
  if (comment && comment[0] !== '') return { end: at + comment[0].length, parts: null, isComment: true }
  const literal = language.literal(source, at)
  return literal && literal.end > at ? literal : null
}

/** Hands on a word or a single character, and says how long it is. */
function plain(source: Source, at: number, sink: TokenSink): number {
  const word = matchAt(WORD, source.text, at)?.[0]
  if (word) {
    const isBeforeValue = BEFORE_VALUE.test(word)
    sink.word(word, at, isBeforeValue)
    source.isAfterOperand = !isBeforeValue
    return word.length
  }
  const character = source.text[at]!
  if (character === '\\') {
    // A backslash before the line's end takes the line on.
    const lineEnd = /^\r?\n/.exec(source.text.slice(at + 1, at + 3))
    if (lineEnd) return 1 + lineEnd[0].length
  }
  sink.mark(character, at)
  source.isAfterOperand = character === ')' || character === ']' || character === '}'
  return 1
}
